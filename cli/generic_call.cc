// Generic calls between JSON and Hessian2.
#include "cli/generic_call.h"

#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

#include "base/arena.h"
#include "cli/hessian_json.h"
#include "cli/java_method.h"
#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/bodies/json/text.h"
#include "codecs/bodies/json/tokenizer.h"
#include "codecs/bodies/triple_wrapper/rewrap.h"
#include "transcode/generic_call.h"

namespace koine::cli {
namespace {

namespace hessian2 = codecs::bodies::hessian2;
namespace json = codecs::bodies::json;
using base::Reason;
using base::Status;
using json::TokenKind;

Status no_arguments(std::string_view why) {
  return Status(Reason::usage, "the arguments of a call without a schema are a JSON array, [1, \"two\"]: " +
                                   std::string(why));
}

// Java's names of types, of which a person leaves out the usual packages.
std::string full_type(const std::string& said) {
  static constexpr std::string_view lang[] = {"Boolean", "Byte", "Character", "Double", "Float",
                                              "Integer", "Long", "Object",    "Short",  "String"};
  static constexpr std::string_view util[] = {"Collection", "Date", "List", "Map", "Set"};
  const std::string_view element = std::string_view(said).substr(0, said.find('['));
  for (const std::string_view one : lang) {
    if (one == element) return "java.lang." + said;
  }
  for (const std::string_view one : util) {
    if (one == element) return "java.util." + said;
  }
  return said;
}

constexpr std::size_t short_list_max = 7;

// As Java begins a list: with its length; of type "" without one.
void append_list_head(std::string& out, std::string_view type, std::size_t count) {
  const bool is_short = count <= short_list_max;
  const auto lead = is_short ? (type.empty() ? hessian2::lead_list_short : hessian2::lead_typed_list_short)
                             : (type.empty() ? hessian2::lead_list : hessian2::lead_typed_list);
  out.push_back(static_cast<char>(lead + (is_short ? count : 0)));
  if (!type.empty()) hessian2::append_text(out, type);
  if (is_short) return;
  std::uint8_t room[hessian2::scalar_bytes_max];
  const std::uint8_t* behind = hessian2::write_int(room, static_cast<std::int32_t>(count));
  out.append(reinterpret_cast<const char*>(room), static_cast<std::size_t>(behind - room));
}

// JSON's values as Hessian2's.
class Values {
 public:
  Values(std::string_view text, std::size_t nesting_max) : tokens_(base::as_bytes(text), nesting_max) {}

  Status append_array(std::string& out, std::size_t& count) {
    if (tokens_.next().kind != TokenKind::array_begin) return no_arguments("this is none");
    for (count = 0;; ++count) {
      const json::Token token = tokens_.next();
      if (token.kind == TokenKind::array_end) break;
      if (!append(out, token)) return failed();
    }
    return tokens_.next().kind == TokenKind::end ? Status() : failed();
  }

 private:
  // (As deep as the tokenizer lets values nest.)
  bool append(std::string& out, const json::Token& token) {
    switch (token.kind) {
      case TokenKind::object_begin: return append_object(out);
      case TokenKind::array_begin: return append_list(out);
      case TokenKind::name:
      case TokenKind::string:
        hessian2::append_text(out, json::unescape(token.text, token.escaped, arena_));
        return true;
      case TokenKind::number: return append_number(out, token.text);
      case TokenKind::true_value: out.push_back(static_cast<char>(hessian2::lead_true)); return true;
      case TokenKind::false_value: out.push_back(static_cast<char>(hessian2::lead_false)); return true;
      case TokenKind::null_value: out.push_back(static_cast<char>(hessian2::lead_null)); return true;
      default: return false;
    }
  }
  bool append_object(std::string& out) {
    out.push_back(static_cast<char>(hessian2::lead_map));
    while (true) {
      const json::Token token = tokens_.next();
      if (token.kind == TokenKind::object_end) break;
      if (!append(out, token)) return false;
    }
    out.push_back(static_cast<char>(hessian2::lead_end));
    return true;
  }
  bool append_list(std::string& out) {
    std::string elements;
    std::size_t count = 0;
    for (;; ++count) {
      const json::Token token = tokens_.next();
      if (token.kind == TokenKind::array_end) break;
      if (!append(elements, token)) return false;
    }
    append_list_head(out, {}, count);
    out += elements;
    return true;
  }
  static bool append_number(std::string& out, std::string_view text) {
    std::uint8_t room[hessian2::scalar_bytes_max];
    const std::uint8_t* behind = nullptr;
    std::int64_t whole = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size()) {
      const bool is_int = whole == static_cast<std::int32_t>(whole);
      behind = is_int ? hessian2::write_int(room, static_cast<std::int32_t>(whole))
                      : hessian2::write_long(room, whole);
    } else {
      double number = 0;
      const auto real = std::from_chars(text.data(), text.data() + text.size(), number);
      if (real.ec != std::errc()) return false;
      behind = hessian2::write_double(room, number);
    }
    out.append(reinterpret_cast<const char*>(room), static_cast<std::size_t>(behind - room));
    return true;
  }
  Status failed() const {
    return no_arguments(tokens_.fault() == json::Fault::none ? "a number is too large"
                                                             : json::to_string(tokens_.fault()));
  }

  json::Tokenizer tokens_;
  base::Arena arena_;
};

}  // namespace

base::Result<model::Payload> generic_request(const MethodName& method, std::string_view arguments,
                                             model::Protocol protocol) {
  const base::Limits limits;
  std::string values;
  std::size_t count = 0;
  KOINE_RETURN_IF_ERROR(Values(arguments, limits.nesting_max).append_array(values, count));
  std::string body;
  hessian2::append_text(body, method.method);
  if (!method.parameters) {
    body.push_back(static_cast<char>(hessian2::lead_null));
  } else {
    const std::vector<std::string> types = split_parameters(*method.parameters);
    if (types.size() != count) {
      return no_arguments("there are " + std::to_string(count) + " where " + method.method + "(" +
                          *method.parameters + ") has " + std::to_string(types.size()) + " parameters");
    }
    append_list_head(body, "[string", types.size());
    for (const std::string& type : types) hessian2::append_text(body, full_type(type));
  }
  append_list_head(body, "[object", count);
  body += values;

  model::Payload made;
  made.format = model::info(protocol).formats[0];
  base::Buffer stream;
  stream.append(body);
  if (made.format == model::BodyFormat::hessian2) {
    made.bytes = std::move(stream);
    return made;
  }
  codecs::bodies::triple_wrapper::Rewrapper wrapper;
  KOINE_RETURN_IF_ERROR(
      wrapper.wrap_arguments(stream.linearize(), transcode::generic_signature, limits, made.bytes));
  return made;
}

Status show_generic_answer(model::Reply& reply) {
  if (!reply.outcome.ok()) {
    // What was thrown is in the outcome's text.
    reply.has_message = false;
    return {};
  }
  if (reply.message.format == model::BodyFormat::triple_wrapper) {
    base::Buffer value;
    KOINE_RETURN_IF_ERROR(
        codecs::bodies::triple_wrapper::Rewrapper::unwrap_value(reply.message.bytes.linearize(), value));
    reply.message.bytes = std::move(value);
  }
  const base::Slice value = reply.message.bytes.linearize();
  std::string text;
  KOINE_RETURN_IF_ERROR(HessianJson(value.bytes(), base::Limits().nesting_max).append_next(text));
  reply.message = model::Payload();
  reply.message.format = model::BodyFormat::json;
  reply.message.bytes.append(text);
  return {};
}

}  // namespace koine::cli
