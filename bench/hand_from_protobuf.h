// The pass by hand from protobuf to Thrift. Writer is one of Thrift's protocols.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "codecs/bodies/protobuf/primitives.h"
#include "codecs/wire.h"
#include "contender.h"
#include "hand.h"

namespace koine::bench {

template <class Writer>
class FromProtobuf final : public Contender {
 public:
  std::string_view run(const std::string& in) override {
    std::uint8_t* begin = make_room(out_, in);
    const auto* p = reinterpret_cast<const std::uint8_t*>(in.data());
    input_end_ = p + in.size();
    const std::uint8_t* out = order(begin, p, input_end_);
    if (out == nullptr) return {};
    return {out_.data(), static_cast<std::size_t>(out - begin)};
  }

 private:
  using Frame = typename Writer::Frame;
  using Varint = codecs::Varint;

  std::uint8_t* content(std::uint8_t* out, const Varint& text) const {
    out = Writer::length(out, text.value);
    return put_content(out, text.next, text.value, input_end_) ? out + text.value : nullptr;
  }
  std::uint8_t* text(std::uint8_t* out, const std::uint8_t*& p, const std::uint8_t* end) const {
    const Varint size = codecs::bodies::protobuf::read_length(p, end);
    if (size.next == nullptr) return nullptr;
    out = Writer::length(out, size.value);
    if (!put_content(out, size.next, size.value, input_end_)) return nullptr;
    p = size.next + size.value;
    return out + size.value;
  }

  std::uint8_t* item(std::uint8_t* out, const std::uint8_t* p, const std::uint8_t* end) const {
    Frame frame;
    unsigned seen = 0;
    while (p != end) {
      const std::uint8_t tag = *p++;
      if (!is_new(seen, tag >> 3)) return nullptr;
      if (tag == 0x0a) {
        out = text(Writer::head(out, frame, Writer::text, 1), p, end);
        if (out == nullptr) return nullptr;
        continue;
      }
      const Varint raw = codecs::read_varint(p, end);
      if (raw.next == nullptr) return nullptr;
      p = raw.next;
      if (tag == 0x10) {
        out = Writer::put_i32(Writer::head(out, frame, Writer::i32, 2), raw.value);
      } else if (tag == 0x18) {
        out = Writer::put_i64(Writer::head(out, frame, Writer::i64, 3), raw.value);
      } else {
        return nullptr;
      }
    }
    if (seen != item_fields) {
      if ((seen & 2) == 0) out = Writer::zero(out, Writer::text, 1);
      if ((seen & 4) == 0) out = Writer::zero(out, Writer::i32, 2);
      if ((seen & 8) == 0) out = Writer::zero(out, Writer::i64, 3);
    }
    *out = 0;
    return out + 1;
  }

  std::uint8_t* items(std::uint8_t* out, const std::uint8_t*& p, const std::uint8_t* end) const {
    const std::size_t count = count_run(p, end, 0x3a);
    if (count == 0) return nullptr;
    out = Writer::structs(out, count);
    for (std::size_t i = 0; i < count && out != nullptr; ++i) {
      const Varint size = codecs::read_varint(p, end);
      const std::uint8_t* stop = size.next + size.value;
      out = item(out, size.next, stop);
      p = i + 1 < count ? stop + 1 : stop;
    }
    return out;
  }
  std::uint8_t* tags(std::uint8_t* out, const std::uint8_t*& p, const std::uint8_t* end) const {
    const std::size_t count = count_run(p, end, 0x42);
    if (count == 0) return nullptr;
    out = Writer::texts_by_text(out, count);
    Keys keys;
    for (std::size_t i = 0; i < count; ++i) {
      const Varint size = codecs::read_varint(p, end);
      const std::uint8_t* at = size.next;
      const std::uint8_t* stop = at + size.value;
      if (at == stop || *at++ != 0x0a) return nullptr;
      const Varint key = codecs::bodies::protobuf::read_length(at, stop);
      if (key.next == nullptr || !keys.add(key.next, key.value)) return nullptr;
      out = content(out, key);
      at = key.next + key.value;
      if (out == nullptr || at == stop || *at++ != 0x12) return nullptr;
      out = text(out, at, stop);
      if (out == nullptr) return nullptr;
      p = i + 1 < count ? stop + 1 : stop;
    }
    return out;
  }

  std::uint8_t* order(std::uint8_t* out, const std::uint8_t* p, const std::uint8_t* end) const {
    Frame frame;
    unsigned seen = 0;
    while (p != end) {
      const std::uint8_t tag = *p++;
      if (!is_new(seen, tag >> 3)) return nullptr;
      switch (tag) {
        case 0x08:
        case 0x20:
        case 0x28: {
          const Varint raw = codecs::read_varint(p, end);
          if (raw.next == nullptr) return nullptr;
          p = raw.next;
          if (tag == 0x08) {
            out = Writer::put_i64(Writer::head(out, frame, Writer::i64, 1), raw.value);
          } else if (tag == 0x20) {
            out = Writer::put_i32(Writer::head(out, frame, Writer::i32, 4), raw.value);
          } else {
            out = Writer::put_flag(out, frame, 5, raw.value != 0);
          }
          break;
        }
        case 0x12: out = text(Writer::head(out, frame, Writer::text, 2), p, end); break;
        case 0x1a: out = text(Writer::head(out, frame, Writer::text, 3), p, end); break;
        case 0x31:
          if (end - p < 8) return nullptr;
          out = Writer::put_f64(Writer::head(out, frame, Writer::f64, 6), codecs::load<std::uint64_t>(p));
          p += 8;
          break;
        case 0x3a: out = items(Writer::head(out, frame, Writer::list, 7), p, end); break;
        case 0x42: out = tags(Writer::head(out, frame, Writer::map, 8), p, end); break;
        case 0x4a: out = text(Writer::head(out, frame, Writer::text, 9), p, end); break;
        default: return nullptr;
      }
      if (out == nullptr) return nullptr;
    }
    if (seen != order_fields) {  // absent is zero, and Thrift wants it written
      static constexpr std::uint8_t types[] = {0,           Writer::i64,  Writer::text, Writer::text,
                                               Writer::i32, Writer::flag, Writer::f64,  Writer::list,
                                               Writer::map, Writer::text};
      for (std::uint8_t id = 1; id <= 9; ++id) {
        if ((seen >> id & 1) == 0) out = Writer::zero(out, types[id], id);
      }
    }
    *out = 0;
    return out + 1;
  }

  static constexpr unsigned item_fields = 0xe;
  static constexpr unsigned order_fields = 0x3fe;
  const std::uint8_t* input_end_ = nullptr;
  std::string out_;
};

}  // namespace koine::bench
