// Scans of texts and of descriptor sets. Owner: see bounds.h; pure functions.
#include "idl/proto/bounds.h"

#include <algorithm>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

namespace koine::idl::proto {
namespace pb = google::protobuf;
namespace {

using Wire = pb::internal::WireFormatLite;

enum class Holder { set, file, message, enumeration, service, source_info };

// What the length-delimited field `number` of a holder holds; false: nothing that is counted.
bool enter(Holder holder, int number, Holder& inside, bool& leaf) {
  leaf = true;
  switch (holder) {
    case Holder::set:  // file
      leaf = false;
      inside = Holder::file;
      return number == 1;
    case Holder::file:  // dependency; message, enum, service, extension, source_code_info
      if (number == 3 || number == 7) return true;
      leaf = false;
      inside = number == 4   ? Holder::message
               : number == 5 ? Holder::enumeration
               : number == 6 ? Holder::service
                             : Holder::source_info;
      return number == 4 || number == 5 || number == 6 || number == 9;
    case Holder::message:  // field, extension_range, extension, oneof, reserved ones; nested message, enum
      if (number == 2 || number == 5 || number == 6 || (number >= 8 && number <= 10)) return true;
      leaf = false;
      inside = number == 3 ? Holder::message : Holder::enumeration;
      return number == 3 || number == 4;
    case Holder::enumeration: return number == 2 || number == 4 || number == 5;
    case Holder::service: return number == 2;
    case Holder::source_info: return number == 1;
  }
  return false;
}

bool holds_deep_text(const pb::Message& message) {
  if (message.GetDescriptor() == pb::UninterpretedOption::descriptor()) {
    return shape_of(static_cast<const pb::UninterpretedOption&>(message).aggregate_value()).depth >
           brackets_max;
  }
  const pb::Reflection& reflection = *message.GetReflection();
  std::vector<const pb::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    if (field->cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      if (holds_deep_text(reflection.GetMessage(message, field))) return true;
      continue;
    }
    const int size = reflection.FieldSize(message, field);
    for (int i = 0; i < size; ++i) {
      if (holds_deep_text(reflection.GetRepeatedMessage(message, field, i))) return true;
    }
  }
  return false;
}

}  // namespace

TextShape shape_of(std::string_view text) {
  TextShape shape;
  std::size_t open = 0;
  int line = 0;
  const auto at = [&](std::size_t i) { return i < text.size() ? text[i] : '\0'; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '\n': ++line; break;
      case '/':
        if (at(i + 1) == '/') {
          i = std::min(text.find('\n', i), text.size()) - 1;
        } else if (at(i + 1) == '*') {
          const std::size_t end = std::min(text.find("*/", i + 2), text.size());
          line += static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(i),
                                              text.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
          i = end + 1;
        }
        break;
      case '"':
      case '\'': {
        const char quote = text[i];
        ++i;
        while (i < text.size() && text[i] != quote && text[i] != '\n') i += text[i] == '\\' ? 2u : 1u;
        if (at(i) == '\n') ++line;
        break;
      }
      case '{':
      case '<':
      case '[':
        ++shape.parts;
        shape.depth = std::max(shape.depth, ++open);
        if (shape.depth == brackets_max + 1 && shape.deepest_line == 0) shape.deepest_line = line;
        break;
      case '}':
      case '>':
      case ']':
        if (open > 0) --open;
        break;
      case ';':
      case ',': ++shape.parts; break;
      default: break;
    }
  }
  return shape;
}

std::size_t count_parts(std::string_view set) {
  constexpr std::size_t places_a_part = 8;
  std::size_t parts = 0;
  std::size_t places = 0;
  struct Range {
    std::string_view bytes;
    Holder holder;
  };
  std::vector<Range> left = {{set, Holder::set}};
  while (!left.empty()) {
    const Range range = left.back();
    left.pop_back();
    pb::io::CodedInputStream input(reinterpret_cast<const std::uint8_t*>(range.bytes.data()),
                                   static_cast<int>(range.bytes.size()));
    while (const std::uint32_t tag = input.ReadTag()) {
      if (Wire::GetTagWireType(tag) != Wire::WIRETYPE_LENGTH_DELIMITED) {
        if (!Wire::SkipField(&input, tag)) break;
        continue;
      }
      std::uint32_t length = 0;
      if (!input.ReadVarint32(&length)) break;
      const auto begin = static_cast<std::size_t>(input.CurrentPosition());
      if (length > range.bytes.size() - begin) break;
      Holder inside = range.holder;
      bool leaf = true;
      if (enter(range.holder, Wire::GetTagFieldNumber(tag), inside, leaf)) {
        ++(range.holder == Holder::source_info ? places : parts);
        if (!leaf) left.push_back({range.bytes.substr(begin, length), inside});
      }
      input.Skip(static_cast<int>(length));
    }
  }
  return parts + places / places_a_part;
}

bool has_deep_option(const pb::FileDescriptorSet& set, std::string_view bytes) {
  constexpr std::string_view uninterpreted_option_tag = "\xBA\x3E";  // 999, in every options message
  return bytes.find(uninterpreted_option_tag) != std::string_view::npos && holds_deep_text(set);
}

}  // namespace koine::idl::proto
