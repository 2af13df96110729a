// JSON text to the protobuf bytes of its schema, by ProtoJSON's rules.
//
// Taken in: JSON names and original ones; numbers as numbers or strings, 1.0 and 1e3 for integers; enums by
// name or number; bytes in either base64; null for "unset"; the forms of the well-known types. Refused, with
// the path: unknown names (MAP_UNKNOWN_FIELD), a member twice by whatever name or a map key twice
// (MAP_DUPKEY), two members of a oneof (MAP_UNION), null where a value must be (MAP_NULL), numbers out of
// range (MAP_RANGE), values of another kind (MAP_TYPE), unknown enum names (MAP_ENUM_UNKNOWN), bad UTF-8 and
// whatever is not JSON. google.protobuf.Any is refused: its type would have to be looked up.
//
// No heap once the context is warm. Internal; one run on one thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/status.h"
#include "codecs/bodies/json/tokenizer.h"
#include "transcode/context.h"
#include "transcode/json_schema.h"
#include "transcode/plan.h"
#include "transcode/step_failure.h"
#include "transcode/step_sink.h"

namespace koine::transcode {

class JsonReader : private StepFailure {
 public:
  JsonReader(const JsonSchema& schema, base::Bytes in, Context& context, Output& output,
             const base::Limits& limits);
  base::Status run();

 private:
  using Token = codecs::bodies::json::Token;
  using TokenKind = codecs::bodies::json::TokenKind;
  // Which fields, or oneofs, of a message being read have been there: a bit for each.
  struct Members {
    std::uint64_t first = 0;
    std::uint64_t* more = nullptr;  // of those from 64 on

    // False when it was there already.
    bool add(std::size_t index) noexcept {
      std::uint64_t& word = index < 64 ? first : more[index / 64 - 1];
      const std::uint64_t bit = std::uint64_t{1} << (index & 63);
      const bool is_new = (word & bit) == 0;
      word |= bit;
      return is_new;
    }
  };
  // What came of a look at a value that nearly always stands there as it does nearly always.
  enum class Quick : std::uint8_t { no, done, failed };
  struct Key {  // of a map, where it lies in the output
    std::uint32_t begin;
    std::uint32_t size;
  };
  struct Keys {
    Key* data = nullptr;
    std::size_t size = 0;
    std::size_t capacity = 0;
  };

  // Each of these reads what begins with the next token; false: refused, see StepFailure.
  bool read_message(const JsonStruct& type);  // without tag and length
  bool read_plain(const JsonStruct& type);
  bool read_members(const JsonStruct& type);  // behind the brace
  bool read_member(const JsonStruct& type, const JsonField& field, Members& fields, Members& oneofs);
  bool read_field(const JsonField& field);
  bool read_list(const JsonField& field);
  bool read_map(const JsonField& field);
  bool read_single(std::uint32_t number, const JsonType& type);  // tag and value
  // The same for a value that begins with `token`, of a struct without a form of its own.
  bool read_element(std::uint32_t number, const JsonType& type, const Token& token);
  bool read_value(const JsonType& type, const Token& token);  // behind the tag; scalars only
  // Tag and value of a scalar without escapes, spaces and the like; `no`: nothing was taken.
  Quick take_value(std::uint32_t number, const JsonType& type);
  Quick take_key(const JsonType& type);  // of a map
  bool read_integer(const JsonType& type, const Token& token, bool key);
  bool read_real(const JsonType& type, const Token& token);
  bool read_enum(const JsonType& type, const Token& token);
  bool read_bytes(const Token& token);
  bool read_key(const JsonType& type, const Token& token);
  bool put_text(std::string_view text);
  void add_key(Keys& keys, std::size_t begin, std::size_t size);
  bool check_keys(const Keys& keys);

  // json_reader_known.cc
  bool read_known(const JsonStruct& type);
  bool read_time(bool instant);
  bool read_wrapper(const JsonStruct& type);
  bool read_field_mask();
  bool read_struct();
  bool read_any_value();
  bool read_list_value();

  bool put_tag(std::uint32_t number, std::uint8_t wire_type) {
    return out_.put_varint(number << 3 | wire_type) || too_long();
  }
  std::uint8_t& last_width(bool entry) noexcept {
    return context_.text_widths[(tokens_.depth() * 2 + (entry ? 1 : 0)) % context_.text_widths.size()];
  }
  bool expect(TokenKind kind);  // takes the next token
  bool fail_kind(std::string_view wanted, const Token& token);
  bool fail_syntax();
  bool too_long() {
    return fail(base::Reason::limit_message, "the message is longer than message_bytes_max");
  }
  std::string_view plain(const Token& token);

  const JsonSchema& schema_;
  Context& context_;
  codecs::bodies::json::Tokenizer tokens_;
  StepSink out_;
};

}  // namespace koine::transcode
