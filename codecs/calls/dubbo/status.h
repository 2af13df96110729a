// An answer's status, and the common model's Outcome.
//
// 20 has a body of its own (result.h); every other status has a text. A consumer takes any of those for a
// broken network and repeats the call, twice as it comes (the failover cluster), so nothing is told this way
// that may have run. Stateless, any thread. Source: apache/dubbo 3.3 Response.java, DefaultFuture.java,
// FailoverClusterInvoker.java.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/outcome.h"

namespace koine::codecs::calls::dubbo {

enum AnswerStatus : std::uint8_t {
  status_ok = 20,
  status_serialization_error = 25,
  status_client_timeout = 30,
  status_server_timeout = 31,
  status_channel_inactive = 35,
  status_bad_request = 40,
  status_bad_response = 50,
  status_service_not_found = 60,
  status_service_error = 70,
  status_server_error = 80,
  status_client_error = 90,
  status_pool_exhausted = 100,
};

// The text in front of a Java stack trace, which is nobody's business but the provider's.
std::string_view without_stack_trace(std::string_view text);

// What a provider's status other than 20, and its text, mean.
model::Outcome outcome_from_status(std::uint8_t status, std::string text);
// The status that says how a call ended whose provider never saw it; status_ok: it has to be said by an
// exception.
std::uint8_t status_from_outcome(const model::Outcome& outcome);
// What is said with it, well-formed.
std::string status_text(const model::Outcome& outcome);

}  // namespace koine::codecs::calls::dubbo
