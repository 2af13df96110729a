// The pass by hand from Thrift to protobuf. Reader is one of Thrift's protocols.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "codecs/wire.h"
#include "contender.h"
#include "hand.h"

namespace koine::bench {

template <class Reader>
class ToProtobuf final : public Contender {
 public:
  std::string_view run(const std::string& in) override {
    std::uint8_t* begin = make_room(out_, in);
    const auto* first = reinterpret_cast<const std::uint8_t*>(in.data());
    in_ = Reader{first, first + in.size()};
    const std::uint8_t* out = order(begin);
    if (out == nullptr) return {};
    return {out_.data(), static_cast<std::size_t>(out - begin)};
  }

 private:
  using Frame = typename Reader::Frame;

  static std::uint8_t* tagged(std::uint8_t* out, std::uint8_t tag, std::int64_t value) {
    if (value == 0) return out;
    *out = tag;
    return codecs::write_varint(out + 1, static_cast<std::uint64_t>(value));
  }
  std::uint8_t* i32(std::uint8_t* out, std::uint8_t tag) {
    std::int64_t value = 0;
    return in_.i32(value) ? tagged(out, tag, value) : nullptr;
  }
  std::uint8_t* i64(std::uint8_t* out, std::uint8_t tag) {
    std::int64_t value = 0;
    return in_.i64(value) ? tagged(out, tag, value) : nullptr;
  }
  std::uint8_t* text(std::uint8_t* out, std::uint8_t tag) {
    std::size_t size = 0;
    if (!in_.length(size)) return nullptr;
    *out = tag;
    out = codecs::write_varint(out + 1, size);
    if (!put_content(out, in_.p, size, in_.end)) return nullptr;
    in_.p += size;
    return out + size;
  }

  std::uint8_t* item(std::uint8_t* out) {
    *out = 0x3a;
    std::uint8_t* content = out + 2;
    std::uint8_t* at = content;
    Frame frame;
    unsigned seen = 0;
    while (true) {
      const std::int32_t head = in_.next_field(frame);
      if (head == 0) break;
      if (!is_new(seen, Reader::id_of(frame, head))) return nullptr;
      switch (head) {
        case Reader::text(1): at = text(at, 0x0a); break;
        case Reader::i32(2): at = i32(at, 0x10); break;
        case Reader::i64(3): at = i64(at, 0x18); break;
        default: return nullptr;
      }
      if (at == nullptr) return nullptr;
    }
    const auto size = static_cast<std::size_t>(at - content);
    if (size < 128) {
      out[1] = static_cast<std::uint8_t>(size);
      return at;
    }
    const std::size_t width = codecs::varint_size(size);
    std::memmove(content + width - 1, content, size);
    codecs::write_varint(out + 1, size);
    return at + width - 1;
  }

  std::uint8_t* items(std::uint8_t* out) {
    std::size_t count = 0;
    if (!in_.structs(count)) return nullptr;
    for (; count > 0 && out != nullptr; --count) out = item(out);
    return out;
  }

  std::uint8_t* tags(std::uint8_t* out) {
    std::size_t count = 0;
    if (!in_.texts_by_text(count)) return nullptr;
    for (; count > 0; --count) {
      *out = 0x42;
      std::uint8_t* content = out + 2;
      std::uint8_t* at = text(content, 0x0a);
      if (at != nullptr) at = text(at, 0x12);
      if (at == nullptr || at - content >= 128) return nullptr;  // the corpus has none longer
      out[1] = static_cast<std::uint8_t>(at - content);
      out = at;
    }
    return out;
  }

  std::uint8_t* order(std::uint8_t* out) {
    Frame frame;
    unsigned seen = 0;
    while (true) {
      const std::int32_t head = in_.next_field(frame);
      if (head == 0) return out;
      if (!is_new(seen, Reader::id_of(frame, head))) return nullptr;
      switch (head) {
        case Reader::i64(1): out = i64(out, 0x08); break;
        case Reader::text(2): out = text(out, 0x12); break;
        case Reader::text(3): out = text(out, 0x1a); break;
        case Reader::i32(4): out = i32(out, 0x20); break;
        case Reader::flag(5): {
          bool value = false;
          if (!in_.boolean(value)) return nullptr;
          if (!value) break;
          [[fallthrough]];
        }
        case Reader::yes(5):
          *out++ = 0x28;
          *out++ = 1;
          break;
        case Reader::no(5): break;
        case Reader::f64(6): {
          std::uint64_t bits = 0;
          if (!in_.f64(bits)) return nullptr;
          *out = 0x31;
          codecs::store(out + 1, bits);
          out += 9;
          break;
        }
        case Reader::list(7): out = items(out); break;
        case Reader::map(8): out = tags(out); break;
        case Reader::text(9): out = text(out, 0x4a); break;
        default: return nullptr;
      }
      if (out == nullptr) return nullptr;
    }
  }

  Reader in_;
  std::string out_;
};

}  // namespace koine::bench
