// A request's body in Hessian2: what is called, the arguments, the attachments.
//
//   text Dubbo's version ("2.0.2") · text service · text version of the service · text method ·
//   text descriptor of the parameters · the arguments · the attachments
//
// All of it is one Hessian stream, so that the attachments may refer to what is in the arguments. A service's
// key is group/service:version, as Dubbo itself writes it; no group, and a version that is empty, "0.0.0" or
// "*", leave their part out. Stateless, any thread.
// Source: apache/dubbo 3.3 DubboCodec.encodeRequestData, DecodeableRpcInvocation.java, GroupServiceKeyCache.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/status.h"
#include "codecs/bodies/hessian2/walk.h"
#include "model/call.h"

namespace koine::codecs::calls::dubbo {

struct ServiceKey {
  std::string_view group;
  std::string_view service;
  std::string_view version;
};
ServiceKey split_service_key(std::string_view key);
std::string join_service_key(const ServiceKey& key);
// Can its parts be told apart again when they are joined? Else it would be another service's key.
bool is_service_key(const ServiceKey& key);

struct Invocation {
  model::CallHead head;  // protocol, service (its key), method, signature, metadata, timeout, trace
  std::size_t arguments_at = 0;
  std::size_t arguments_size = 0;
  // Does the caller's version take attachments beside an answer?
  bool takes_attachments = false;
};

// ---- what requests in every serialization have (fastjson2.h)

// The texts in front of the arguments, in their order.
enum Word : std::size_t { word_dubbo, word_service, word_version, word_method, word_signature, word_count };
std::string_view word_name(std::size_t word);
base::Status malformed_request(std::string_view what);
// LIMIT_HEADERS; WIRE_MALFORMED at the last where no service or method was said.
base::Status take_word(std::size_t word, std::string_view text, const base::Limits& limits, Invocation& out);
// Makes the service of `head` its key. LIMIT_HEADERS, WIRE_MALFORMED.
base::Status take_key(std::string_view group, std::string_view version, const base::Limits& limits,
                      model::CallHead& head);
// The version as a provider is told it.
std::string_view told_version(const ServiceKey& key);

// ---- in Hessian2

// Reads a body in one piece. WIRE_MALFORMED, WIRE_TRUNCATED, LIMIT_DEPTH, LIMIT_HEADERS: then `out.head` has
// what could be read of service and method.
base::Status read_invocation(base::Bytes body, bodies::hessian2::Walker& walker, const base::Limits& limits,
                             Invocation& out);
// What stands in front of the arguments, and what stands behind them.
void append_invocation_begin(std::string& out, const model::CallHead& head);
void append_invocation_end(std::string& out, const model::CallHead& head);

}  // namespace koine::codecs::calls::dubbo
