// Values of the table as messages, messages as comparable text, and statuses as the runner matches them.
#pragma once

#include <algorithm>
#include <memory>
#include <string>

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/time_util.h>
#include <grpcpp/grpcpp.h>

#include "../cpp/peer.h"
#include "gen/status.pb.h"

namespace grpc_peer {

using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Value;
using google::protobuf::util::TimeUtil;

inline Value parsed(const std::string& json) {
  Value value;
  if (!google::protobuf::util::JsonStringToMessage(json, &value).ok())
    throw std::runtime_error("not JSON: " + json.substr(0, 200));
  return value;
}

inline std::string unhex(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  return bytes;
}

// RED of either contract: the file's one enum puts its own name before it.
inline int enum_number(const Descriptor* near, const std::string& text) {
  const auto* kind = near->file()->enum_type(0);
  for (int i = 0; i < kind->value_count(); ++i) {
    const std::string& name = kind->value(i)->name();
    if (name.size() > text.size() &&
        name.compare(name.size() - text.size() - 1, std::string::npos, "_" + text) == 0)
      return kind->value(i)->number();
  }
  return std::stoi(text);
}

// Messages are filled by reflection, so that one table serves every type. Numbers come as text, of full
// precision.
class Filler {
 public:
  static void fill(Message& message, const Value& value) {
    const std::string& name = message.GetDescriptor()->full_name();
    if (name == "google.protobuf.Timestamp" && value.has_string_value()) {
      TimeUtil::FromString(value.string_value(), static_cast<google::protobuf::Timestamp*>(&message));
      return;
    }
    if (name == "google.protobuf.Duration" && value.has_string_value()) {
      TimeUtil::FromString(value.string_value(), static_cast<google::protobuf::Duration*>(&message));
      return;
    }
    if (!value.has_struct_value())
      return fill_field(message, *message.GetDescriptor()->field(0),
                        value);  // a wrapper of what is no message
    if (message.GetDescriptor()->field_count() == 1 && message.GetDescriptor()->field(0)->is_map() &&
        !value.struct_value().fields().contains(message.GetDescriptor()->field(0)->name()))
      return fill_field(message, *message.GetDescriptor()->field(0), value);  // a wrapper of a map
    for (const auto& [key, item] : value.struct_value().fields()) {
      const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(key);
      if (field == nullptr) throw std::runtime_error(name + " has no field " + key);
      fill_field(message, *field, item);
    }
  }

 private:
  static void fill_field(Message& message, const FieldDescriptor& field, const Value& value) {
    const auto* reflection = message.GetReflection();
    if (field.is_map()) {
      for (const auto& [key, item] : value.struct_value().fields()) {
        Message* entry = reflection->AddMessage(&message, &field);
        Value name;
        name.set_string_value(key);
        set(*entry, *field.message_type()->map_key(), name);
        set(*entry, *field.message_type()->map_value(), item);
      }
    } else if (field.is_repeated()) {
      for (const auto& item : value.list_value().values()) set(message, field, item);
    } else {
      set(message, field, value);
    }
  }

  // Sets a single field, or adds to a repeated one.
  static void set(Message& message, const FieldDescriptor& field, const Value& value) {
    const auto* to = message.GetReflection();
    const bool many = field.is_repeated();
    const std::string& text = value.string_value();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return fill(many ? *to->AddMessage(&message, &field) : *to->MutableMessage(&message, &field), value);
      case FieldDescriptor::CPPTYPE_STRING: {
        const std::string whole = value.has_struct_value()
                                      ? unhex(value.struct_value().fields().at("$bytes").string_value())
                                      : text;
        return many ? to->AddString(&message, &field, whole) : to->SetString(&message, &field, whole);
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        return many ? to->AddBool(&message, &field, text == "true")
                    : to->SetBool(&message, &field, text == "true");
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int number = enum_number(message.GetDescriptor(), text);
        return many ? to->AddEnumValue(&message, &field, number) : to->SetEnumValue(&message, &field, number);
      }
      case FieldDescriptor::CPPTYPE_INT32: {
        // An enum as map key has become a plain number in the derived .proto.
        const bool named = text[0] != '-' && (text[0] < '0' || text[0] > '9');
        const auto number = named ? enum_number(message.GetDescriptor(), text) : std::stoi(text);
        return many ? to->AddInt32(&message, &field, number) : to->SetInt32(&message, &field, number);
      }
      case FieldDescriptor::CPPTYPE_INT64:
        return many ? to->AddInt64(&message, &field, std::stoll(text))
                    : to->SetInt64(&message, &field, std::stoll(text));
      case FieldDescriptor::CPPTYPE_UINT32:
        return to->SetUInt32(&message, &field, static_cast<std::uint32_t>(std::stoul(text)));
      case FieldDescriptor::CPPTYPE_UINT64: return to->SetUInt64(&message, &field, std::stoull(text));
      case FieldDescriptor::CPPTYPE_FLOAT:
        return to->SetFloat(&message, &field, static_cast<float>(std::strtod(text.c_str(), nullptr)));
      case FieldDescriptor::CPPTYPE_DOUBLE: {  // strtod, because stod throws for the smallest of them
        const double number = std::strtod(text.c_str(), nullptr);
        return many ? to->AddDouble(&message, &field, number) : to->SetDouble(&message, &field, number);
      }
    }
  }
};

