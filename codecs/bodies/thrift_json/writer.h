// Writing a struct of the binary protocol in Thrift's JSON protocol, as libthrift's TJSONProtocol does: no
// white space, escapes as its own, base64 without padding; doubles in the fewest digits that read back.
// No heap unless it fails. One thread; any number of them may share a shape.
#pragma once

#include <cstddef>

#include "base/buffer.h"
#include "base/status.h"
#include "codecs/bodies/thrift_json/shape.h"
#include "codecs/bodies/thrift_json/sink.h"

namespace koine::codecs::bodies::thrift_json {

// Appends the struct that `binary` holds, and nothing else, to `out`. `shape` says which strings are octets;
// null: none. Errors, with the path: MAP_UTF8 for text that JSON cannot hold, MAP_TYPE for keys that are
// structs or containers, WIRE_TRUNCATED and WIRE_MALFORMED for what is no binary struct, LIMIT_DEPTH,
// LIMIT_MESSAGE when it does not fit `out`.
base::Status from_binary(base::Bytes binary, const StructShape* shape, std::size_t nesting_max, Sink& out);

}  // namespace koine::codecs::bodies::thrift_json
