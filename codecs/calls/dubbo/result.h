// An answer's body in Hessian2, where its status is 20: an int that says what follows, that, and attachments.
//
//   0 an exception   1 a value   2 null, or nothing (void)      3, 4, 5: the same, and attachments behind it
//
// What comes behind all that is no matter: dubbo-go writes one N more. Stateless, any thread.
// Source: apache/dubbo 3.3 DubboCodec.encodeResponseData, DecodeableRpcResult.java.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/status.h"
#include "codecs/bodies/hessian2/walk.h"
#include "model/call.h"

namespace koine::codecs::calls::dubbo {

enum ResultType : std::uint8_t { result_exception = 0, result_value = 1, result_null = 2 };
inline constexpr std::int32_t result_attachments_from = 3;
inline constexpr std::int32_t result_types = 2 * result_attachments_from;

struct Result {
  bool is_exception = false;
  // Of the value or the exception; nothing has the lead of null for its only byte.
  std::size_t value_at = 0;
  std::size_t value_size = 0;
  bool is_null = false;  // there are no bytes of it
  model::Metadata metadata;
};

// Reads a body in one piece. WIRE_MALFORMED, LIMIT_DEPTH, LIMIT_HEADERS.
base::Status read_result(base::Bytes body, bodies::hessian2::Walker& walker, const base::Limits& limits,
                         Result& out);
// What stands in front of the value: `is_null` where there is none.
void append_result_begin(std::string& out, bool is_exception, bool is_null, bool with_attachments);

}  // namespace koine::codecs::calls::dubbo
