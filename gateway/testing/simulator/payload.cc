// Bodies of the simulator's calls, byte by byte.
#include "gateway/testing/simulator/payload.h"

#include "base/hash.h"
#include "gateway/testing/simulator/payload_json.h"

namespace koine::gateway::testing::simulator {
namespace {

using model::BodyFormat;

// Wire types of TBinaryProtocol and TCompactProtocol (apache/thrift doc/specs).
constexpr std::uint8_t binary_i64 = 10;
constexpr std::uint8_t binary_string = 11;
constexpr std::uint8_t binary_struct = 12;
constexpr std::uint8_t binary_i32 = 8;
constexpr std::uint8_t binary_list = 15;
constexpr std::uint8_t compact_i64 = 6;
constexpr std::uint8_t compact_binary = 8;
constexpr std::uint8_t compact_struct = 12;
constexpr std::uint8_t compact_i32 = 5;
constexpr std::uint8_t compact_list = 9;

constexpr std::int64_t number_base = std::int64_t{1} << 61;

std::int64_t into_range(std::uint64_t bits) {
  return number_base + static_cast<std::int64_t>(bits & static_cast<std::uint64_t>(number_base - 1));
}

class Writer {
 public:
  explicit Writer(BodyFormat format) : format_(format) {}

  void begin_struct(int id) {
    if (format_ == BodyFormat::thrift_binary) binary_head(binary_struct, id);
    if (format_ == BodyFormat::thrift_compact) compact_head(compact_struct, id);
    enclosing_ = last_id_;
    last_id_ = 0;
  }
  void end_struct() {
    stop();
    last_id_ = enclosing_;
  }
  void stop() {
    if (format_ != BodyFormat::protobuf) out += '\0';
  }
  void number(int id, std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    if (format_ == BodyFormat::thrift_binary) {
      binary_head(binary_i64, id);
      for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(bits >> shift);
    } else if (format_ == BodyFormat::thrift_compact) {
      compact_head(compact_i64, id);
      varint(bits << 1 ^ static_cast<std::uint64_t>(value >> 63));
    } else {
      out += static_cast<char>(id << 3);
      varint(bits);
    }
  }
  void text(int id, std::string_view value) {
    if (format_ == BodyFormat::thrift_binary) {
      binary_head(binary_string, id);
      for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value.size() >> shift);
    } else if (format_ == BodyFormat::thrift_compact) {
      compact_head(compact_binary, id);
      varint(value.size());
    } else {
      out += static_cast<char>(id << 3 | 2);
      varint(value.size());
    }
    out += value;
  }
  void ping(const Ping& ping) {
    number(1, ping.nonce);
    number(2, ping.check);
    text(3, ping.pad);
  }

  std::string out;

 private:
  void binary_head(std::uint8_t type, int id) {
    out += static_cast<char>(type);
    out += '\0';
    out += static_cast<char>(id);
  }
  void compact_head(std::uint8_t type, int id) {
    if (id > last_id_) {
      out += static_cast<char>((id - last_id_) << 4 | type);
    } else {
      out += static_cast<char>(type);
      varint(static_cast<std::uint64_t>(id) << 1);
    }
    last_id_ = id;
  }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
  }

  const BodyFormat format_;
  int last_id_ = 0;
  int enclosing_ = 0;
};

// Reads structs of numbers, texts and one level of structs; `failed` is either for want of bytes or for good.
class Reader {
 public:
  Reader(BodyFormat format, std::string_view bytes) : format_(format), bytes_(bytes) {}

  struct Field {
    int id = -1;  // -1: the end of the struct
    std::uint8_t type = 0;
    std::int64_t number = 0;
    std::string_view text;
  };

  bool short_of_bytes = false;
  bool failed = false;
  std::size_t position() const { return at_; }
  bool at_end() const { return at_ == bytes_.size(); }

  void enter() {
    enclosing_ = last_id_;
    last_id_ = 0;
  }
  void leave() { last_id_ = enclosing_; }
  static bool is_struct(const Field& field) { return field.type == 's'; }

