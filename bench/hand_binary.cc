// The passes written by hand (hand.cc) for Thrift's binary protocol.
#include "codecs/bodies/protobuf/primitives.h"
#include "contender.h"
#include "hand.h"

namespace koine::bench {
namespace {

using codecs::load_be32;
using codecs::load_be64;
using codecs::read_varint;
using codecs::store_be32;
using codecs::store_be64;
using codecs::Varint;
using codecs::write_varint;

bool is_new(unsigned& seen, unsigned id) {
  const unsigned bit = 1u << (id & 31);
  const bool fresh = (seen & bit) == 0;
  seen |= bit;
  return fresh;
}

class BinaryToProtobuf final : public Contender {
 public:
  std::string_view run(const std::string& in) override {
    if (out_.size() < in.size() * 16 + 64) out_.resize(in.size() * 16 + 64);
    p_ = reinterpret_cast<const std::uint8_t*>(in.data());
    end_ = p_ + in.size();
    auto* begin = reinterpret_cast<std::uint8_t*>(out_.data());
    const std::uint8_t* out = order(begin);
    if (out == nullptr) return {};
    return {out_.data(), static_cast<std::size_t>(out - begin)};
  }

 private:
  bool has(std::size_t bytes) const { return static_cast<std::size_t>(end_ - p_) >= bytes; }
  // Type and id of the next field in one number; 0 at the end of the struct, -1 where there is none.
  std::int32_t next_field() {
    if (!has(1)) return -1;
    if (*p_ == 0) {
      ++p_;
      return 0;
    }
    if (!has(3)) return -1;
    const std::int32_t head = *p_ << 16 | codecs::load_be16(p_ + 1);
    p_ += 3;
    return head;
  }
  std::uint8_t* i32(std::uint8_t* out, std::uint8_t tag) {
    if (!has(4)) return nullptr;
    const auto value = static_cast<std::int32_t>(load_be32(p_));
    p_ += 4;
    if (value == 0) return out;
    *out = tag;
    return write_varint(out + 1, static_cast<std::uint64_t>(std::int64_t{value}));
  }
  std::uint8_t* i64(std::uint8_t* out, std::uint8_t tag) {
    if (!has(8)) return nullptr;
    const std::uint64_t value = load_be64(p_);
    p_ += 8;
    if (value == 0) return out;
    *out = tag;
    return write_varint(out + 1, value);
  }
  std::uint8_t* text(std::uint8_t* out, std::uint8_t tag) {
    if (!has(4)) return nullptr;
    const std::uint32_t size = load_be32(p_);
    p_ += 4;
    if (!has(size)) return nullptr;
    *out = tag;
    out = write_varint(out + 1, size);
    if (!put_content(out, p_, size, end_)) return nullptr;
    p_ += size;
    return out + size;
  }

  std::uint8_t* item(std::uint8_t* out) {
    *out = 0x3a;
    std::uint8_t* content = out + 2;
    std::uint8_t* at = content;
    unsigned seen = 0;
    while (true) {
      const std::int32_t head = next_field();
      if (head == 0) break;
      if (!is_new(seen, static_cast<unsigned>(head))) return nullptr;
      switch (head) {
        case 0x0b0001: at = text(at, 0x0a); break;
        case 0x080002: at = i32(at, 0x10); break;
        case 0x0a0003: at = i64(at, 0x18); break;
        default: return nullptr;
      }
      if (at == nullptr) return nullptr;
    }
    if (at - content >= 128) return nullptr;  // the corpus has none longer
    out[1] = static_cast<std::uint8_t>(at - content);
    return at;
  }
  std::uint8_t* items(std::uint8_t* out) {
    if (!has(5) || p_[0] != 12) return nullptr;
    std::uint32_t count = load_be32(p_ + 1);
    p_ += 5;
    if (!has(count)) return nullptr;
    for (; count > 0; --count) {
      out = item(out);
      if (out == nullptr) return nullptr;
    }
    return out;
  }
  std::uint8_t* tags(std::uint8_t* out) {
    if (!has(6) || p_[0] != 11 || p_[1] != 11) return nullptr;
    std::uint32_t count = load_be32(p_ + 2);
    p_ += 6;
    if (!has(std::size_t{8} * count)) return nullptr;
    for (; count > 0; --count) {
      *out = 0x42;
      std::uint8_t* content = out + 2;
      std::uint8_t* at = text(content, 0x0a);
      if (at != nullptr) at = text(at, 0x12);
      if (at == nullptr || at - content >= 128) return nullptr;
      out[1] = static_cast<std::uint8_t>(at - content);
      out = at;
    }
    return out;
  }
  std::uint8_t* order(std::uint8_t* out) {
    unsigned seen = 0;
    while (true) {
      const std::int32_t head = next_field();
      if (head == 0) return out;
      if (!is_new(seen, static_cast<unsigned>(head))) return nullptr;
      switch (head) {
        case 0x0a0001: out = i64(out, 0x08); break;
        case 0x0b0002: out = text(out, 0x12); break;
        case 0x0b0003: out = text(out, 0x1a); break;
        case 0x080004: out = i32(out, 0x20); break;
        case 0x020005:
          if (!has(1)) return nullptr;
          if (*p_++ != 0) {
            *out++ = 0x28;
            *out++ = 1;
          }
          break;
        case 0x040006:
          if (!has(8)) return nullptr;
          *out = 0x31;
          codecs::store(out + 1, load_be64(p_));
          out += 9;
          p_ += 8;
          break;
        case 0x0f0007: out = items(out); break;
        case 0x0d0008: out = tags(out); break;
        case 0x0b0009: out = text(out, 0x4a); break;
        default: return nullptr;
      }
      if (out == nullptr) return nullptr;
    }
  }

