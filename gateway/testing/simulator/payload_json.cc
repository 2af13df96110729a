// Structs as Thrift's JSON.
#include "gateway/testing/simulator/payload_json.h"

#include <charconv>
#include <map>
#include <utility>

namespace koine::gateway::testing::simulator {
namespace {

std::string ping_json(const Ping& ping) {
  return "{\"1\":{\"i64\":" + std::to_string(ping.nonce) + "},\"2\":{\"i64\":" + std::to_string(ping.check) +
         "},\"3\":{\"str\":\"" + ping.pad + "\"}}";
}

struct Field {
  std::string type;
  std::int64_t number = 0;
  std::string text;
  std::map<int, Field> fields;  // of a rec
};
using Fields = std::map<int, Field>;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  // Structs in structs at most, as deep as the simulator's own.
  bool read_struct(Fields& out, int levels_left) {
    if (levels_left == 0 || !take('{')) return false;
    if (take('}')) return true;
    do {
      std::string id;
      if (!read_text(id) || !take(':') || !take('{')) return false;
      Field field;
      if (!read_text(field.type) || !take(':') || !read_value(field, levels_left) || !take('}')) return false;
      int number = 0;
      std::from_chars(id.data(), id.data() + id.size(), number);
      out[number] = std::move(field);
    } while (take(','));
    return take('}');
  }
  bool at_end() const { return at_ == text_.size(); }

 private:
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool read_text(std::string& out) {
    if (!take('"')) return false;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\') ++at_;
      if (at_ < text_.size()) out += text_[at_++];
    }
    return take('"');
  }
  bool read_value(Field& field, int levels_left) {
    if (field.type == "str") return read_text(field.text);
    if (field.type == "rec") return read_struct(field.fields, levels_left - 1);
    if (field.type == "lst") {
      const std::size_t size = json_bytes(text_.substr(at_));
      if (size == 0 || size == std::string_view::npos) return false;
      at_ += size;
      return true;
    }
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), field.number);
    at_ += static_cast<std::size_t>(end - begin);
    return error == std::errc() && (field.type == "i64" || field.type == "i32");
  }

  const std::string_view text_;
  std::size_t at_ = 0;
};

bool read_all(std::string_view body, Fields& fields) {
  Reader in(body);
  return in.read_struct(fields, 3) && in.at_end();
}

Ping ping_of(Fields& fields) {
  Ping ping;
  ping.nonce = fields[1].number;
  ping.check = fields[2].number;
  ping.pad = std::move(fields[3].text);
  return ping;
}

}  // namespace

std::string encode_arguments_json(const Ping& ping) { return "{\"1\":{\"rec\":" + ping_json(ping) + "}}"; }

std::optional<Ping> decode_arguments_json(std::string_view body) {
  Fields fields;
  if (!read_all(body, fields) || fields.size() != 1 || fields[1].type != "rec") return std::nullopt;
  return ping_of(fields[1].fields);
}

std::string encode_result_json(const Result& result) {
  if (result.kind == Result::Kind::value) return "{\"0\":{\"rec\":" + ping_json(result.value) + "}}";
  if (result.kind != Result::Kind::refused) return "{}";
  return "{\"1\":{\"rec\":{\"1\":{\"i64\":" + std::to_string(result.refused_nonce) +
         "},\"2\":{\"str\":\"refused\"}}}}";
}

std::optional<Result> decode_result_json(std::string_view body) {
  Fields fields;
  if (!read_all(body, fields)) return std::nullopt;
  Result result;
  if (fields.empty()) return result;
  auto& [id, field] = *fields.begin();
  if (field.type != "rec") return std::nullopt;
  if (id == 0) {
    result.kind = Result::Kind::value;
    result.value = ping_of(field.fields);
  } else if (field.fields[1].type == "i32") {
    result.kind = Result::Kind::status;
    result.status = static_cast<std::int32_t>(field.fields[1].number);
  } else {
    result.kind = Result::Kind::refused;
    result.refused_nonce = field.fields[1].number;
  }
  return result;
}

std::size_t json_bytes(std::string_view bytes) {
  std::size_t open = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '[' || c == '{') {
      ++open;
    } else if (c == ']' || c == '}') {
      if (open == 0) return std::string_view::npos;
      if (--open == 0) return i + 1;
    }
    if (open == 0 && !in_text) return std::string_view::npos;
  }
  return 0;
}

}  // namespace koine::gateway::testing::simulator
