// Other bytes for the same protobuf message: what the encoding allows and real writers do not do. Test code
// only; the message's own descriptor says what is inside what.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "codecs/bodies/protobuf/primitives.h"
#include "transcode/referees/protobuf_values.h"

namespace koine::transcode::referees {

// Rewrites wire bytes. libprotobuf's own reading of the result is what they mean.
class Rewriter {
 public:
  explicit Rewriter(std::uint32_t seed) : engine_(seed) {}

  // Fields in another order, some of them twice, packed ones unpacked and the other way round, messages in
  // several pieces, longer varints than needed, zeros where they may be left out, and none in entries of
  // maps: each with its own probability.
  std::string rewrite(const pb::Descriptor& type, const std::string& bytes) {
    std::vector<std::string> fields;
    std::vector<int> seen;
    const bool is_entry = type.options().map_entry();
    const auto* p = reinterpret_cast<const std::uint8_t*>(bytes.data());
    const std::uint8_t* end = p + bytes.size();
    while (p != end) {
      const codecs::Varint tag = codecs::bodies::protobuf::read_tag(p, end);
      codecs::Fault fault = codecs::Fault::none;
      const std::uint8_t* next = codecs::bodies::protobuf::skip_value(
          tag.next, end, static_cast<std::uint32_t>(tag.value), 100, fault);
      const auto number = static_cast<int>(tag.value >> 3);
      const auto wire = static_cast<unsigned>(tag.value & 7);
      seen.push_back(number);
      const bool zero = std::all_of(tag.next, next, [](std::uint8_t byte) { return byte == 0; });
      if (is_entry && zero && below(3) == 0) {
        p = next;
        continue;
      }
      add_field(type.FindFieldByNumber(number), static_cast<std::uint32_t>(number), wire,
                std::string(tag.next, next), fields);
      p = next;
    }
    for (int i = 0; !is_entry && i < type.field_count(); ++i) {
      const pb::FieldDescriptor& field = *type.field(i);
      const bool plain = !field.has_presence() && !field.is_repeated();
      const bool there = std::find(seen.begin(), seen.end(), field.number()) != seen.end();
      if (plain && !there && below(6) == 0) fields.push_back(zero_of(field));
    }
    if (below(2) == 0) std::shuffle(fields.begin(), fields.end(), engine_);
    std::string out;
    for (const std::string& field : fields) out += field;
    return out;
  }

  std::size_t below(std::size_t count) { return engine_() % count; }

 private:
  std::string varint(std::uint64_t value, std::size_t bytes_max = 10) {
    std::string out;
    for (; value >= 128; value >>= 7) out.push_back(static_cast<char>(value | 128));
    out.push_back(static_cast<char>(value));
    if (below(12) == 0 && out.size() + 2 <= bytes_max) {  // longer than needed
      out.back() = static_cast<char>(out.back() | '\x80');
      out += '\x80';
      out += '\0';
    }
    return out;
  }
  std::string tag(std::uint32_t number, unsigned wire) { return varint(number << 3 | wire, 5); }
  std::string delimited(const std::string& content) { return varint(content.size(), 5) + content; }

  std::string zero_of(const pb::FieldDescriptor& field) {
    const bool text = field.cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING;
    const unsigned wire = text ? 2 : wire_of(field);
    const std::size_t size = wire == 1 ? 8 : wire == 5 ? 4 : 1;
    return tag(static_cast<std::uint32_t>(field.number()), wire) + std::string(size, '\0');
  }

