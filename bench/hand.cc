// The yardstick: one pass over the order message written by hand, as one would for this message alone, with
// the same checks that a plan makes: bounds, wire types, UTF-8, fields and keys that come twice, fields that
// are missing. What needs more than one pass it gives up on.
#include "hand.h"

#include "codecs/bodies/protobuf/primitives.h"
#include "contender.h"

namespace koine::bench {
namespace {

using codecs::read_varint;
using codecs::Varint;
using codecs::write_varint;

class CompactToProtobuf final : public Contender {
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
  static bool is_new(unsigned& seen, std::int32_t id) {
    const unsigned bit = 1u << (id & 31);
    const bool fresh = (seen & bit) == 0;
    seen |= bit;
    return fresh;
  }
  // The next field header; false at the end of the struct.
  bool next_field(std::int32_t& id, std::uint8_t& type) {
    if (p_ == end_) return false;
    const std::uint8_t head = *p_++;
    if (head == 0) return false;
    type = head & 15;
    if (head >= 16) {
      id += head >> 4;
      return true;
    }
    const Varint raw = read_varint(p_, end_);
    if (raw.next == nullptr) return false;
    p_ = raw.next;
    id = static_cast<std::int32_t>(codecs::unzigzag(raw.value));
    return true;
  }
  bool number(std::int64_t& value) {
    const Varint raw = read_varint(p_, end_);
    if (raw.next == nullptr) return false;
    p_ = raw.next;
    value = codecs::unzigzag(raw.value);
    return true;
  }
  std::uint8_t* tagged(std::uint8_t* out, std::uint8_t tag, std::int64_t value) {
    if (value == 0) return out;
    *out = tag;
    return write_varint(out + 1, static_cast<std::uint64_t>(value));
  }
  std::uint8_t* text(std::uint8_t* out, std::uint8_t tag) {
    *out = tag;
    return put_text(out + 1, p_, end_, end_);
  }

  std::uint8_t* item(std::uint8_t* out) {
    *out = 0x3a;
    std::uint8_t* content = out + 2;
    std::uint8_t* at = content;
    std::int32_t id = 0;
    std::uint8_t type = 0;
    std::int64_t value = 0;
    unsigned seen = 0;
    while (next_field(id, type)) {
      if (!is_new(seen, id)) return nullptr;
      if (id == 1 && type == 8) {
        at = text(at, 0x0a);
        if (at == nullptr) return nullptr;
      } else if (id == 2 && type == 5) {
        if (!number(value)) return nullptr;
        at = tagged(at, 0x10, value);
      } else if (id == 3 && type == 6) {
        if (!number(value)) return nullptr;
        at = tagged(at, 0x18, value);
      } else {
        return nullptr;
      }
    }
    const auto size = static_cast<std::size_t>(at - content);
    if (size < 128) {
      out[1] = static_cast<std::uint8_t>(size);
      return at;
    }
    const std::size_t width = codecs::varint_size(size);
    std::memmove(content + width - 1, content, size);
    std::uint8_t* length = out + 1;
    for (std::size_t left = size;; left >>= 7) {
      *length++ = static_cast<std::uint8_t>(left >= 128 ? left | 128 : left);
      if (left < 128) break;
    }
    return at + width - 1;
  }

  std::uint8_t* items(std::uint8_t* out) {
    if (p_ == end_) return nullptr;
    std::uint64_t count = *p_ >> 4;
    const std::uint8_t type = *p_++ & 15;
    if (count == 15) {
      const Varint raw = read_varint(p_, end_);
      if (raw.next == nullptr) return nullptr;
      p_ = raw.next;
      count = raw.value;
    }
    if (type != 12 || count > static_cast<std::size_t>(end_ - p_)) return nullptr;
    for (; count > 0; --count) {
      out = item(out);
      if (out == nullptr) return nullptr;
    }
    return out;
  }

  std::uint8_t* tags(std::uint8_t* out) {
    const Varint count = read_varint(p_, end_);
    if (count.next == nullptr) return nullptr;
    p_ = count.next;
    if (count.value == 0) return out;
    if (p_ == end_ || *p_++ != 0x88 || count.value > static_cast<std::size_t>(end_ - p_)) return nullptr;
    for (std::uint64_t i = 0; i < count.value; ++i) {
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
    std::int32_t id = 0;
    std::uint8_t type = 0;
    std::int64_t value = 0;
    unsigned seen = 0;
    while (next_field(id, type)) {
      if (!is_new(seen, id)) return nullptr;
      switch (id << 4 | type) {
        case 0x16:
          if (!number(value)) return nullptr;
          out = tagged(out, 0x08, value);
          break;
        case 0x28: out = text(out, 0x12); break;
        case 0x38: out = text(out, 0x1a); break;
        case 0x45:
          if (!number(value)) return nullptr;
          out = tagged(out, 0x20, value);
          break;
        case 0x51:
          *out++ = 0x28;
          *out++ = 1;
          break;
        case 0x52: break;
        case 0x67:
          if (end_ - p_ < 8) return nullptr;
          *out = 0x31;
          codecs::store(out + 1, codecs::load<std::uint64_t>(p_));
          out += 9;
          p_ += 8;
          break;
        case 0x79: out = items(out); break;
        case 0x8b: out = tags(out); break;
        case 0x98: out = text(out, 0x4a); break;
        default: return nullptr;
      }
      if (out == nullptr) return nullptr;
    }
    return out;
  }

  const std::uint8_t* p_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  std::string out_;
};

class ProtobufToCompact final : public Contender {
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
  static std::uint8_t* head(std::uint8_t* out, std::int32_t& last, std::int32_t id, std::uint8_t type) {
    *out = static_cast<std::uint8_t>((id - last) << 4 | type);
    last = id;
    return out + 1;
  }

