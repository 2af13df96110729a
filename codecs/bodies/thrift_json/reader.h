// Reading the struct of a message in Thrift's JSON protocol: checked, and rewritten in the binary protocol.
//
// As strict as libthrift, which reads by position: integers without fraction or exponent, not in quotes but
// as keys of maps; bools 1 and 0; exactly as many elements as the count says. Kinder in one thing, which no
// writer needs and people do: white space. Refused besides: what is not JSON (WIRE_MALFORMED,
// WIRE_TRUNCATED), text that is not UTF-8 (MAP_UTF8), numbers beyond their type (MAP_RANGE), `str` that
// should be base64 and `uid` that is no UUID (MAP_TYPE), nesting (LIMIT_DEPTH). Errors carry the path of the
// value, by the shape's names, else by ids. Fields that the shape does not know, or of another type than it
// says, are rewritten as they are, `str` as text: whoever reads the binary form decides on them.
//
// No heap unless it fails. One thread; any number of them may share a shape.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/buffer.h"
#include "base/result.h"
#include "base/status.h"
#include "codecs/bodies/thrift_json/shape.h"
#include "codecs/bodies/thrift_json/sink.h"

namespace koine::codecs::bodies::thrift_json {

// Writes the struct that `text` holds, and nothing else, to `out` as a binary struct. `shape` may be null:
// nothing is known. LIMIT_MESSAGE when it does not fit `out`.
base::Status to_binary(base::Bytes text, const StructShape* shape, std::size_t nesting_max, Sink& out);

// Is `text` one whole struct, nested no deeper than allowed? Errors as above.
base::Status walk(base::Bytes text, std::size_t nesting_max);

// The id of the first field, none for an empty struct: what a result holds, its value (0) or an exception.
// Looks no further; errors as above.
base::Result<std::optional<std::int32_t>> first_field(base::Bytes text);

}  // namespace koine::codecs::bodies::thrift_json
