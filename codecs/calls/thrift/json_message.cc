// TJSONProtocol's messages.
#include "codecs/calls/thrift/json_message.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "codecs/bodies/json/text.h"
#include "codecs/bodies/json/tokenizer.h"
#include "codecs/calls/thrift/application_exception.h"
#include "codecs/utf8.h"

namespace koine::codecs::calls::thrift {
namespace {

namespace json = bodies::json;

bool white(std::uint8_t byte) { return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r'; }

// A cursor over a message's beginning.
struct Reader {
  base::Bytes bytes;
  std::size_t message_bytes;
  MessageBegin begin;
  std::size_t at = 0;

  bool fail(std::string_view why) {
    if (begin.fault.empty()) begin.fault = why;
    return false;
  }
  bool ended() {
    begin.incomplete = message_bytes > bytes.size();
    return fail("message ends inside its header");
  }
  bool space() {
    while (at < bytes.size() && white(bytes[at])) ++at;
    return at < bytes.size() || ended();
  }
  bool sign(char wanted) {
    if (!space()) return false;
    if (bytes[at] != static_cast<std::uint8_t>(wanted)) {
      return fail("a JSON message begins [1,\"name\",type,seqid,{");
    }
    ++at;
    return true;
  }
  bool number(std::int64_t least, std::int64_t most, std::int64_t& out) {
    if (!space()) return false;
    const std::size_t start = at;
    while (at < bytes.size() && (bytes[at] == '-' || (bytes[at] >= '0' && bytes[at] <= '9'))) ++at;
    if (at == bytes.size()) return ended();
    const std::string_view text = base::as_text(bytes.subspan(start, at - start));
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || out < least || out > most) {
      return fail("a number of the JSON message's header is none, or out of its range");
    }
    return true;
  }
  // A name that is too long is stepped over, so that what follows it can still be read.
  bool name(std::size_t name_bytes_max) {
    if (!sign('"')) return false;
    const std::size_t start = at;
    while (at < bytes.size() && bytes[at] != '"' && bytes[at] != '\\') ++at;
    // Said even before its end has come, but its end is waited for: what follows must not depend on how much
    // had.
    if (at - start > name_bytes_max) begin.fault = "method name is longer than method_name_bytes_max allows";
    if (at == bytes.size()) return ended();
    if (bytes[at] == '\\') return fail("method name with an escape");
    if (at - start <= name_bytes_max) { begin.name = base::as_text(bytes.subspan(start, at - start)); }
    ++at;
    return true;
  }
};

bool parse(Reader& in, std::size_t name_bytes_max) {
  std::int64_t version = 0;
  std::int64_t type = 0;
  std::int64_t seqid = 0;
  constexpr std::int64_t least = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  if (!in.sign('[') || !in.number(least, most, version)) return false;
  if (version != 1) return in.fail("JSON protocol version is not 1");
  if (!in.sign(',') || !in.name(name_bytes_max) || !in.sign(',')) return false;
  if (!in.number(0, 255, type) || !in.sign(',')) return false;
  in.begin.type = static_cast<std::uint8_t>(type);
  if (!in.number(least, most, seqid) || !in.sign(',')) return false;
  in.begin.seqid = static_cast<std::int32_t>(seqid);
  in.begin.has_seqid = true;
  while (in.at < in.bytes.size() && white(in.bytes[in.at])) ++in.at;
  in.begin.length = in.at;
  return true;
}

std::string quoted(std::string_view text) {
  std::string out(json::string_bytes(text), '\0');
  json::write_string(reinterpret_cast<std::uint8_t*>(out.data()), text);
  return out;
}

// The value of a field: an object of one member, type name to value. Gives the value's token when the type is
// `wanted` and it is a plain one, steps over anything else.
bool field_value(json::Tokenizer& tokens, std::string_view wanted, json::Token& out, bool& found) {
  found = false;
  if (tokens.next().kind != json::TokenKind::object_begin) return false;
  const json::Token type = tokens.next();
  if (type.kind != json::TokenKind::name) return false;
  if (type.text == wanted) {
    out = tokens.next();
    found = out.kind == json::TokenKind::string || out.kind == json::TokenKind::number;
    if (!found) return false;
  } else if (!tokens.skip_value()) {
    return false;
  }
  return tokens.next().kind == json::TokenKind::object_end;
}

}  // namespace

MessageBegin parse_json_begin(base::Bytes bytes, std::size_t message_bytes, std::size_t name_bytes_max) {
  Reader in{bytes, message_bytes, {}};
  in.begin.dialect = Dialect::json;
  parse(in, name_bytes_max);
  return in.begin;
}

std::string json_begin(MessageType type, std::string_view name, std::int32_t seqid) {
  std::string out = "[1," + quoted(name) + ",";
  out.append(std::to_string(static_cast<unsigned>(type)))
      .append(",")
      .append(std::to_string(seqid))
      .append(",");
  return out;
}

bool strip_json_end(base::Buffer& rest) {
  std::array<std::uint8_t, 64> tail{};
  const std::size_t size = std::min(rest.size(), tail.size());
  rest.copy_to(std::span(tail).first(size), rest.size() - size);
  std::size_t left = size;
  while (left > 0 && white(tail[left - 1])) --left;
  if (left == 0 || tail[left - 1] != ']') return false;
  --left;
  while (left > 0 && white(tail[left - 1])) --left;
  rest = rest.take_front(rest.size() - (size - left));
  return true;
}

bool json_first_field(base::Bytes front, std::int32_t& id, bool& empty) {
  std::size_t at = 0;
  const auto space = [&] {
    while (at < front.size() && white(front[at])) ++at;
    return at < front.size();
  };
  if (!space() || front[at++] != '{' || !space()) return false;
  empty = front[at] == '}';
  if (empty) return true;
  if (front[at++] != '"') return false;
  const std::string_view text = base::as_text(front.subspan(at));
  const auto read = std::from_chars(text.data(), text.data() + text.size(), id);
  return read.ec == std::errc() && read.ptr < text.data() + text.size() && *read.ptr == '"' && id >= -32768 &&
         id <= 32767;
}

bool decode_json_exception(base::Bytes body, std::size_t nesting_max, ApplicationException& out) {
  json::Tokenizer tokens(body, std::min<std::size_t>(2 * nesting_max, json::Tokenizer::depth_ceiling));
  if (tokens.next().kind != json::TokenKind::object_begin) return false;
  while (true) {
    const json::Token key = tokens.next();
    if (key.kind == json::TokenKind::object_end) return tokens.next().kind == json::TokenKind::end;
    if (key.kind != json::TokenKind::name) return false;
    json::Token value;
    bool found = false;
    if (key.text == "1") {
      if (!field_value(tokens, "str", value, found)) return false;
      if (!found) continue;
      if (value.kind != json::TokenKind::string) return false;
      out.message.resize(value.text.size());
      auto* start = reinterpret_cast<std::uint8_t*>(out.message.data());
      out.message.resize(static_cast<std::size_t>(json::unescape(value.text, start) - start));
    } else if (key.text == "2") {
      if (!field_value(tokens, "i32", value, found)) return false;
      if (!found) continue;
      const char* end = value.text.data() + value.text.size();
      const auto read = std::from_chars(value.text.data(), end, out.type);
      if (read.ec != std::errc() || read.ptr != end) return false;
    } else if (!tokens.skip_value()) {
      return false;
    }
  }
}

void append_json_exception(base::Buffer& out, std::string_view message, std::int32_t type) {
  out.append("{\"1\":{\"str\":" + quoted(to_utf8(message)) + "},\"2\":{\"i32\":" + std::to_string(type) +
             "}}");
}

}  // namespace koine::codecs::calls::thrift
