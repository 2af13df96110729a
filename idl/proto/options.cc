// Annotations <-> options, by reflection over idl/koine/options.proto: every option there works the moment it
// is declared. Owner: see options.h.
#include "idl/proto/options.h"

#include <algorithm>
#include <cstdio>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/message.h>

#include "idl/proto/write.h"
#include "koine/options.pb.h"

namespace koine::idl::proto {
namespace pb = google::protobuf;
namespace {

constexpr std::string_view annotation_prefix = "koine.";
constexpr std::string_view generic_field = "annotations";

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

std::string uppered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

// MessageOptions.Form -> "FORM_".
std::string value_prefix(const pb::EnumDescriptor& type) { return uppered(type.name()) + "_"; }

std::string message_text(const pb::Message& message) {
  if (message.GetDescriptor() == koine::MethodOptions::Throws::descriptor()) {
    const auto& declared = static_cast<const koine::MethodOptions::Throws&>(message);
    return declared.type() + " " + declared.name() + " " + std::to_string(declared.id());
  }
  return {};
}

std::string value_text(const pb::Message& options, const pb::FieldDescriptor& field, int index) {
  const pb::Reflection& reflection = *options.GetReflection();
  const bool repeated = index >= 0;
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_STRING:
      return repeated ? reflection.GetRepeatedString(options, &field, index)
                      : reflection.GetString(options, &field);
    case pb::FieldDescriptor::CPPTYPE_BOOL: return reflection.GetBool(options, &field) ? "true" : "false";
    case pb::FieldDescriptor::CPPTYPE_INT32: return std::to_string(reflection.GetInt32(options, &field));
    case pb::FieldDescriptor::CPPTYPE_ENUM: {
      const std::string prefix = value_prefix(*field.enum_type());
      std::string name = reflection.GetEnum(options, &field)->name();
      return lowered(name.starts_with(prefix) ? name.substr(prefix.size()) : name);
    }
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
      return repeated ? message_text(reflection.GetRepeatedMessage(options, &field, index)) : std::string();
    default: return {};
  }
}

Annotations to_annotations(const pb::Message& options) {
  Annotations result;
  std::vector<const pb::FieldDescriptor*> fields;
  options.GetReflection()->ListFields(options, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    const std::string name = std::string(annotation_prefix) + field->name();
    if (!field->is_repeated()) {
      result.push_back({name, value_text(options, *field, -1)});
      continue;
    }
    const int size = options.GetReflection()->FieldSize(options, field);
    for (int i = 0; i < size; ++i) {
      if (field->name() != generic_field) {
        result.push_back({name, value_text(options, *field, i)});
        continue;
      }
      const auto& generic = static_cast<const koine::Annotation&>(
          options.GetReflection()->GetRepeatedMessage(options, field, i));
      result.push_back({generic.name(), generic.value()});
    }
  }
  return result;
}

// Options come out of a pool that does not know our generated code; going through bytes makes them ours.
template <class Standard, class Extension>
Annotations read(const Standard& options, const Extension& extension) {
  Annotations result;
  Standard known;
  if (!known.ParseFromString(options.SerializeAsString())) return result;
  Annotations ours;
  if (known.HasExtension(extension)) ours = to_annotations(known.GetExtension(extension));
  if constexpr (requires { known.deprecated(); }) {
    // A reason says it too.
    if (known.deprecated() && find_annotation(ours, "deprecated") == nullptr) {
      result.push_back({"deprecated", "true"});
    }
  }
  result.insert(result.end(), ours.begin(), ours.end());
  return result;
}

struct Extension {
  std::string_view name;
  const pb::Descriptor* options;
};

Extension extension_of(Element element) {
  switch (element) {
    case Element::file: return {"(koine.file)", koine::FileOptions::descriptor()};
    case Element::message: return {"(koine.message)", koine::MessageOptions::descriptor()};
    case Element::field: return {"(koine.field)", koine::FieldOptions::descriptor()};
    case Element::enum_type: return {"(koine.enum_type)", koine::EnumOptions::descriptor()};
    case Element::enum_value: return {"(koine.enum_value)", koine::EnumValueOptions::descriptor()};
    case Element::service: return {"(koine.service)", koine::ServiceOptions::descriptor()};
    case Element::method: break;
  }
  return {"(koine.method)", koine::MethodOptions::descriptor()};
}

bool is_integer(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.size() < 11 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "shop.NotFound notFound 1" as a message literal; empty when it is not of that shape.
std::string throws_literal(const std::string& text) {
  const std::size_t first = text.find(' ');
  const std::size_t last = text.rfind(' ');
  if (first == std::string::npos || first == last || !is_integer(text.substr(last + 1))) return {};
  return "{ type: " + in_quotes(text.substr(0, first)) +
         " name: " + in_quotes(text.substr(first + 1, last - first - 1)) + " id: " + text.substr(last + 1) +
         " }";
}

// The value in .proto syntax; empty when the annotation's text does not fit the option.
std::string printed_value(const pb::FieldDescriptor& field, const std::string& text) {
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_STRING: return in_quotes(text);
    case pb::FieldDescriptor::CPPTYPE_BOOL: return text == "true" ? text : std::string();
    case pb::FieldDescriptor::CPPTYPE_INT32: return is_integer(text) ? text : std::string();
    case pb::FieldDescriptor::CPPTYPE_ENUM: {
      const std::string name = value_prefix(*field.enum_type()) + uppered(text);
      return field.enum_type()->FindValueByName(name) != nullptr ? name : std::string();
    }
    case pb::FieldDescriptor::CPPTYPE_MESSAGE: return throws_literal(text);
    default: return {};
  }
}

}  // namespace