  // A struct as value is left to the caller: enter(), fields until -1, leave().
  Field next() {
    Field field;
    if (format_ == BodyFormat::protobuf) {
      if (at_end()) return field;
      const std::uint64_t tag = varint();
      value(field, static_cast<int>(tag >> 3), (tag & 7) == 0 ? 'n' : (tag & 7) == 2 ? 't' : '?');
    } else if (format_ == BodyFormat::thrift_binary) {
      const std::uint8_t type = byte();
      if (failed || type == 0) return field;
      const auto high = static_cast<int>(byte());
      const auto id = high << 8 | static_cast<int>(byte());
      value(field, id, kind_of_binary(type));
    } else {
      const std::uint8_t head = byte();
      if (failed || head == 0) return field;
      int id = last_id_ + (head >> 4);
      if (head >> 4 == 0) id = static_cast<int>(varint() >> 1);
      last_id_ = id;
      value(field, id, kind_of_compact(head & 15));
    }
    if (failed) field.id = -1;
    return field;
  }

 private:
  // n: i64, i: i32, t: text, s: struct, l: list of texts
  static char kind_of_binary(int type) {
    if (type == binary_i64) return 'n';
    if (type == binary_i32) return 'i';
    if (type == binary_string) return 't';
    if (type == binary_list) return 'l';
    return type == binary_struct ? 's' : '?';
  }
  static char kind_of_compact(int type) {
    if (type == compact_i64) return 'n';
    if (type == compact_i32) return 'i';
    if (type == compact_binary) return 't';
    if (type == compact_list) return 'l';
    return type == compact_struct ? 's' : '?';
  }
  void value(Field& field, int id, char type) {
    field.id = id;
    field.type = static_cast<std::uint8_t>(type);
    if (type == 'n') {
      field.number = number();
    } else if (type == 't') {
      field.text = take(length());
    } else if (type == 'i') {
      field.number = small_number();
    } else if (type == 'l') {
      skip_texts();
    } else if (type != 's') {
      failed = true;
    }
  }
  std::int64_t small_number() {
    if (format_ != BodyFormat::thrift_binary) return number();
    std::uint32_t bits = 0;
    for (int i = 0; i < 4; ++i) bits = bits << 8 | byte();
    return static_cast<std::int32_t>(bits);
  }
  // Of list<string>: element type and size, then the texts.
  void skip_texts() {
    const std::uint8_t head = byte();
    std::size_t count = head >> 4;
    if (format_ == BodyFormat::thrift_binary) {
      count = length();
    } else if (count == 15) {
      count = static_cast<std::size_t>(varint());
    }
    for (; count > 0 && !failed; --count) take(length());
  }
  std::int64_t number() {
    if (format_ == BodyFormat::thrift_binary) {
      std::uint64_t bits = 0;
      for (int i = 0; i < 8; ++i) bits = bits << 8 | byte();
      return static_cast<std::int64_t>(bits);
    }
    const std::uint64_t bits = varint();
    if (format_ == BodyFormat::protobuf) return static_cast<std::int64_t>(bits);
    return static_cast<std::int64_t>(bits >> 1 ^ (~(bits & 1) + 1));
  }
  std::size_t length() {
    if (format_ != BodyFormat::thrift_binary) return static_cast<std::size_t>(varint());
    std::size_t bits = 0;
    for (int i = 0; i < 4; ++i) bits = bits << 8 | byte();
    return bits;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t one = byte();
      value |= static_cast<std::uint64_t>(one & 0x7f) << shift;
      if (failed || one < 0x80) return value;
    }
    failed = true;
    return 0;
  }
  std::uint8_t byte() {
    const std::string_view one = take(1);
    return one.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(one.front());
  }
  std::string_view take(std::size_t count) {
    if (failed || count > bytes_.size() - at_) {
      if (!failed) short_of_bytes = true;
      failed = true;
      return {};
    }
    const std::string_view taken = bytes_.substr(at_, count);
    at_ += count;
    return taken;
  }

  const BodyFormat format_;
  const std::string_view bytes_;
  std::size_t at_ = 0;
  int last_id_ = 0;
  int enclosing_ = 0;
};

// `status`: where the number of an RpcStatus goes, when there is one.
bool read_ping(Reader& in, Ping& ping, std::int64_t* status = nullptr) {
  for (Reader::Field field = in.next(); field.id >= 0; field = in.next()) {
    if (field.id == 1 && field.type == 'n') ping.nonce = field.number;
    if (field.id == 1 && field.type == 'i' && status != nullptr) *status = field.number;
    if (field.id == 2 && field.type == 'n') ping.check = field.number;
    if (field.id == 3 && field.type == 't') ping.pad = field.text;
    if (Reader::is_struct(field)) return false;
  }
  return !in.failed;
}