  void add_field(const pb::FieldDescriptor* field, std::uint32_t number, unsigned wire,
                 const std::string& value, std::vector<std::string>& out) {
    if (field == nullptr) {
      out.push_back(tag(number, wire) + value);
      return;
    }
    const bool is_message = field->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE;
    if (is_message && wire == 2) {
      std::string content = content_of(value);
      content = rewrite(*field->message_type(), content);
      if (!field->is_repeated() && below(4) == 0) {
        // In two pieces: they are merged.
        const std::size_t cut = field_boundary(content);
        out.push_back(tag(number, 2) + delimited(content.substr(0, cut)));
        out.push_back(tag(number, 2) + delimited(content.substr(cut)));
        return;
      }
      out.push_back(tag(number, 2) + delimited(content));
      return;
    }
    if (field->is_packable()) {
      add_packable(number, wire, wire_of(*field), value, out);
      return;
    }
    // (Not of enums: a closed one refuses numbers it does not declare wherever they are.)
    const bool is_enum = field->cpp_type() == pb::FieldDescriptor::CPPTYPE_ENUM;
    if (!field->is_repeated() && wire == 0 && !is_enum && below(6) == 0) {
      out.push_back(tag(number, 0) +
                    varint(below(100)));  // overwritten by the next (or, shuffled, the other)
    }
    out.push_back(tag(number, wire) + (wire == 0 ? longer(value) : value));
    if (below(8) == 0 && !field->is_repeated()) out.push_back(out.back());
  }

  void add_packable(std::uint32_t number, unsigned wire, unsigned element_wire, const std::string& value,
                    std::vector<std::string>& out) {
    std::vector<std::string> elements;
    if (wire == 2) {
      const std::string content = content_of(value);
      const auto* p = reinterpret_cast<const std::uint8_t*>(content.data());
      const std::uint8_t* end = p + content.size();
      while (p != end) {
        codecs::Fault fault = codecs::Fault::none;
        const std::uint8_t* next = codecs::bodies::protobuf::skip_value(p, end, element_wire, 1, fault);
        elements.emplace_back(p, next);
        p = next;
      }
    } else {
      elements.push_back(value);
    }
    while (!elements.empty()) {
      const std::size_t count = 1 + below(elements.size());
      std::string run;
      for (std::size_t i = 0; i < count; ++i) run += elements[i];
      if (count > 1 || below(2) == 0) {
        out.push_back(tag(number, 2) + delimited(run));
      } else {
        out.push_back(tag(number, element_wire) + run);
      }
      elements.erase(elements.begin(), elements.begin() + static_cast<std::ptrdiff_t>(count));
    }
  }

  static unsigned wire_of(const pb::FieldDescriptor& field) {
    switch (field.type()) {
      case pb::FieldDescriptor::TYPE_DOUBLE:
      case pb::FieldDescriptor::TYPE_FIXED64:
      case pb::FieldDescriptor::TYPE_SFIXED64: return 1;
      case pb::FieldDescriptor::TYPE_FLOAT:
      case pb::FieldDescriptor::TYPE_FIXED32:
      case pb::FieldDescriptor::TYPE_SFIXED32: return 5;
      default: return 0;
    }
  }
  static std::string content_of(const std::string& value) {
    const auto* p = reinterpret_cast<const std::uint8_t*>(value.data());
    const codecs::Varint size = codecs::read_varint(p, p + value.size());
    return value.substr(static_cast<std::size_t>(size.next - p));
  }
  std::string longer(const std::string& value) {
    const auto* p = reinterpret_cast<const std::uint8_t*>(value.data());
    return varint(codecs::read_varint(p, p + value.size()).value);
  }
  // A random position between two fields.
  std::size_t field_boundary(const std::string& bytes) {
    const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
    const std::uint8_t* end = begin + bytes.size();
    const std::uint8_t* p = begin;
    while (p != end && below(3) != 0) {
      const codecs::Varint tag = codecs::bodies::protobuf::read_tag(p, end);
      codecs::Fault fault = codecs::Fault::none;
      p = codecs::bodies::protobuf::skip_value(tag.next, end, static_cast<std::uint32_t>(tag.value), 100,
                                               fault);
    }
    return static_cast<std::size_t>(p - begin);
  }

  std::mt19937 engine_;
};

}  // namespace koine::transcode::referees