  const std::uint8_t* p_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  std::string out_;
};

class ProtobufToBinary final : public Contender {
 public:
  std::string_view run(const std::string& in) override {
    if (out_.size() < in.size() * 16 + 64) out_.resize(in.size() * 16 + 64);
    auto* begin = reinterpret_cast<std::uint8_t*>(out_.data());
    const auto* p = reinterpret_cast<const std::uint8_t*>(in.data());
    input_end_ = p + in.size();
    const std::uint8_t* out = order(begin, p, input_end_);
    if (out == nullptr) return {};
    return {out_.data(), static_cast<std::size_t>(out - begin)};
  }

 private:
  static std::uint8_t* head(std::uint8_t* out, std::uint8_t type, std::uint8_t id) {
    codecs::store(out, static_cast<std::uint32_t>(type | id << 16));
    return out + 3;
  }
  static std::uint8_t* i32(std::uint8_t* out, std::uint8_t id, std::uint64_t value) {
    out = head(out, 8, id);
    store_be32(out, static_cast<std::uint32_t>(value));
    return out + 4;
  }
  static std::uint8_t* i64(std::uint8_t* out, std::uint8_t id, std::uint64_t value) {
    out = head(out, 10, id);
    store_be64(out, value);
    return out + 8;
  }
  std::uint8_t* text(std::uint8_t* out, const std::uint8_t*& p, const std::uint8_t* end) {
    const Varint size = codecs::bodies::protobuf::read_length(p, end);
    if (size.next == nullptr) return nullptr;
    store_be32(out, static_cast<std::uint32_t>(size.value));
    if (!put_content(out + 4, size.next, size.value, input_end_)) return nullptr;
    p = size.next + size.value;
    return out + 4 + size.value;
  }
  // A field that was not there.
  static std::uint8_t* zero(std::uint8_t* out, std::uint8_t type, std::uint8_t id) {
    static constexpr std::uint8_t sizes[] = {0, 0, 1, 0, 8, 0, 0, 0, 4, 0, 8, 4, 0, 6, 0, 5};
    out = head(out, type, id);
    std::memset(out, 0, sizes[type]);
    if (type == 15) *out = 12;
    if (type == 13) out[0] = out[1] = 11;
    return out + sizes[type];
  }

  std::uint8_t* item(std::uint8_t* out, const std::uint8_t* p, const std::uint8_t* end) {
    unsigned seen = 0;
    while (p != end) {
      const std::uint8_t tag = *p++;
      if (!is_new(seen, tag >> 3)) return nullptr;
      if (tag == 0x0a) {
        out = text(head(out, 11, 1), p, end);
        if (out == nullptr) return nullptr;
        continue;
      }
      const Varint raw = read_varint(p, end);
      if (raw.next == nullptr) return nullptr;
      p = raw.next;
      if (tag == 0x10) {
        out = i32(out, 2, raw.value);
      } else if (tag == 0x18) {
        out = i64(out, 3, raw.value);
      } else {
        return nullptr;
      }
    }
    if (seen != 0xe) {
      if ((seen & 2) == 0) out = zero(out, 11, 1);
      if ((seen & 4) == 0) out = zero(out, 8, 2);
      if ((seen & 8) == 0) out = zero(out, 10, 3);
    }
    *out = 0;
    return out + 1;
  }

