// See protobuf_trees.h.
#include "transcode/proof/protobuf_trees.h"

#include <algorithm>
#include <utility>

#include <google/protobuf/util/type_resolver_util.h>

namespace koine::transcode::proof {
namespace {

using idl::Kind;
using Cpp = pb::FieldDescriptor::CppType;

constexpr const char* url_prefix = "type.googleapis.com";

}  // namespace

// libprotobuf asks for every type again in every call.
class ProtobufTrees::Resolver final : public pb::util::TypeResolver {
 public:
  explicit Resolver(const pb::DescriptorPool* pool)
      : below_(pb::util::NewTypeResolverForDescriptorPool(url_prefix, pool)) {}

  pb::util::Status ResolveMessageType(const std::string& url, pb::Type* type) override {
    const auto found = types_.find(url);
    if (found != types_.end()) {
      *type = found->second;
      return {};
    }
    const pb::util::Status status = below_->ResolveMessageType(url, type);
    if (status.ok()) types_[url] = *type;
    return status;
  }
  pb::util::Status ResolveEnumType(const std::string& url, pb::Enum* type) override {
    return below_->ResolveEnumType(url, type);
  }

 private:
  std::unique_ptr<pb::util::TypeResolver> below_;
  std::map<std::string, pb::Type> types_;
};

ProtobufTrees::ProtobufTrees(Pool& pool)
    : pool_(pool), resolver_(std::make_unique<Resolver>(pool.descriptors())) {}
ProtobufTrees::~ProtobufTrees() = default;

const std::vector<ProtobufTrees::Member>& ProtobufTrees::members(const idl::StructType& type,
                                                                 const pb::Descriptor& descriptor) {
  const auto [at, fresh] = members_.try_emplace(&type);
  if (fresh) {
    for (const idl::Field& field : type.fields) {
      at->second.push_back({&field, descriptor.FindFieldByNumber(field.id)});
    }
    std::sort(at->second.begin(), at->second.end(),
              [](const Member& a, const Member& b) { return a.field->id < b.field->id; });
  }
  return at->second;
}

// ---- trees to messages

std::string ProtobufTrees::to_bytes(const idl::StructType& type, const Value& value) {
  const auto message = pool_.make(type.full_name);
  fill(*message, type, value);
  return message->SerializePartialAsString();
}

void ProtobufTrees::fill(pb::Message& message, const idl::StructType& type, const Value& value) {
  const std::vector<Member>& all = members(type, *message.GetDescriptor());
  for (const auto& [id, content] : value.fields) {
    const auto at =
        std::find_if(all.begin(), all.end(), [n = id](const Member& m) { return m.field->id == n; });
    const idl::Type& field_type = *at->field->type;
    const pb::FieldDescriptor& field = *at->descriptor;
    if (field_type.kind == Kind::map) {
      for (std::size_t i = 0; i + 1 < content.items.size(); i += 2) {
        pb::Message& entry = *message.GetReflection()->AddMessage(&message, &field);
        put(entry, *field.message_type()->map_key(), *field_type.key, content.items[i]);
        put(entry, *field.message_type()->map_value(), *field_type.element, content.items[i + 1]);
      }
    } else if (field_type.kind == Kind::list || field_type.kind == Kind::set) {
      for (const Value& one : content.items) put(message, field, *field_type.element, one);
    } else {
      put(message, field, field_type, content);
    }
  }
}

// Sets a singular field, adds to a repeated one.
void ProtobufTrees::put(pb::Message& message, const pb::FieldDescriptor& field, const idl::Type& type,
                        const Value& value) {
  const pb::Reflection& r = *message.GetReflection();
  const bool add = field.is_repeated();
  switch (field.cpp_type()) {
#define KOINE_PUT(NAME, EXPRESSION) \
  add ? r.Add##NAME(&message, &field, EXPRESSION) : r.Set##NAME(&message, &field, EXPRESSION)
    case Cpp::CPPTYPE_INT32: KOINE_PUT(Int32, static_cast<std::int32_t>(value.number)); break;
    case Cpp::CPPTYPE_INT64: KOINE_PUT(Int64, value.number); break;
    case Cpp::CPPTYPE_UINT32: KOINE_PUT(UInt32, static_cast<std::uint32_t>(value.number)); break;
    case Cpp::CPPTYPE_UINT64: KOINE_PUT(UInt64, static_cast<std::uint64_t>(value.number)); break;
    case Cpp::CPPTYPE_DOUBLE: KOINE_PUT(Double, value.real); break;
    case Cpp::CPPTYPE_FLOAT: KOINE_PUT(Float, static_cast<float>(value.real)); break;
    case Cpp::CPPTYPE_BOOL: KOINE_PUT(Bool, value.number != 0); break;
    case Cpp::CPPTYPE_ENUM: KOINE_PUT(EnumValue, static_cast<int>(value.number)); break;
    case Cpp::CPPTYPE_STRING: KOINE_PUT(String, value.text); break;
    case Cpp::CPPTYPE_MESSAGE:
      fill(add ? *r.AddMessage(&message, &field) : *r.MutableMessage(&message, &field), *type.structure,
           value);
      break;
#undef KOINE_PUT
  }
}

// ---- messages to trees

std::optional<Value> ProtobufTrees::from_bytes(const idl::StructType& type, const std::string& bytes) {
  const auto message = pool_.parse(type.full_name, bytes);
  if (message == nullptr || referees::has_unknown_fields(*message)) return std::nullopt;
  return tree(*message, type);
}

Value ProtobufTrees::tree(const pb::Message& message, const idl::StructType& type) {
  Value value;
  const pb::Reflection& r = *message.GetReflection();
  for (const Member& member : members(type, *message.GetDescriptor())) {
    const pb::FieldDescriptor& field = *member.descriptor;
    const idl::Type& field_type = *member.field->type;
    if (!field.is_repeated()) {
      if (r.HasField(message, &field))
        value.fields.emplace_back(field.number(), item(message, field, field_type, -1));
      continue;
    }
    const int size = r.FieldSize(message, &field);
    if (size == 0) continue;
    Value& content = value.fields.emplace_back(field.number(), Value()).second;
    for (int i = 0; i < size; ++i) {
      if (field_type.kind != Kind::map) {
        content.items.push_back(item(message, field, *field_type.element, i));
        continue;
      }
      const pb::Message& entry = r.GetRepeatedMessage(message, &field, i);
      content.items.push_back(item(entry, *field.message_type()->map_key(), *field_type.key, -1));
      content.items.push_back(item(entry, *field.message_type()->map_value(), *field_type.element, -1));
    }
  }
  return value;
}

// The value of a singular field (index -1), or an element.
Value ProtobufTrees::item(const pb::Message& message, const pb::FieldDescriptor& field, const idl::Type& type,
                          int index) {
  Value value;
  const pb::Reflection& r = *message.GetReflection();
#define KOINE_GET(NAME) index < 0 ? r.Get##NAME(message, &field) : r.GetRepeated##NAME(message, &field, index)
  switch (field.cpp_type()) {
    case Cpp::CPPTYPE_INT32: value.number = KOINE_GET(Int32); break;
    case Cpp::CPPTYPE_INT64: value.number = KOINE_GET(Int64); break;
    case Cpp::CPPTYPE_UINT32: value.number = KOINE_GET(UInt32); break;
    case Cpp::CPPTYPE_UINT64: value.number = static_cast<std::int64_t>(KOINE_GET(UInt64)); break;
    case Cpp::CPPTYPE_DOUBLE: value.real = KOINE_GET(Double); break;
    case Cpp::CPPTYPE_FLOAT: value.real = static_cast<double>(KOINE_GET(Float)); break;
    case Cpp::CPPTYPE_BOOL: value.number = static_cast<int>(KOINE_GET(Bool)); break;
    case Cpp::CPPTYPE_ENUM: value.number = KOINE_GET(EnumValue); break;
    case Cpp::CPPTYPE_STRING: value.text = KOINE_GET(String); break;
    case Cpp::CPPTYPE_MESSAGE:
      return tree(index < 0 ? r.GetMessage(message, &field) : r.GetRepeatedMessage(message, &field, index),
                  *type.structure);
  }
#undef KOINE_GET
  return value;
}

// ---- JSON

std::optional<std::string> ProtobufTrees::to_json(const idl::StructType& type, const std::string& bytes) {
  std::string json;
  const std::string url = std::string(url_prefix) + "/" + type.full_name;
  if (!pb::util::BinaryToJsonString(resolver_.get(), url, bytes, &json).ok()) return std::nullopt;
  return json;
}

std::optional<std::string> ProtobufTrees::from_json(const idl::StructType& type, const std::string& json) {
  std::string bytes;
  const std::string url = std::string(url_prefix) + "/" + type.full_name;
  if (!pb::util::JsonToBinaryString(resolver_.get(), url, json, &bytes).ok()) return std::nullopt;
  return bytes;
}

}  // namespace koine::transcode::proof
