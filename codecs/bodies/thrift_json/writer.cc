// A descent over the binary struct, one frame for each struct and container.
#include "codecs/bodies/thrift_json/writer.h"

#include <bit>
#include <cmath>
#include <limits>

#include "base/uuid.h"
#include "codecs/bodies/json/base64.h"
#include "codecs/bodies/json/numbers.h"
#include "codecs/bodies/json/text.h"
#include "codecs/bodies/thrift_binary/primitives.h"
#include "codecs/bodies/thrift_json/failure.h"
#include "codecs/bodies/thrift_json/types.h"
#include "codecs/utf8.h"

namespace koine::codecs::bodies::thrift_json {
namespace {

namespace binary = codecs::bodies::thrift_binary;
using base::Reason;

class Writer {
 public:
  Writer(base::Bytes in, Sink& out) : at_(in.data()), end_(in.data() + in.size()), out_(out) {}

  base::Status run(const StructShape* shape, std::size_t nesting_max) {
    bool good = write_struct(shape, nesting_max);
    if (good && at_ != end_) {
      good = failure_.fail(Reason::wire_malformed, "there are bytes behind the end of the message");
    }
    return good ? base::Status() : failure_.take();
  }

 private:
  bool write_struct(const StructShape* shape, std::size_t levels) {
    if (levels == 0) return failure_.too_deep();
    if (!put('{')) return false;
    for (bool first = true;; first = false) {
      if (!has(1)) return false;
      const std::uint8_t type = *at_++;
      if (type == binary::type_stop) return put('}');
      if (!has(2)) return false;
      const auto id = static_cast<std::int16_t>(codecs::load_be16(at_));
      at_ += 2;
      const FieldShape* field = shape != nullptr ? shape->find(id) : nullptr;
      if (!first && !put(',')) return false;
      if (!write_field(field, type, id, levels)) return failure_.at_field(field, id);
    }
  }

  bool write_field(const FieldShape* field, std::uint8_t type, std::int32_t id, std::size_t levels) {
    const std::string_view name = name_of(type);
    if (name.empty()) return fail_type();
    const ValueShape* shape = field != nullptr && field->value->type == type ? field->value : nullptr;
    return put('"') && put_integer(id) && put("\":{\"") && put(name) && put("\":") &&
           write_value(type, shape, levels - 1) && put('}');
  }

  bool write_value(std::uint8_t type, const ValueShape* shape, std::size_t levels) {
    switch (type) {
      case binary::type_struct: return write_struct(shape != nullptr ? shape->structure : nullptr, levels);
      case binary::type_map: return write_map(shape, levels);
      case binary::type_list:
      case binary::type_set: return write_list(shape, levels);
      default: return write_scalar(type, shape, false);
    }
  }

  // Numbers that are keys stand in quotes.
  bool write_scalar(std::uint8_t type, const ValueShape* shape, bool key) {
    switch (type) {
      case binary::type_bool: return has(1) && write_integer(*at_++ != 0, key);
      case binary::type_i8: return has(1) && write_integer(static_cast<std::int8_t>(*at_++), key);
      case binary::type_i16:
        return has(2) && write_integer(static_cast<std::int16_t>(codecs::load_be16(skip(2))), key);
      case binary::type_i32:
        return has(4) && write_integer(static_cast<std::int32_t>(codecs::load_be32(skip(4))), key);
      case binary::type_i64:
        return has(8) && write_integer(static_cast<std::int64_t>(codecs::load_be64(skip(8))), key);
      case binary::type_double:
        return has(8) && write_double(std::bit_cast<double>(codecs::load_be64(skip(8))), key);
      case binary::type_uuid: return has(base::uuid_bytes) && write_uuid(skip(base::uuid_bytes));
      case binary::type_string: return write_string(shape != nullptr && shape->octets);
      default: return fail_type();
    }
  }

  bool write_integer(std::int64_t value, bool key) {
    return (!key || put('"')) && put_integer(value) && (!key || put('"'));
  }
  bool put_integer(std::int64_t value) {
    if (!out_.ensure(json::number_bytes_max)) return failure_.too_long();
    out_.advance(json::write_i64(out_.at(), value));
    return true;
  }

  bool write_double(double value, bool key) {
    const bool quotes = key && std::isfinite(value);  // the others have theirs anyway
    if (quotes && !put('"')) return false;
    if (!out_.ensure(json::number_bytes_max)) return failure_.too_long();
    out_.advance(json::write_f64(out_.at(), value));
    return !quotes || put('"');
  }

  bool write_uuid(const std::uint8_t* bytes) {
    if (!out_.ensure(base::uuid_text_bytes + 2)) return failure_.too_long();
    *out_.at() = '"';
    std::uint8_t* end = base::write_uuid(out_.at() + 1, bytes);
    *end = '"';
    out_.advance(end + 1);
    return true;
  }

