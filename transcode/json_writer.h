// Protobuf bytes of a schema to JSON text, by ProtoJSON's rules: JSON names, 64-bit integers as strings,
// enums by name, bytes in base64, the forms of the well-known types; what is not on the wire is not written.
//
// The bytes come from a plan of ours: text is UTF-8, each field is there at most once, elements of a repeated
// field follow one another. Bytes that are not so are still read safely, as a member given twice. A map's key
// that comes again replaces the one before, is counted, and in strict plans refused (MAP_DUPKEY). Also
// refused: instants and durations out of range (MAP_RANGE), NaN in google.protobuf.Value (MAP_NONFINITE),
// google.protobuf.Any (MAP_TYPE).
//
// No heap once the output is warm. Internal; one run on one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"
#include "codecs/bodies/protobuf/primitives.h"
#include "codecs/wire.h"
#include "transcode/context.h"
#include "transcode/json_schema.h"
#include "transcode/plan.h"
#include "transcode/step_failure.h"
#include "transcode/step_sink.h"

namespace koine::transcode {

class JsonWriter : private StepFailure {
 public:
  // `context`: its arena and counters are used.
  JsonWriter(const JsonSchema& schema, base::Bytes in, Context& context, Output& output,
             const PlanOptions& options);
  base::Status run();

 private:
  // A piece of the input that is read from the front.
  struct Reader {
    const std::uint8_t* at;
    const std::uint8_t* end;
    bool done() const { return at == end; }
  };
  // A field of a well-known message: its number and its value, whichever way it is written.
  struct Raw {
    std::uint32_t number = 0;
    std::uint8_t wire_type = 0;
    std::uint64_t bits = 0;  // of a varint or fixed number
    Reader bytes{nullptr, nullptr};
  };

  // Where we are in the input, and in the output; null in the input: refused, see StepFailure.
  struct Cursor {
    const std::uint8_t* in;
    std::uint8_t* out;
  };

  // Each of these writes one value at `out`, where there is room for less than slack_bytes: what is written
  // between values. `levels`: how many more may be nested.
  Cursor plain(const JsonStruct& type, Reader in, std::uint8_t* out, std::size_t levels);
  Cursor list(const JsonField& field, std::uint32_t tag, Reader in, std::uint8_t* out, std::size_t levels);
  Cursor map(const JsonField& field, std::uint32_t tag, Reader in, std::uint8_t* out, std::size_t levels);
  Cursor last_entries(const JsonField& field, std::uint32_t tag, Reader in, std::uint8_t* out,
                      std::size_t levels);
  Cursor entry_key(const JsonType& key, Reader in, std::uint8_t* out);
  Cursor entry_value(const JsonType& value, Reader in, std::uint8_t* out, std::size_t levels);
  Cursor value(const JsonType& type, Reader in, std::uint8_t* out, std::size_t levels);
  Cursor any_value(const JsonType& type, Reader in, std::uint8_t* out, std::size_t levels);
  Cursor integer(const JsonType& type, Reader in, std::uint8_t* out, bool quoted);
  Cursor text(Reader in, std::uint8_t* out);
  Cursor refuse(bool /*false*/) { return {nullptr, nullptr}; }

  // The same at out_.at(), the input by reference; false: refused.
  bool write_message(const JsonStruct& type, Reader in, std::size_t levels);
  bool write_plain(const JsonStruct& type, Reader in, std::size_t levels);
  bool write_value(const JsonType& type, Reader& in, std::size_t levels);
  bool write_group(const JsonType& type, Reader& in, std::size_t levels);
  bool write_real(const JsonType& type, Reader& in);
  bool write_enum(const JsonType& type, Reader& in);
  bool write_octets(Reader bytes);
  bool write_zero(const JsonType& type, bool key);
  bool write_text(std::string_view text);
  bool write_escaped(std::string_view text);
  // Marks the entries of the run of fields `tag` at `in` whose keys come again: the last one counts.
  // `skipped` is null when there are none, else it has a byte for each entry.
  bool find_repeated(std::uint32_t tag, Reader in, const std::uint8_t*& skipped);
  bool read_key(Reader entry, std::string_view& key);

  // json_writer_known.cc
  bool write_known(const JsonStruct& type, Reader in, std::size_t levels);
  bool write_time(Reader in, bool instant);
  bool write_wrapper(const JsonStruct& type, Reader in, std::size_t levels);
  bool write_field_mask(Reader in);
  bool write_struct(Reader in, std::size_t levels);
  bool write_struct_entry(Reader in, std::size_t levels);
  bool write_any_value(Reader in, std::size_t levels);
  bool write_list_value(Reader in, std::size_t levels);
  bool next_raw(Reader& in, Raw& raw);

  bool read_tag(Reader& in, std::uint32_t& tag) {
    const codecs::Varint read = codecs::bodies::protobuf::read_tag(in.at, in.end);
    if (read.next == nullptr) [[unlikely]]
      return fail_wire();
    in.at = read.next;
    tag = static_cast<std::uint32_t>(read.value);
    return true;
  }
  bool read_varint(Reader& in, std::uint64_t& value) {
    const codecs::Varint read = codecs::read_varint(in.at, in.end);
    if (read.next == nullptr) [[unlikely]]
      return fail_wire();
    in.at = read.next;
    value = read.value;
    return true;
  }
  bool read_bytes(Reader& in, Reader& bytes) {
    const codecs::Varint size = codecs::bodies::protobuf::read_length(in.at, in.end);
    if (size.next == nullptr) [[unlikely]]
      return fail_wire();
    bytes = {size.next, size.next + size.value};
    in.at = bytes.end;
    return true;
  }
  template <class Number>
  bool read_fixed(Reader& in, Number& value) {
    if (static_cast<std::size_t>(in.end - in.at) < sizeof value) [[unlikely]]
      return fail_wire();
    value = codecs::load<Number>(in.at);
    in.at += sizeof value;
    return true;
  }
  // Is the next tag this one? Takes it then.
  bool take_tag(Reader& in, std::uint32_t tag) {
    if (in.done()) return false;
    if (tag < 0x80 && *in.at < 0x80) {
      if (*in.at != tag) return false;
      ++in.at;
      return true;
    }
    const codecs::Varint read = codecs::bodies::protobuf::read_tag(in.at, in.end);
    if (read.next == nullptr || read.value != tag) return false;
    in.at = read.next;
    return true;
  }

  bool fail_wire() { return fail(base::Reason::wire_malformed, "these bytes are no message of the schema"); }
  bool fail_depth() {
    return fail(base::Reason::limit_depth, "structs and containers are nested deeper than nesting_max");
  }
  bool too_long() {
    return fail(base::Reason::limit_message, "the message as JSON is longer than message_bytes_max");
  }

  const JsonSchema& schema_;
  Reader in_;
  Context& context_;
  std::size_t nesting_max_;
  bool reject_duplicates_;
  // Maps are written as they are. What was written when a key comes again is wrong, and the message is
  // written once more, each map after a look for such keys; so is one that is refused, for what is replaced
  // is not.
  bool careful_ = false;
  StepSink out_;
};

}  // namespace koine::transcode
