// The passes written by hand (hand.h) for Thrift's compact protocol: how it is read and written.
#include "contender.h"
#include "hand_from_protobuf.h"
#include "hand_to_protobuf.h"

namespace koine::bench {
namespace {

struct CompactReader {
  // Of a struct: the id of the field that was read last.
  struct Frame {
    std::int32_t id = 0;
  };
  // What next_field gives for a field of that type and id.
  static constexpr std::int32_t yes(int id) { return id << 4 | 1; }
  static constexpr std::int32_t no(int id) { return id << 4 | 2; }
  static constexpr std::int32_t i32(int id) { return id << 4 | 5; }
  static constexpr std::int32_t i64(int id) { return id << 4 | 6; }
  static constexpr std::int32_t f64(int id) { return id << 4 | 7; }
  static constexpr std::int32_t text(int id) { return id << 4 | 8; }
  static constexpr std::int32_t list(int id) { return id << 4 | 9; }
  static constexpr std::int32_t map(int id) { return id << 4 | 11; }
  static constexpr std::int32_t flag(int /*id*/) { return -2; }  // its value is in its header
  static unsigned id_of(const Frame& frame, std::int32_t /*head*/) { return static_cast<unsigned>(frame.id); }

  // 0 at the end of the struct, -1 where there is none.
  std::int32_t next_field(Frame& frame) {
    if (p == end) return -1;
    const std::uint8_t head = *p++;
    if (head == 0) return 0;
    if (head >= 16) {
      frame.id += head >> 4;
    } else {
      std::int64_t id = 0;
      if (!i64(id)) return -1;
      frame.id = static_cast<std::int32_t>(id);
    }
    return frame.id << 4 | (head & 15);
  }
  bool i64(std::int64_t& value) {
    const codecs::Varint raw = codecs::read_varint(p, end);
    if (raw.next == nullptr) return false;
    p = raw.next;
    value = codecs::unzigzag(raw.value);
    return true;
  }
  bool i32(std::int64_t& value) { return i64(value); }
  static bool boolean(bool& /*value*/) { return false; }
  bool f64(std::uint64_t& bits) {
    if (end - p < 8) return false;
    bits = codecs::load<std::uint64_t>(p);
    p += 8;
    return true;
  }
  bool length(std::size_t& size) {
    if (!number(size)) return false;
    return size <= static_cast<std::size_t>(end - p);
  }
  bool structs(std::size_t& count) {
    if (p == end) return false;
    const std::uint8_t head = *p++;
    count = head >> 4;
    if (count == 15 && !number(count)) return false;
    return (head & 15) == 12 && count <= static_cast<std::size_t>(end - p);
  }
  bool texts_by_text(std::size_t& count) {
    if (!number(count)) return false;
    return count == 0 || (p != end && *p++ == 0x88 && count <= static_cast<std::size_t>(end - p));
  }

  const std::uint8_t* p = nullptr;
  const std::uint8_t* end = nullptr;

 private:
  bool number(std::size_t& value) {
    const codecs::Varint raw = codecs::read_varint(p, end);
    if (raw.next == nullptr) return false;
    p = raw.next;
    value = raw.value;
    return true;
  }
};

struct CompactWriter {
  struct Frame {
    std::uint8_t last = 0;
  };
  static constexpr std::uint8_t yes = 1, flag = 2, i32 = 5, i64 = 6, f64 = 7, text = 8, list = 9, map = 11;

  static std::uint8_t* head(std::uint8_t* out, Frame& frame, std::uint8_t type, std::uint8_t id) {
    *out = static_cast<std::uint8_t>((id - frame.last) << 4 | type);
    frame.last = id;
    return out + 1;
  }
  static std::uint8_t* put_i32(std::uint8_t* out, std::uint64_t value) {
    return codecs::write_varint(out, codecs::zigzag(static_cast<std::int32_t>(value)));
  }
  static std::uint8_t* put_i64(std::uint8_t* out, std::uint64_t value) {
    return codecs::write_varint(out, codecs::zigzag(static_cast<std::int64_t>(value)));
  }
  static std::uint8_t* put_flag(std::uint8_t* out, Frame& frame, std::uint8_t id, bool value) {
    return head(out, frame, value ? yes : flag, id);
  }
  static std::uint8_t* put_f64(std::uint8_t* out, std::uint64_t bits) {
    codecs::store(out, bits);
    return out + 8;
  }
  static std::uint8_t* length(std::uint8_t* out, std::size_t size) { return codecs::write_varint(out, size); }
  static std::uint8_t* structs(std::uint8_t* out, std::size_t count) {
    if (count < 15) {
      *out = static_cast<std::uint8_t>(count << 4 | 12);
      return out + 1;
    }
    *out = 0xfc;
    return codecs::write_varint(out + 1, count);
  }
  static std::uint8_t* texts_by_text(std::uint8_t* out, std::size_t count) {
    out = codecs::write_varint(out, count);
    *out = 0x88;
    return out + 1;
  }
  // A field that was not there; its header says its id in full.
  static std::uint8_t* zero(std::uint8_t* out, std::uint8_t type, std::uint8_t id) {
    *out++ = type;
    out = codecs::write_varint(out, codecs::zigzag(id));
    if (type == flag) return out;
    const std::size_t size = type == f64 ? 8 : 1;
    std::memset(out, type == list ? 0x0c : 0, size);
    return out + size;
  }
};

}  // namespace

std::unique_ptr<Contender> make_hand(std::string_view type, Format from, Format to) {
  if (type != "Order") return nullptr;
  if (from == Format::compact && to == Format::protobuf) return std::make_unique<ToProtobuf<CompactReader>>();
  if (from == Format::protobuf && to == Format::compact) {
    return std::make_unique<FromProtobuf<CompactWriter>>();
  }
  return make_hand_binary(from, to);
}

}  // namespace koine::bench
