// Messages of any proto schema by libprotobuf's DynamicMessage, random ones included. Test code only.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <google/protobuf/compiler/importer.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "transcode/referees/thrift_values.h"

namespace koine::transcode::referees {

namespace pb = google::protobuf;

// libprotobuf's view of .proto texts.
class Pool {
 public:
  explicit Pool(const std::map<std::string, std::string>& files) : tree_(files), importer_(&tree_, &errors_) {
    for (const auto& [path, text] : files) EXPECT_NE(importer_.Import(path), nullptr) << path << "\n" << text;
  }

  const pb::DescriptorPool* descriptors() const { return importer_.pool(); }
  const pb::Descriptor* find(const std::string& name) const {
    const pb::Descriptor* type = importer_.pool()->FindMessageTypeByName(name);
    EXPECT_NE(type, nullptr) << name;
    return type;
  }
  std::unique_ptr<pb::Message> make(const std::string& name) {
    const pb::Descriptor* type = find(name);
    return std::unique_ptr<pb::Message>(type == nullptr ? nullptr : factory_.GetPrototype(type)->New());
  }
  // Null when libprotobuf refuses the bytes.
  std::unique_ptr<pb::Message> parse(const std::string& name, const std::string& bytes) {
    auto message = make(name);
    if (message == nullptr || !message->ParsePartialFromString(bytes)) return nullptr;
    return message;
  }

 private:
  class Tree final : public pb::compiler::SourceTree {
   public:
    explicit Tree(std::map<std::string, std::string> files) : files_(std::move(files)) {
      disk_.MapPath("", "/usr/include");
    }
    pb::io::ZeroCopyInputStream* Open(const std::string& path) override {
      const auto at = files_.find(path);
      if (at == files_.end()) return disk_.Open(path);
      return new pb::io::ArrayInputStream(at->second.data(), static_cast<int>(at->second.size()));
    }

   private:
    std::map<std::string, std::string> files_;
    pb::compiler::DiskSourceTree disk_;
  };
  class Errors final : public pb::compiler::MultiFileErrorCollector {
   public:
    void AddError(const std::string& file, int line, int /*column*/, const std::string& message) override {
      ADD_FAILURE() << file << ":" << line + 1 << ": " << message;
    }
  };

  Errors errors_;
  Tree tree_;
  pb::compiler::Importer importer_;
  pb::DynamicMessageFactory factory_;
};

inline bool has_unknown_fields(const pb::Message& message) {
  const pb::Reflection& reflection = *message.GetReflection();
  if (!reflection.GetUnknownFields(message).empty()) return true;
  std::vector<const pb::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    if (field->cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      if (has_unknown_fields(reflection.GetMessage(message, field))) return true;
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      if (has_unknown_fields(reflection.GetRepeatedMessage(message, field, i))) return true;
    }
  }
  return false;
}