  std::uint8_t* items(std::uint8_t* out, const std::uint8_t*& p, const std::uint8_t* end) {
    const std::size_t count = count_run(p, end, 0x3a);
    *out = 12;
    store_be32(out + 1, static_cast<std::uint32_t>(count));
    out += 5;
    for (std::size_t i = 0; i < count && out != nullptr; ++i) {
      const Varint size = read_varint(p, end);
      const std::uint8_t* stop = size.next + size.value;
      out = item(out, size.next, stop);
      p = i + 1 < count ? stop + 1 : stop;
    }
    return count == 0 ? nullptr : out;
  }
  std::uint8_t* tags(std::uint8_t* out, const std::uint8_t*& p, const std::uint8_t* end) {
    const std::size_t count = count_run(p, end, 0x42);
    out[0] = out[1] = 11;
    store_be32(out + 2, static_cast<std::uint32_t>(count));
    out += 6;
    Keys keys;
    for (std::size_t i = 0; i < count; ++i) {
      const Varint size = read_varint(p, end);
      const std::uint8_t* at = size.next;
      const std::uint8_t* stop = at + size.value;
      if (at == stop || *at++ != 0x0a) return nullptr;
      const std::uint8_t* key = out + 4;
      out = text(out, at, stop);
      if (out == nullptr || !keys.add(key, static_cast<std::size_t>(out - key))) return nullptr;
      if (at == stop || *at++ != 0x12) return nullptr;
      out = text(out, at, stop);
      if (out == nullptr) return nullptr;
      p = i + 1 < count ? stop + 1 : stop;
    }
    return count == 0 ? nullptr : out;
  }

  std::uint8_t* order(std::uint8_t* out, const std::uint8_t* p, const std::uint8_t* end) {
    unsigned seen = 0;
    while (p != end) {
      const std::uint8_t tag = *p++;
      if (!is_new(seen, tag >> 3)) return nullptr;
      switch (tag) {
        case 0x08:
        case 0x20:
        case 0x28: {
          const Varint raw = read_varint(p, end);
          if (raw.next == nullptr) return nullptr;
          p = raw.next;
          if (tag == 0x08) {
            out = i64(out, 1, raw.value);
          } else if (tag == 0x20) {
            out = i32(out, 4, raw.value);
          } else {
            out = head(out, 2, 5);
            *out++ = raw.value != 0 ? 1 : 0;
          }
          break;
        }
        case 0x12: out = text(head(out, 11, 2), p, end); break;
        case 0x1a: out = text(head(out, 11, 3), p, end); break;
        case 0x31:
          if (end - p < 8) return nullptr;
          out = head(out, 4, 6);
          store_be64(out, codecs::load<std::uint64_t>(p));
          out += 8;
          p += 8;
          break;
        case 0x3a: out = items(head(out, 15, 7), p, end); break;
        case 0x42: out = tags(head(out, 13, 8), p, end); break;
        case 0x4a: out = text(head(out, 11, 9), p, end); break;
        default: return nullptr;
      }
      if (out == nullptr) return nullptr;
    }
    if (seen != 0x3fe) {
      static constexpr std::uint8_t types[] = {0, 10, 11, 11, 8, 2, 4, 15, 13, 11};
      for (std::uint8_t id = 1; id <= 9; ++id) {
        if ((seen >> id & 1) == 0) out = zero(out, types[id], id);
      }
    }
    *out = 0;
    return out + 1;
  }

  const std::uint8_t* input_end_ = nullptr;
  std::string out_;
};

}  // namespace

std::unique_ptr<Contender> make_hand_binary(Format from, Format to) {
  if (from == Format::binary && to == Format::protobuf) return std::make_unique<BinaryToProtobuf>();
  if (from == Format::protobuf && to == Format::binary) return std::make_unique<ProtobufToBinary>();
  return nullptr;
}

}  // namespace koine::bench