template <class T>
T message_of(const Value& value) {
  T message;
  Filler::fill(message, value);
  return message;
}

// Sets have no order; in proto they are the repeated fields named so.
inline void sort_sets(Message& message) {
  const auto* reflection = message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    const std::string& name = field->name();
    if (!field->is_repeated() || name.size() < 3 || name.compare(name.size() - 3, 3, "Set") != 0) continue;
    const int count = reflection->FieldSize(message, field);
    const auto before = [&](int left, int right) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING)
        return reflection->GetRepeatedString(message, field, left) <
               reflection->GetRepeatedString(message, field, right);
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM)
        return reflection->GetRepeatedEnumValue(message, field, left) <
               reflection->GetRepeatedEnumValue(message, field, right);
      return reflection->GetRepeatedInt32(message, field, left) <
             reflection->GetRepeatedInt32(message, field, right);
    };
    for (int at = 1; at < count; ++at)  // a handful of elements
      for (int to = at; to > 0 && before(to, to - 1); --to)
        reflection->SwapElements(&message, field, to, to - 1);
  }
}

// Text that is equal exactly when the messages are: presence shows, maps are sorted, doubles have all their
// digits, and fields that the schema does not know show as well.
inline std::string text_of(const Message& message) {
  std::unique_ptr<Message> sorted(message.New());
  sorted->CopyFrom(message);
  sort_sets(*sorted);
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  std::string text;
  if (!printer.PrintToString(*sorted, &text))
    throw std::runtime_error("cannot print " + message.GetTypeName());
  return peer::quote(text);
}

// ----------------------------------------------------------------- statuses

inline std::string code_name(int code) {
  static const char* const names[] = {
      "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
      "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
      "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
      "DATA_LOSS", "UNAUTHENTICATED"};
  return code >= 0 && code < 17 ? names[code] : std::to_string(code);
}

inline peer::Failure failure_of(const grpc::Status& status) {
  return peer::Failure(code_name(status.error_code()) + ": " + status.error_message());
}

inline void succeed(const grpc::Status& status) {
  if (!status.ok()) throw failure_of(status);
}

// Code, message (unless it is not to be compared) and the details with their fields.
inline std::string status_text(int code, const std::string& message, const google::rpc::Status& status) {
  std::string text = code_name(code) + ": " + message;
  for (const auto& detail : status.details()) {
    const auto* kind = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
        detail.type_url().substr(detail.type_url().rfind('/') + 1));
    if (kind == nullptr) return text + " with an unknown detail " + detail.type_url();
    std::unique_ptr<Message> held(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(kind)->New());
    text += held->ParseFromString(detail.value()) ? " with " + kind->name() + " " + text_of(*held)
                                                  : " with a broken detail";
  }
  return peer::quote(text);
}

inline google::rpc::Status details_of(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details()))
    throw peer::Failure("Peer: the details are no google.rpc.Status");
  return details;
}

// The one detail that a failure of the table declares; its type lies in package.
inline google::rpc::Status one_detail(const std::string& package, const std::string& kind_name,
                                      const Value& fields, int code, const std::string& message) {
  const auto* kind =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(package + "." + kind_name);
  std::unique_ptr<Message> detail(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(kind)->New());
  Filler::fill(*detail, fields);
  google::rpc::Status status;
  status.set_code(code);
  status.set_message(message);
  status.add_details()->PackFrom(*detail);
  return status;
}

inline int code_of(const std::string& name) { return name == "NOT_FOUND" ? 5 : 8; }

}  // namespace grpc_peer
