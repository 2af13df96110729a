// Values in messages of Triple's (codecs/bodies/triple_wrapper/wrapper.h): what readers and writers of
// streams of Hessian2 do with them.
#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/protobuf/primitives.h"
#include "codecs/bodies/thrift_binary/primitives.h"
#include "codecs/bodies/triple_wrapper/wrapper.h"
#include "transcode/hessian_reader.h"
#include "transcode/hessian_writer.h"

namespace koine::transcode {
namespace {

namespace binary = codecs::bodies::thrift_binary;
namespace hessian2 = codecs::bodies::hessian2;
namespace protobuf = codecs::bodies::protobuf;
namespace triple_wrapper = codecs::bodies::triple_wrapper;
using base::Reason;
using triple_wrapper::Field;

constexpr std::uint8_t null_value[] = {hessian2::lead_null};

}  // namespace

base::Status HessianReader::run_wrapped() { return finish(read_wrapped(in_)); }

bool HessianReader::read_wrapped(base::Bytes message) {
  const HessianStruct& root = schema_.root();
  const bool is_request = root.type->role == idl::StructRole::arguments;
  triple_wrapper::FieldReader parts(message);
  base::Bytes value(null_value);
  std::size_t count = 0;
  while (parts.next()) {
    if (parts.field() != Field::value) continue;
    if (!is_request) {
      if (!parts.content().empty()) value = parts.content();
      continue;
    }
    if (count == root.fields.size()) {
      return fail(Reason::wire_malformed, "there are more arguments than parameters");
    }
    start_stream(parts.content());
    if (!read_field(root.fields[count++])) return false;
    if (at_ != end_) return fail(Reason::wire_malformed, "there are bytes behind the end of an argument");
  }
  if (!parts.status().ok()) return fail(parts.status().reason(), parts.status().message());
  if (!is_request) {
    start_stream(value);
    return read_to_end();
  }
  if (count != root.fields.size()) {
    return fail(Reason::wire_malformed, "there are fewer arguments than parameters");
  }
  return put8(binary::type_stop);
}

base::Status HessianWriter::run_wrapped(const std::vector<std::string>& types) {
  return run_carefully([&] {
    if (!put_field(Field::serialization, triple_wrapper::java_serialization)) return false;
    if (schema_.root().type->role == idl::StructRole::arguments) {
      if (!write_wrapped_arguments()) return false;
    } else if (!write_wrapped([this] { return write_root(); })) {
      return false;
    }
    for (const std::string& type : types) {
      if (!put_field(Field::type, type)) return false;
    }
    return true;
  });
}

base::Status HessianWriter::run_thrown(std::int32_t field, bool in_wrapper) {
  return run_carefully([&] {
    if (!in_wrapper) return write_thrown(field);
    const HessianField* thrown = schema_.root().find(static_cast<std::int16_t>(field));
    return put_field(Field::serialization, triple_wrapper::java_serialization) &&
           write_wrapped([&] { return write_thrown(field); }) &&
           put_field(Field::type, thrown->type->structure->class_name);
  });
}

bool HessianWriter::write_wrapped_arguments() {
  const HessianStruct& root = schema_.root();
  const std::uint8_t** const places = context_.arena.make_array<const std::uint8_t*>(root.fields.size());
  if (!find_fields(root, places)) return false;
  for (std::size_t i = 0; i < root.fields.size(); ++i) {
    const HessianField& field = root.fields[i];
    at_ = places[i];
    start_stream();
    if (!write_wrapped([&] { return at_ == nullptr ? write_absent(field) : write_field(field); }))
      return false;
  }
  return true;
}

template <class Write>
bool HessianWriter::write_wrapped(Write&& write) {
  std::size_t length_at = 0;
  if (!put8(static_cast<std::uint8_t>(
          protobuf::make_tag(static_cast<std::uint32_t>(Field::value), protobuf::wire_length)))) {
    return false;
  }
  if (!out_.open_length(length_at)) return too_long();
  return write() && (out_.close_length(length_at) || too_long());
}

bool HessianWriter::put_field(Field field, std::string_view content) {
  const auto tag = protobuf::make_tag(static_cast<std::uint32_t>(field), protobuf::wire_length);
  return put8(static_cast<std::uint8_t>(tag)) &&
         ((out_.put_varint(content.size()) && out_.put(content)) || too_long());
}

}  // namespace koine::transcode