Annotations read_options(const pb::FileOptions& options) {
  Annotations result = read(options, koine::file);
  return result;
}
Annotations read_options(const pb::MessageOptions& options) { return read(options, koine::message); }
Annotations read_options(const pb::FieldOptions& options) { return read(options, koine::field); }
Annotations read_options(const pb::EnumOptions& options) { return read(options, koine::enum_type); }
Annotations read_options(const pb::EnumValueOptions& options) { return read(options, koine::enum_value); }
Annotations read_options(const pb::ServiceOptions& options) { return read(options, koine::service); }
Annotations read_options(const pb::MethodOptions& options) { return read(options, koine::method); }

std::string take(Annotations& annotations, std::string_view name) {
  for (auto it = annotations.begin(); it != annotations.end(); ++it) {
    if (it->name != name) continue;
    std::string value = std::move(it->value);
    annotations.erase(it);
    return value;
  }
  return {};
}

bool take_uuid(Annotations& annotations, std::string_view name) {
  const std::string* value = find_annotation(annotations, name);
  if (value == nullptr || *value != "uuid") return false;
  take(annotations, name);
  return true;
}

std::string options_file() { return koine::FieldOptions::descriptor()->file()->DebugString(); }

std::string in_quotes(std::string_view text) {
  const bool utf8 = pb::internal::IsStructurallyValidUTF8(text.data(), static_cast<int>(text.size()));
  std::string out = "\"";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !utf8)) {
      char octal[5];
      std::snprintf(octal, sizeof octal, "\\%03o", byte);
      out += octal;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::vector<PrintedOption> print_options(Element element, const Annotations& annotations) {
  std::vector<PrintedOption> result;
  const Extension extension = extension_of(element);
  std::vector<std::pair<int, PrintedOption>> ours;
  for (const Annotation& annotation : annotations) {
    if (annotation.name == "deprecated") {
      const bool plain = annotation.value == "true" || annotation.value == "1";
      if (result.empty()) result.push_back({"deprecated", "true", false});
      if (plain) continue;  // anything else is a reason worth keeping
    }
    const pb::FieldDescriptor* field = nullptr;
    if (annotation.name.starts_with(annotation_prefix)) {
      field = extension.options->FindFieldByName(annotation.name.substr(annotation_prefix.size()));
    }
    const std::string value = field == nullptr || field->name() == generic_field
                                  ? std::string()
                                  : printed_value(*field, annotation.value);
    if (!value.empty()) {
      const bool again = !field->is_repeated() && std::any_of(ours.begin(), ours.end(), [&](const auto& one) {
        return one.first == field->number();
      });
      if (!again) {
        ours.push_back({field->number(), {std::string(extension.name) + "." + field->name(), value, true}});
        continue;
      }
      // A second name is what the source itself says of names, behind what derivation says.
      if (field->name() != "name") continue;
    }
    ours.push_back(
        {koine::FieldOptions::kAnnotationsFieldNumber,
         {std::string(extension.name) + ".annotations",
          "{ name: " + in_quotes(annotation.name) + " value: " + in_quotes(annotation.value) + " }", true}});
  }
  std::stable_sort(ours.begin(), ours.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [number, option] : ours) result.push_back(std::move(option));
  return result;
}

}  // namespace koine::idl::proto