bool read_result(Reader& in, Result& result) {
  for (Reader::Field field = in.next(); field.id >= 0; field = in.next()) {
    if (!Reader::is_struct(field)) return false;
    in.enter();
    Ping inner;
    std::int64_t status = -1;
    if (!read_ping(in, inner, &status)) return false;
    in.leave();
    if (status >= 0) {
      result.kind = Result::Kind::status;
      result.status = static_cast<std::int32_t>(status);
    } else if (field.id == 0) {
      result.kind = Result::Kind::value;
      result.value = std::move(inner);
    } else {
      result.kind = Result::Kind::refused;
      result.refused_nonce = inner.nonce;
    }
  }
  return !in.failed;
}

std::int64_t check_of(const Ping& ping, Side side, std::uint32_t message) {
  const auto salt = static_cast<std::uint64_t>(ping.nonce) +
                    static_cast<std::uint64_t>(side) * 0x9e3779b97f4a7c15u + message * 0xbf58476d1ce4e5b9u;
  return into_range(base::hash_bytes(ping.pad, salt));
}

}  // namespace

std::int64_t nonce_of(std::uint64_t seed, std::size_t call) {
  const std::string text = std::to_string(seed) + "/" + std::to_string(call);
  return into_range(base::hash_bytes(text, 1));
}

Ping make_ping(std::int64_t nonce, Side side, std::uint32_t message, std::size_t pad_bytes) {
  Ping ping;
  ping.nonce = nonce;
  ping.pad.resize(pad_bytes);
  auto letter = static_cast<std::uint64_t>(nonce);
  for (char& c : ping.pad) c = static_cast<char>('a' + letter++ % 26);
  ping.check = check_of(ping, side, message);
  return ping;
}

bool intact(const Ping& ping, Side side, std::uint32_t message) {
  return ping.check == check_of(ping, side, message);
}

std::string encode_arguments(BodyFormat format, const Ping& ping) {
  if (format == BodyFormat::thrift_json) return encode_arguments_json(ping);
  Writer out(format);
  if (format == BodyFormat::protobuf) {
    out.ping(ping);
    return std::move(out.out);
  }
  out.begin_struct(1);
  out.ping(ping);
  out.end_struct();
  out.stop();
  return std::move(out.out);
}

std::optional<Ping> decode_arguments(BodyFormat format, std::string_view body) {
  if (format == BodyFormat::thrift_json) return decode_arguments_json(body);
  Reader in(format, body);
  Ping ping;
  if (format == BodyFormat::protobuf) {
    if (!read_ping(in, ping)) return std::nullopt;
    return ping;
  }
  const Reader::Field field = in.next();
  if (field.id != 1 || !Reader::is_struct(field)) return std::nullopt;
  in.enter();
  if (!read_ping(in, ping)) return std::nullopt;
  in.leave();
  if (in.next().id >= 0 || in.failed || !in.at_end()) return std::nullopt;
  return ping;
}

std::string encode_result(BodyFormat format, const Result& result) {
  if (format == BodyFormat::thrift_json) return encode_result_json(result);
  Writer out(format);
  if (format == BodyFormat::protobuf) {
    if (result.kind == Result::Kind::value) out.ping(result.value);
    return std::move(out.out);
  }
  if (result.kind == Result::Kind::value) {
    out.begin_struct(0);
    out.ping(result.value);
    out.end_struct();
  } else if (result.kind == Result::Kind::refused) {
    out.begin_struct(1);
    out.number(1, result.refused_nonce);
    out.text(2, "refused");
    out.end_struct();
  }
  out.stop();
  return std::move(out.out);
}

std::optional<Result> decode_result(BodyFormat format, std::string_view body) {
  if (format == BodyFormat::thrift_json) return decode_result_json(body);
  Reader in(format, body);
  Result result;
  if (format == BodyFormat::protobuf) {
    if (body.empty()) return result;
    if (!read_ping(in, result.value)) return std::nullopt;
    result.kind = Result::Kind::value;
    return result;
  }
  if (!read_result(in, result) || !in.at_end()) return std::nullopt;
  return result;
}

std::size_t struct_bytes(BodyFormat format, std::string_view bytes) {
  Reader in(format, bytes);
  std::size_t open = 1;
  while (open > 0) {
    const Reader::Field field = in.next();
    if (in.failed) return in.short_of_bytes ? 0 : std::string_view::npos;
    if (field.id < 0) {
      --open;
      in.leave();
    } else if (Reader::is_struct(field)) {
      ++open;
      in.enter();
    }
  }
  return in.position();
}

}  // namespace koine::gateway::testing::simulator
