// TJSONProtocol's message around its body, and the little of a body that the call codec looks at.
//
//   [1,"name",type,seqid,{…}]        version 1; type and seqid are plain numbers; the body is one object
//   {"1":{"str":"boom"},"2":{"i32":6}}                                     a TApplicationException
//
// White space may stand between all of these. Method names have no escapes. Pure functions, any thread.
// Source: apache/thrift lib/cpp/src/thrift/protocol/TJSONProtocol.{h,cpp}; there is no specification.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "codecs/calls/thrift/message_begin.h"

namespace koine::codecs::calls::thrift {

struct ApplicationException;

// See parse_message_begin(), which comes here for a message that begins with '['.
MessageBegin parse_json_begin(base::Bytes bytes, std::size_t message_bytes, std::size_t name_bytes_max);
// `[1,"name",type,seqid,`
std::string json_begin(MessageType type, std::string_view name, std::int32_t seqid);
// Takes the closing bracket, and white space around it, off the end of what stands behind a header: the body
// is left. False when there is none.
bool strip_json_end(base::Buffer& rest);

// The id of a body's first field. False when `front`, its first bytes, is not the beginning of a struct;
// `empty`: it has no field.
bool json_first_field(base::Bytes front, std::int32_t& id, bool& empty);
// Bytes that json_first_field() needs at most, white space not wasted.
inline constexpr std::size_t json_first_field_bytes = 32;

bool decode_json_exception(base::Bytes body, std::size_t nesting_max, ApplicationException& out);
// `message` may be any bytes: what is not UTF-8 is written as U+FFFD.
void append_json_exception(base::Buffer& out, std::string_view message, std::int32_t type);

}  // namespace koine::codecs::calls::thrift
