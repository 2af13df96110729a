// Resolution of features and lowering to proto2. Owner: see editions.h.
#include "idl/proto/editions.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/unknown_field_set.h>

namespace koine::idl::proto {
namespace pb = google::protobuf;
namespace {

using Field = pb::FieldDescriptorProto;

constexpr int edition_field = 14;
constexpr int file_features = 50;
constexpr int message_features = 12;
constexpr int field_features = 21;
constexpr int oneof_features = 1;
constexpr int enum_features = 7;

// enum Edition; what is between or behind them is for tests, or newer than these features' defaults.
constexpr std::array<std::pair<int, std::string_view>, 3> editions = {
    {{1000, "2023"}, {1001, "2024"}, {1002, "2026"}}};

// FeatureSet's fields and the numbers of their values.
enum Feature : int {
  field_presence = 1,
  enum_type,
  repeated_encoding,
  utf8_validation,
  message_encoding,
  json_format
};
constexpr int presence_explicit = 1, presence_implicit = 2, presence_required = 3;
constexpr int enum_open = 1, enum_closed = 2;
constexpr int repeated_packed = 1, repeated_expanded = 2;
constexpr int utf8_verify = 2, utf8_none = 3;
constexpr int encoding_length_prefixed = 1, encoding_delimited = 2;
constexpr int json_allow = 1, json_best_effort = 2;

struct FeatureRange {
  std::string_view name;
  int first;
  int last;
};
constexpr std::array<FeatureRange, 6> feature_ranges = {
    {{"field_presence", presence_explicit, presence_required},
     {"enum_type", enum_open, enum_closed},
     {"repeated_field_encoding", repeated_packed, repeated_expanded},
     {"utf8_validation", utf8_verify, utf8_none},
     {"message_encoding", encoding_length_prefixed, encoding_delimited},
     {"json_format", json_allow, json_best_effort}}};

base::Status wrong(std::string message) { return {base::Reason::idl_semantic, std::move(message)}; }

std::optional<std::uint64_t> edition_of(const pb::FileDescriptorProto& file) {
  std::optional<std::uint64_t> edition;
  const pb::UnknownFieldSet& unknown = file.GetReflection()->GetUnknownFields(file);
  for (int i = 0; i < unknown.field_count(); ++i) {
    const pb::UnknownField& field = unknown.field(i);
    if (field.number() == edition_field && field.type() == pb::UnknownField::TYPE_VARINT)
      edition = field.varint();
  }
  return edition;
}

bool is_message(const Field& field) {
  return field.type() == Field::TYPE_MESSAGE || field.type() == Field::TYPE_GROUP;
}

bool is_packable(const Field& field) {
  return field.has_type() && !is_message(field) && field.type() != Field::TYPE_STRING &&
         field.type() != Field::TYPE_BYTES;
}

}  // namespace

struct Editions::Features {
  // As an edition has them, and proto3.
  std::array<int, 7> values = {0,           presence_explicit,        enum_open, repeated_packed,
                               utf8_verify, encoding_length_prefixed, json_allow};

  int operator[](Feature feature) const { return values[static_cast<std::size_t>(feature)]; }

  // Takes what the options say; `number` is that of their FeatureSet.
  template <class Options>
  base::Status take(const Options& options, int number) {
    pb::UnknownFieldSet fields;
    if (!fields.ParseFromString(options.SerializeAsString())) return wrong("options that are no message");
    for (int i = 0; i < fields.field_count(); ++i) {
      const pb::UnknownField& field = fields.field(i);
      if (field.number() != number || field.type() != pb::UnknownField::TYPE_LENGTH_DELIMITED) continue;
      pb::UnknownFieldSet features;
      if (!features.ParseFromString(field.length_delimited())) return wrong("features that are no message");
      for (int j = 0; j < features.field_count(); ++j) {
        base::Status status = take(features.field(j));
        if (!status.ok()) return status;
      }
    }
    return {};
  }

