// TApplicationException: how a Thrift call ends when it did not reach its declared end, and what that is in
// the common model.
//
//   struct TApplicationException { 1: string message, 2: i32 type }
//
// Text from and to Koine begins with "[NOT_FOUND] ", the name of the common code, since the type has room
// for few of them; docs/errors.md has the table of codes. Pure functions, any thread.
// Source: apache/thrift lib/cpp/src/thrift/TApplicationException.{h,cpp}.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/result.h"
#include "model/call.h"
#include "model/outcome.h"

namespace koine::codecs::calls::thrift {

enum class ExceptionType : std::int32_t {
  unknown = 0,
  unknown_method = 1,
  invalid_message_type = 2,
  wrong_method_name = 3,
  bad_sequence_id = 4,
  missing_result = 5,
  internal_error = 6,
  protocol_error = 7,
  invalid_transform = 8,
  invalid_protocol = 9,
  unsupported_client_type = 10,
};

struct ApplicationException {
  std::string message;    // bytes as the peer sent them
  std::int32_t type = 0;  // may be none of ExceptionType
};

// The struct behind an EXCEPTION header. Unknown fields are stepped over, missing ones keep their defaults,
// bytes behind the struct are an error. WIRE_MALFORMED when it cannot be read.
base::Result<ApplicationException> decode_application_exception(model::BodyFormat format, base::Bytes body,
                                                                std::size_t nesting_max);
void append_application_exception(base::Buffer& out, model::BodyFormat format, std::string_view message,
                                  std::int32_t type);

// What a provider's exception means: Outcome.native_* hold what it was, exactly.
model::Outcome outcome_from_exception(const ApplicationException& exception);
// What a Thrift caller is told of an outcome that is neither OK nor declared: a Thrift provider's own
// exception byte by byte, anything else as UTF-8, which readers of many languages insist on.
ApplicationException exception_from_outcome(const model::Outcome& outcome);

}  // namespace koine::codecs::calls::thrift