  bool write_string(bool octets) {
    if (!has(4)) return false;
    const std::uint32_t size = codecs::load_be32(skip(4));
    if (size > static_cast<std::uint32_t>(std::numeric_limits<std::int32_t>::max())) {
      return failure_.fail(Reason::wire_malformed, "a string has a negative length");
    }
    if (!has(size)) return false;
    const std::uint8_t* bytes = skip(size);
    if (octets) {
      if (!out_.ensure(json::base64_bytes(size) + 2)) return failure_.too_long();
      *out_.at() = '"';
      std::uint8_t* end = json::write_base64(out_.at() + 1, {bytes, size});
      while (end[-1] == '=') --end;  // libthrift writes none
      *end = '"';
      out_.advance(end + 1);
      return true;
    }
    if (!codecs::is_utf8(bytes, size)) {
      return failure_.fail(Reason::map_utf8, "the text is not valid UTF-8, and JSON has no other");
    }
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    if (!out_.ensure(json::string_bytes(text))) return failure_.too_long();
    out_.advance(json::write_string(out_.at(), text));
    return true;
  }

  bool write_list(const ValueShape* shape, std::size_t levels) {
    if (levels == 0) return failure_.too_deep();
    if (!has(binary::list_head_bytes)) return false;
    const std::uint8_t* head = skip(binary::list_head_bytes);
    const std::uint8_t type = head[0];
    const std::uint32_t count = codecs::load_be32(head + 1);
    if (!may_hold(count, binary::element_bytes_min(type))) return false;
    const ValueShape* element = shape != nullptr ? shape->element : nullptr;
    if (element != nullptr && element->type != type) element = nullptr;
    if (!put('[') || !put_type(type) || !put_integer(count)) return false;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!put(',') || !write_value(type, element, levels - 1)) return failure_.at_index(i);
    }
    return put(']');
  }

  bool write_map(const ValueShape* shape, std::size_t levels) {
    if (levels == 0) return failure_.too_deep();
    if (!has(binary::map_head_bytes)) return false;
    const std::uint8_t* head = skip(binary::map_head_bytes);
    const std::uint8_t key_type = head[0];
    const std::uint8_t type = head[1];
    const std::uint32_t count = codecs::load_be32(head + 2);
    const std::size_t key_bytes = binary::element_bytes_min(key_type);
    const std::size_t bytes = binary::element_bytes_min(type);
    if (!may_hold(count, key_bytes == 0 || bytes == 0 ? 0 : key_bytes + bytes)) return false;
    if (!is_key(key_type)) {
      return failure_.fail(Reason::map_type, "a map's keys cannot be structs or containers in Thrift's JSON");
    }
    const ValueShape* key = shape != nullptr ? shape->key : nullptr;
    const ValueShape* element = shape != nullptr ? shape->element : nullptr;
    if (key != nullptr && key->type != key_type) key = nullptr;
    if (element != nullptr && element->type != type) element = nullptr;
    if (!put('[') || !put_type(key_type) || !put_type(type) || !put_integer(count) || !put(",{"))
      return false;
    for (std::uint32_t i = 0; i < count; ++i) {
      const bool good = (i == 0 || put(',')) && write_scalar(key_type, key, true) && put(':') &&
                        write_value(type, element, levels - 1);
      if (!good) return failure_.at_index(i);
    }
    return put("}]");
  }

  // Can so many elements, of so many bytes each at least (0: of no type), be in what is left?
  bool may_hold(std::uint32_t count, std::size_t bytes_each) {
    if (bytes_each == 0) return fail_type();
    if (count > static_cast<std::size_t>(end_ - at_) / bytes_each) {
      return failure_.fail(Reason::wire_truncated,
                           "a container says it has more elements than bytes are left");
    }
    return true;
  }
  bool put_type(std::uint8_t type) { return put('"') && put(name_of(type)) && put("\","); }

  bool has(std::size_t bytes) {
    if (static_cast<std::size_t>(end_ - at_) >= bytes) return true;
    return failure_.fail(Reason::wire_truncated, "the message ends inside a value");
  }
  const std::uint8_t* skip(std::size_t bytes) {
    const std::uint8_t* from = at_;
    at_ += bytes;
    return from;
  }
  bool put(char c) { return out_.put(c) || failure_.too_long(); }
  bool put(std::string_view text) { return out_.put(text) || failure_.too_long(); }
  bool fail_type() {
    return failure_.fail(Reason::wire_malformed, "these bytes are not a value of this format");
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  Sink& out_;
  Failure failure_;
};

}  // namespace

base::Status from_binary(base::Bytes binary, const StructShape* shape, std::size_t nesting_max, Sink& out) {
  return Writer(binary, out).run(shape, nesting_max);
}

}  // namespace koine::codecs::bodies::thrift_json