  base::Status take(const pb::UnknownField& feature) {
    const int number = feature.number();
    if (number > json_format || feature.type() != pb::UnknownField::TYPE_VARINT) return {};
    const FeatureRange& range = feature_ranges[static_cast<std::size_t>(number - 1)];
    if (feature.varint() < static_cast<std::uint64_t>(range.first) ||
        feature.varint() > static_cast<std::uint64_t>(range.last)) {
      return wrong("the feature " + std::string(range.name) + " has the value " +
                   std::to_string(feature.varint()) + ", which is not known here");
    }
    values[static_cast<std::size_t>(number)] = static_cast<int>(feature.varint());
    return {};
  }
};

struct Editions::Scope {
  std::string prefix;  // of the full names in it: "pkg.Outer."
  Features features;
  bool edition = false;  // false: proto3
};

bool Editions::is_edition(const pb::FileDescriptorProto& file) {
  return file.syntax() == "editions" || edition_of(file).has_value();
}

bool Editions::lowers_with(const pb::FileDescriptorProto& file) {
  if (file.syntax() != "proto3") return false;
  const auto keeps_rules = [](const Field& field) {
    return field.label() != Field::LABEL_REQUIRED && field.type() != Field::TYPE_GROUP &&
           !field.has_default_value();
  };
  const auto begins_with_zero = [](const pb::EnumDescriptorProto& type) {
    return type.value_size() == 0 || type.value(0).number() == 0;
  };
  std::vector<const pb::DescriptorProto*> left;
  for (const auto& message : file.message_type()) left.push_back(&message);
  bool keeps = std::all_of(file.enum_type().begin(), file.enum_type().end(), begins_with_zero);
  while (keeps && !left.empty()) {
    const pb::DescriptorProto& message = *left.back();
    left.pop_back();
    keeps = message.extension_range_size() == 0 &&
            std::all_of(message.field().begin(), message.field().end(), keeps_rules) &&
            std::all_of(message.enum_type().begin(), message.enum_type().end(), begins_with_zero);
    for (const auto& nested : message.nested_type()) left.push_back(&nested);
  }
  return keeps;
}

base::Status Editions::lower(pb::FileDescriptorProto& file) {
  Scope scope;
  scope.edition = is_edition(file);
  std::string syntax = "proto3";
  if (scope.edition) {
    const std::optional<std::uint64_t> number = edition_of(file);
    const auto known = std::find_if(editions.begin(), editions.end(), [&](const auto& one) {
      return number == static_cast<std::uint64_t>(one.first);
    });
    if (known == editions.end()) {
      return wrong("its edition has the number " + (number ? std::to_string(*number) : std::string("0")) +
                   ", which is not known here; the newest is " + std::string(editions.back().second));
    }
    syntax = "edition " + std::string(known->second);
    base::Status status = scope.features.take(file.options(), file_features);
    if (!status.ok()) return status;
    if (scope.features[field_presence] == presence_required) {
      return wrong("field_presence = LEGACY_REQUIRED is for single fields");
    }
  } else {
    scope.features.values[field_presence] = presence_implicit;
  }
  if (!file.package().empty()) scope.prefix = file.package() + ".";
  for (pb::EnumDescriptorProto& type : *file.mutable_enum_type()) {
    base::Status status = lower(type, scope);
    if (!status.ok()) return status;
  }
  for (pb::DescriptorProto& message : *file.mutable_message_type()) {
    base::Status status = lower(message, scope);
    if (!status.ok()) return status;
  }
  for (Field& extension : *file.mutable_extension()) {
    base::Status status = lower(extension, scope, scope.features, false);
    if (!status.ok()) return status;
  }
  file.set_syntax("proto2");
  syntaxes_[file.name()] = std::move(syntax);
  return {};
}

base::Status Editions::lower(pb::EnumDescriptorProto& type, const Scope& around) {
  Features features = around.features;
  if (around.edition) {
    base::Status status = features.take(type.options(), enum_features);
    if (!status.ok()) return status;
  }
  const std::string name = around.prefix + type.name();
  closed_[name] = features[enum_type] == enum_closed;
  if (features[enum_type] == enum_open && type.value_size() > 0 && type.value(0).number() != 0) {
    return wrong("the enum '" + name + "' is open, so its first value must be 0");
  }
  return {};
}

base::Status Editions::lower(pb::DescriptorProto& message, const Scope& around) {
  if (message.options().map_entry()) return {};  // its map's features are what counts
  Scope scope{around.prefix + message.name() + ".", around.features, around.edition};
  const std::string name = around.prefix + message.name();
  if (scope.edition) {
    base::Status status = scope.features.take(message.options(), message_features);
    if (!status.ok()) return status;
  }
  std::map<std::string, bool> entries;  // maps' types -> whether there is text in them
  for (const pb::DescriptorProto& nested : message.nested_type()) {
    if (!nested.options().map_entry()) continue;
    const bool text = std::any_of(nested.field().begin(), nested.field().end(),
                                  [](const Field& field) { return field.type() == Field::TYPE_STRING; });
    entries["." + scope.prefix + nested.name()] = text;
  }
  std::vector<Features> oneofs;
  for (const pb::OneofDescriptorProto& oneof : message.oneof_decl()) {
    Features& features = oneofs.emplace_back(scope.features);
    if (!scope.edition) continue;
    base::Status status = features.take(oneof.options(), oneof_features);
    if (!status.ok()) return status;
  }
  bool texts = false;
  bool checked = true;
  int made_up_oneofs = 0;
  std::map<std::string, std::string> json_names;
  for (Field& field : *message.mutable_field()) {
    // An `optional` of proto3 is all there is in a oneof that was made up for it; those are the last ones.
    made_up_oneofs += field.proto3_optional() ? 1 : 0;
    const int oneof = field.has_oneof_index() && !field.proto3_optional() ? field.oneof_index() : -1;
    if (oneof >= static_cast<int>(oneofs.size()) || oneof < -1)
      return wrong("'" + name + "' has no such oneof");
    Features features = oneof < 0 ? scope.features : oneofs[static_cast<std::size_t>(oneof)];
    if (scope.edition) {
      base::Status status = features.take(field.options(), field_features);
      if (!status.ok()) return status;
    }
    const auto entry = entries.find(field.type_name());
    if (field.type() == Field::TYPE_STRING || (entry != entries.end() && entry->second)) {
      texts = true;
      checked = checked && features[utf8_validation] == utf8_verify;
    }
    const std::string json_name = field.has_json_name() ? field.json_name() : to_json_name(field.name());
    const auto [before, fresh] = json_names.emplace(json_name, field.name());
    if (!fresh && scope.features[json_format] == json_allow) {
      return wrong("'" + before->second + "' and '" + field.name() + "' of '" + name +
                   "' have one name in JSON, '" + json_name +
                   "'; json_format = LEGACY_BEST_EFFORT allows it");
    }
    base::Status status = lower(field, scope, features, entry != entries.end());
    if (!status.ok()) return status;
  }
  for (; made_up_oneofs > 0 && message.oneof_decl_size() > 0; --made_up_oneofs) {
    message.mutable_oneof_decl()->RemoveLast();
  }
  utf8_[name] = texts ? checked : scope.features[utf8_validation] == utf8_verify;
  for (pb::EnumDescriptorProto& type : *message.mutable_enum_type()) {
    base::Status status = lower(type, scope);
    if (!status.ok()) return status;
  }
  for (pb::DescriptorProto& nested : *message.mutable_nested_type()) {
    base::Status status = lower(nested, scope);
    if (!status.ok()) return status;
  }
  for (Field& extension : *message.mutable_extension()) {
    base::Status status = lower(extension, scope, scope.features, false);
    if (!status.ok()) return status;
  }
  return {};
}

base::Status Editions::lower(Field& field, const Scope& message, const Features& features, bool map) {
  const std::string name = message.prefix + field.name();
  const bool repeated = field.label() == Field::LABEL_REPEATED;
  const bool in_oneof = field.has_oneof_index() && !field.proto3_optional();
  Presence presence = Presence::optional;
  if (repeated) {
    presence = Presence::implicit;
  } else if (features[field_presence] == presence_required && !in_oneof) {
    presence = Presence::required;
    field.set_label(Field::LABEL_REQUIRED);
  } else if (features[field_presence] == presence_implicit && !in_oneof && !is_message(field) &&
             !field.proto3_optional() && !field.has_extendee()) {
    presence = Presence::implicit;
    if (field.has_default_value())
      return wrong("'" + name + "' has no presence, so it cannot have a default");
  }
  presences_[name] = presence;
  if (field.proto3_optional()) {
    field.clear_proto3_optional();
    field.clear_oneof_index();
  }
  if (repeated && is_packable(field)) {
    const bool told = !message.edition && field.options().has_packed();
    const bool packed = told ? field.options().packed() : features[repeated_encoding] == repeated_packed;
    field.mutable_options()->set_packed(packed);
  }
  // Of maps the entries are never written so.
  if (field.type() == Field::TYPE_MESSAGE && features[message_encoding] == encoding_delimited && !map) {
    field.set_type(Field::TYPE_GROUP);
  }
  return {};
}

const std::string* Editions::syntax_of(const std::string& file) const {
  const auto found = syntaxes_.find(file);
  return found == syntaxes_.end() ? nullptr : &found->second;
}

const Presence* Editions::presence_of(const std::string& field) const {
  const auto found = presences_.find(field);
  return found == presences_.end() ? nullptr : &found->second;
}

const bool* Editions::checks_utf8(const std::string& message) const {
  const auto found = utf8_.find(message);
  return found == utf8_.end() ? nullptr : &found->second;
}

const bool* Editions::closed(const std::string& enumeration) const {
  const auto found = closed_.find(enumeration);
  return found == closed_.end() ? nullptr : &found->second;
}

std::string edition_advice(std::string_view path, std::string_view name) {
  std::string folder(path.substr(0, path.size() - std::min(path.size(), name.size())));
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  if (folder.empty()) folder = ".";
  std::string set(name.substr(name.rfind('/') + 1));
  if (set.ends_with(".proto")) set.resize(set.size() - 6);
  set += ".binpb";
  return "a file of a protobuf edition is read from a descriptor set, not from its text; make one with "
         "protoc 27 or "
         "later (32 for edition 2024): protoc -I " +
         folder + " --include_imports --include_source_info --descriptor_set_out=" + set + " " +
         std::string(name) + ", and name " + set + " here";
}

}  // namespace koine::idl::proto