  static bool is_new(unsigned& seen, std::uint8_t tag) {
    const unsigned bit = 1u << (tag >> 3);
    const bool fresh = (seen & bit) == 0;
    seen |= bit;
    return fresh;
  }
  // A field that was not there; its header says its id in full.
  static std::uint8_t* zero(std::uint8_t* out, std::int32_t id, std::uint8_t type) {
    *out++ = type;
    out = write_varint(out, codecs::zigzag(id));
    if (type == 2) return out;
    const std::size_t size = type == 7 ? 8 : 1;
    std::memset(out, type == 9 ? 0x0c : 0, size);
    return out + size;
  }

  std::uint8_t* item(std::uint8_t* out, const std::uint8_t* p, const std::uint8_t* end) {
    std::int32_t last = 0;
    unsigned seen = 0;
    while (p != end) {
      const std::uint8_t tag = *p++;
      if (!is_new(seen, tag)) return nullptr;
      if (tag == 0x0a) {
        out = put_text(head(out, last, 1, 8), p, end, input_end_);
        if (out == nullptr) return nullptr;
        continue;
      }
      const Varint raw = read_varint(p, end);
      if (raw.next == nullptr) return nullptr;
      p = raw.next;
      if (tag == 0x10) {
        out = write_varint(head(out, last, 2, 5), codecs::zigzag(static_cast<std::int32_t>(raw.value)));
      } else if (tag == 0x18) {
        out = write_varint(head(out, last, 3, 6), codecs::zigzag(static_cast<std::int64_t>(raw.value)));
      } else {
        return nullptr;
      }
    }
    if (seen != item_fields) {
      if ((seen & 2) == 0) out = zero(out, 1, 8);
      if ((seen & 4) == 0) out = zero(out, 2, 5);
      if ((seen & 8) == 0) out = zero(out, 3, 6);
    }
    *out = 0;
    return out + 1;
  }

  std::uint8_t* run_of(std::uint8_t* out, const std::uint8_t*& p, const std::uint8_t* end, bool is_items) {
    const std::uint8_t tag = is_items ? 0x3a : 0x42;
    Keys keys;
    const std::size_t count = count_run(p, end, tag);
    if (count == 0) return nullptr;
    if (!is_items) {
      out = write_varint(out, count);
      *out++ = 0x88;
    } else if (count < 15) {
      *out++ = static_cast<std::uint8_t>(count << 4 | 12);
    } else {
      *out++ = 0xfc;
      out = write_varint(out, count);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const Varint size = codecs::bodies::protobuf::read_length(p, end);
      const std::uint8_t* stop = size.next + size.value;
      if (is_items) {
        out = item(out, size.next, stop);
      } else {
        const std::uint8_t* at = size.next;
        if (at == stop || *at++ != 0x0a) return nullptr;
        const Varint key = read_varint(at, stop);
        out = put_text(out, at, stop, input_end_);
        if (out == nullptr || !keys.add(key.next, key.value) || at == stop || *at++ != 0x12) return nullptr;
        out = put_text(out, at, stop, input_end_);
      }
      if (out == nullptr) return nullptr;
      p = i + 1 < count ? stop + 1 : stop;
    }
    return out;
  }

  std::uint8_t* order(std::uint8_t* out, const std::uint8_t* p, const std::uint8_t* end) {
    std::int32_t last = 0;
    unsigned seen = 0;
    while (p != end) {
      const std::uint8_t tag = *p++;
      if (!is_new(seen, tag)) return nullptr;
      switch (tag) {
        case 0x08:
        case 0x20:
        case 0x28: {
          const Varint raw = read_varint(p, end);
          if (raw.next == nullptr) return nullptr;
          p = raw.next;
          if (tag == 0x28) {
            out = head(out, last, 5, raw.value != 0 ? 1 : 2);
          } else {
            out = write_varint(tag == 0x08 ? head(out, last, 1, 6) : head(out, last, 4, 5),
                               codecs::zigzag(static_cast<std::int64_t>(raw.value)));
          }
          break;
        }
        case 0x12: out = put_text(head(out, last, 2, 8), p, end, input_end_); break;
        case 0x1a: out = put_text(head(out, last, 3, 8), p, end, input_end_); break;
        case 0x31:
          if (end - p < 8) return nullptr;
          out = head(out, last, 6, 7);
          codecs::store(out, codecs::load<std::uint64_t>(p));
          out += 8;
          p += 8;
          break;
        case 0x3a: out = run_of(head(out, last, 7, 9), p, end, true); break;
        case 0x42: out = run_of(head(out, last, 8, 11), p, end, false); break;
        case 0x4a: out = put_text(head(out, last, 9, 8), p, end, input_end_); break;
        default: return nullptr;
      }
      if (out == nullptr) return nullptr;
    }
    if (seen != order_fields) {  // absent is zero, and Thrift wants it written
      static constexpr std::uint8_t types[] = {0, 6, 8, 8, 5, 2, 7, 9, 11, 8};
      for (std::int32_t id = 1; id <= 9; ++id) {
        if ((seen >> id & 1) == 0) out = zero(out, id, types[id]);
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

}  // namespace

std::unique_ptr<Contender> make_hand(std::string_view type, Format from, Format to) {
  if (type != "Order") return nullptr;
  if (from == Format::compact && to == Format::protobuf) return std::make_unique<CompactToProtobuf>();
  if (from == Format::protobuf && to == Format::compact) return std::make_unique<ProtobufToCompact>();
  return make_hand_binary(from, to);
}

}  // namespace koine::bench
