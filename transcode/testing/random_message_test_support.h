// Random protobuf messages of any type, for tests that hold plans against libprotobuf.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <string_view>

#include <google/protobuf/dynamic_message.h>

namespace koine::transcode::testing {

namespace pb = google::protobuf;

// Fills a message with anything.
class RandomMessage {
 public:
  // `modest`: numbers are small, so that most messages have a faithful form everywhere.
  explicit RandomMessage(unsigned seed, bool modest = false) : random_(seed), modest_(modest) {}

  void fill(pb::Message& message, int depth) {
    const pb::Descriptor& type = *message.GetDescriptor();
    if (type.full_name() == "google.protobuf.Timestamp" || type.full_name() == "google.protobuf.Duration") {
      const bool instant = type.name() == "Timestamp";
      const std::int64_t seconds = instant
                                       ? static_cast<std::int64_t>(random_() % 315537897600) - 62135596800
                                       : static_cast<std::int64_t>(random_() % 631152000000) - 315576000000;
      const auto nanos =
          static_cast<int>(random_() % 3 == 0 ? 0 : random_() % 1000 * (random_() % 2 ? 1000000 : 1));
      message.GetReflection()->SetInt64(&message, type.field(0), seconds);
      message.GetReflection()->SetInt32(&message, type.field(1), instant || seconds >= 0 ? nanos : -nanos);
      return;
    }
    if (type.full_name() == "google.protobuf.FieldMask") {
      message.GetReflection()->AddString(&message, type.field(0), "user.display_name");
      return;
    }
    for (int i = 0; i < type.field_count(); ++i) {
      const pb::FieldDescriptor& field = *type.field(i);
      const bool must = type.full_name() == "google.protobuf.Value" && i == static_cast<int>(random_() % 4);
      const bool in_entry = type.options().map_entry();
      if (!must && !in_entry && random_() % 4 != 0) continue;
      if (field.cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE && depth == 0 && !field.is_map() &&
          !in_entry) {
        continue;
      }
      const int count = field.is_repeated() ? static_cast<int>(random_() % 4) : 1;
      for (int k = 0; k < count; ++k) {
        set(message, field, depth);
        if (field.is_map() && repeats_a_key(message, field))
          message.GetReflection()->RemoveLast(&message, &field);
      }
    }
    // A Value must hold something.
    if (type.full_name() == "google.protobuf.Value") {
      const pb::Reflection& r = *message.GetReflection();
      if (!r.HasOneof(message, type.oneof_decl(0))) r.SetBool(&message, type.FindFieldByNumber(4), true);
    }
  }

 private:
  template <class Number>
  Number number() {
    if (modest_ && random_() % 64 != 0) return static_cast<Number>(random_() % 100);
    switch (random_() % 4) {
      case 0: return static_cast<Number>(random_() % 200);
      case 1: return std::numeric_limits<Number>::max();
      case 2: return std::numeric_limits<Number>::lowest();
      default: return static_cast<Number>(random_());
    }
  }
  // Modestly never 0, which may stand for "unset" and be gone.
  int enum_number() {
    return modest_ ? 1 + static_cast<int>(random_() % 3) : static_cast<int>(random_() % 4);
  }
  std::string text() {
    static const char* const texts[] = {"",         "plain", "é中", "\xf0\x9f\x98\x80", "\"\\/\b\n\t\x01",
                                        "</script>"};
    return texts[random_() % 6];
  }
  double real() {
    static const double reals[] = {0.0, -0.0, 0.1, 1e300, -2.5, 1e-7, 123456789.125, 5e-324};
    return reals[random_() % 8];
  }

  // Does the last entry of the map have the key of another?
  static bool repeats_a_key(const pb::Message& message, const pb::FieldDescriptor& field) {
    const pb::Reflection& r = *message.GetReflection();
    const auto key = [&](int index) {
      const pb::Message& entry = r.GetRepeatedMessage(message, &field, index);
      auto copy = std::unique_ptr<pb::Message>(entry.New());
      copy->CopyFrom(entry);
      copy->GetReflection()->ClearField(copy.get(), entry.GetDescriptor()->FindFieldByNumber(2));
      // A zero that is there and one that is not are one key.
      std::string text = copy->SerializeAsString();
      if (text.find_first_not_of(std::string_view("\x08\x0a\x0d\x09\0", 5)) == std::string::npos)
        text.clear();
      return text;
    };
    const int last = r.FieldSize(message, &field) - 1;
    for (int i = 0; i < last; ++i) {
      if (key(i) == key(last)) return true;
    }
    return false;
  }

  void set(pb::Message& message, const pb::FieldDescriptor& field, int depth) {
    const pb::Reflection& r = *message.GetReflection();
    const bool add = field.is_repeated();
    const bool in_value = field.containing_type()->full_name() == "google.protobuf.Value";
    switch (field.cpp_type()) {
#define KOINE_SET(NAME, EXPRESSION) \
  add ? r.Add##NAME(&message, &field, EXPRESSION) : r.Set##NAME(&message, &field, EXPRESSION)
      case pb::FieldDescriptor::CPPTYPE_BOOL: KOINE_SET(Bool, random_() % 2 == 0); break;
      case pb::FieldDescriptor::CPPTYPE_INT32: KOINE_SET(Int32, number<std::int32_t>()); break;
      case pb::FieldDescriptor::CPPTYPE_INT64: KOINE_SET(Int64, number<std::int64_t>()); break;
      case pb::FieldDescriptor::CPPTYPE_UINT32: KOINE_SET(UInt32, number<std::uint32_t>()); break;
      case pb::FieldDescriptor::CPPTYPE_UINT64: KOINE_SET(UInt64, number<std::uint64_t>()); break;
      case pb::FieldDescriptor::CPPTYPE_FLOAT:
        KOINE_SET(Float, static_cast<float>(random_() % 100) / 8);
        break;
      case pb::FieldDescriptor::CPPTYPE_DOUBLE:
        KOINE_SET(Double, !in_value && random_() % 8 == 0 ? std::numeric_limits<double>::infinity() : real());
        break;
      case pb::FieldDescriptor::CPPTYPE_STRING: KOINE_SET(String, text()); break;
      case pb::FieldDescriptor::CPPTYPE_ENUM:
        KOINE_SET(EnumValue, field.enum_type()->name() == "NullValue" ? 0 : enum_number());
        break;
      case pb::FieldDescriptor::CPPTYPE_MESSAGE:
        fill(add ? *r.AddMessage(&message, &field) : *r.MutableMessage(&message, &field),
             depth > 0 ? depth - 1 : 0);
        break;
#undef KOINE_SET
    }
  }

  std::mt19937_64 random_;
  bool modest_;
};

}  // namespace koine::transcode::testing