// The entries of every map in one order: libprotobuf's is its own.
inline void sort_maps(const idl::StructType& type, Value& value);
inline void sort_maps(const idl::Type& type, Value& value) {
  if (type.kind == Kind::structure) sort_maps(*type.structure, value);
  if (type.kind == Kind::list || type.kind == Kind::set) {
    for (Value& item : value.items) sort_maps(*type.element, item);
  }
  if (type.kind != Kind::map) return;
  std::vector<std::pair<std::string, std::pair<Value, Value>>> entries;
  for (std::size_t i = 0; i + 1 < value.items.size(); i += 2) {
    sort_maps(*type.key, value.items[i]);
    sort_maps(*type.element, value.items[i + 1]);
    entries.push_back({print(value.items[i]), {value.items[i], value.items[i + 1]}});
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  value.items.clear();
  for (auto& [text, entry] : entries) {
    value.items.push_back(std::move(entry.first));
    value.items.push_back(std::move(entry.second));
  }
}
inline void sort_maps(const idl::StructType& type, Value& value) {
  for (auto& [id, field] : value.fields) sort_maps(*type.find_field(id)->type, field);
}

// Random messages with numbers that Thrift has, and enum numbers that are declared.
class RandomMessages {
 public:
  explicit RandomMessages(std::uint32_t seed) : engine_(seed) {}

  // Nothing for a type without finite message (one that requires itself).
  std::unique_ptr<pb::Message> try_make(Pool& pool, const std::string& name) {
    auto message = pool.make(name);
    try {
      fill(*message);
    } catch (const TooDeep&) { return nullptr; }
    return message;
  }

  std::size_t below(std::size_t count) { return engine_() % count; }

 private:
  struct TooDeep {};

  void fill(pb::Message& message, int depth = 0) {
    if (depth > 20) throw TooDeep();
    const pb::Descriptor& type = *message.GetDescriptor();
    std::set<const pb::OneofDescriptor*> chosen;
    for (int i = 0; i < type.field_count(); ++i) {
      const pb::FieldDescriptor& field = *type.field(i);
      const pb::OneofDescriptor* oneof = field.real_containing_oneof();
      if (oneof != nullptr) {
        if (!chosen.insert(oneof).second) continue;
        set(message, *pick(*oneof, depth), depth);
        continue;
      }
      const bool is_message = field.cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE;
      if (field.is_repeated()) {
        std::set<std::string> keys;
        for (std::size_t n = depth > 3 && is_message ? 0 : below(4); n > 0; --n) {
          add(message, field, depth);
          if (field.is_map() && !keys.insert(last_key(message, field)).second) {
            message.GetReflection()->RemoveLast(&message, &field);
          }
        }
      } else if (field.is_required() || (type.options().map_entry() && is_message) ||
                 (below(3) != 0 && !(is_message && depth > 3))) {
        set(message, field, depth);
      }
    }
  }

  static std::string last_key(const pb::Message& message, const pb::FieldDescriptor& field) {
    const pb::Reflection& reflection = *message.GetReflection();
    const pb::Message& entry =
        reflection.GetRepeatedMessage(message, &field, reflection.FieldSize(message, &field) - 1);
    std::string text;
    pb::TextFormat::PrintFieldValueToString(entry, field.message_type()->map_key(), -1, &text);
    return text;
  }
  const pb::FieldDescriptor* pick(const pb::OneofDescriptor& oneof, int depth) {
    for (int i = 0; depth > 3 && i < oneof.field_count(); ++i) {
      if (oneof.field(i)->cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) return oneof.field(i);
    }
    return oneof.field(static_cast<int>(below(static_cast<std::size_t>(oneof.field_count()))));
  }
  std::int64_t number() {
    const auto all = static_cast<std::int64_t>(static_cast<std::uint64_t>(engine_()) << 32 | engine_());
    return below(6) == 0 ? 0 : all >> below(63);
  }
  std::string text() {
    std::string out;
    for (std::size_t i = below(30); i > 0; --i)
      out += below(9) == 0 ? "\xc3\xa9" : std::string(1, static_cast<char>('a' + below(26)));
    return out;
  }
  const pb::EnumValueDescriptor* enum_value(const pb::FieldDescriptor& field) {
    return field.enum_type()->value(
        static_cast<int>(below(static_cast<std::size_t>(field.enum_type()->value_count()))));
  }

  void set(pb::Message& message, const pb::FieldDescriptor& field, int depth) {
    const pb::Reflection& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_INT32:
        reflection.SetInt32(&message, &field, static_cast<std::int32_t>(number()));
        break;
      case pb::FieldDescriptor::CPPTYPE_INT64: reflection.SetInt64(&message, &field, number()); break;
      case pb::FieldDescriptor::CPPTYPE_UINT32:
        reflection.SetUInt32(&message, &field, static_cast<std::uint32_t>(number()));
        break;
      case pb::FieldDescriptor::CPPTYPE_UINT64:
        reflection.SetUInt64(&message, &field, static_cast<std::uint64_t>(number()) >> 1);
        break;
      case pb::FieldDescriptor::CPPTYPE_DOUBLE:
        reflection.SetDouble(&message, &field, static_cast<double>(number()) / 3);
        break;
      case pb::FieldDescriptor::CPPTYPE_FLOAT:
        reflection.SetFloat(&message, &field, static_cast<float>(number()) / 3);
        break;
      case pb::FieldDescriptor::CPPTYPE_BOOL: reflection.SetBool(&message, &field, below(2) == 0); break;
      case pb::FieldDescriptor::CPPTYPE_ENUM: reflection.SetEnum(&message, &field, enum_value(field)); break;
      case pb::FieldDescriptor::CPPTYPE_STRING: reflection.SetString(&message, &field, text()); break;
      case pb::FieldDescriptor::CPPTYPE_MESSAGE:
        fill(*reflection.MutableMessage(&message, &field), depth + 1);
        break;
    }
  }
  void add(pb::Message& message, const pb::FieldDescriptor& field, int depth) {
    const pb::Reflection& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_INT32:
        reflection.AddInt32(&message, &field, static_cast<std::int32_t>(number()));
        break;
      case pb::FieldDescriptor::CPPTYPE_INT64: reflection.AddInt64(&message, &field, number()); break;
      case pb::FieldDescriptor::CPPTYPE_UINT32:
        reflection.AddUInt32(&message, &field, static_cast<std::uint32_t>(number()));
        break;
      case pb::FieldDescriptor::CPPTYPE_UINT64:
        reflection.AddUInt64(&message, &field, static_cast<std::uint64_t>(number()) >> 1);
        break;
      case pb::FieldDescriptor::CPPTYPE_DOUBLE:
        reflection.AddDouble(&message, &field, static_cast<double>(number()) / 3);
        break;
      case pb::FieldDescriptor::CPPTYPE_FLOAT:
        reflection.AddFloat(&message, &field, static_cast<float>(number()) / 3);
        break;
      case pb::FieldDescriptor::CPPTYPE_BOOL: reflection.AddBool(&message, &field, below(2) == 0); break;
      case pb::FieldDescriptor::CPPTYPE_ENUM: reflection.AddEnum(&message, &field, enum_value(field)); break;
      case pb::FieldDescriptor::CPPTYPE_STRING: reflection.AddString(&message, &field, text()); break;
      case pb::FieldDescriptor::CPPTYPE_MESSAGE:
        fill(*reflection.AddMessage(&message, &field), depth + 1);
        break;
    }
  }

  std::mt19937 engine_;
};

}  // namespace koine::transcode::referees
