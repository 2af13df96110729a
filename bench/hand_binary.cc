// The passes written by hand (hand.h) for Thrift's binary protocol: how it is read and written.
#include "contender.h"
#include "hand_from_protobuf.h"
#include "hand_to_protobuf.h"

namespace koine::bench {
namespace {

struct BinaryReader {
  struct Frame {};
  // What next_field gives for a field of that type and id.
  static constexpr std::int32_t flag(int id) { return 2 << 16 | id; }
  static constexpr std::int32_t f64(int id) { return 4 << 16 | id; }
  static constexpr std::int32_t i32(int id) { return 8 << 16 | id; }
  static constexpr std::int32_t i64(int id) { return 10 << 16 | id; }
  static constexpr std::int32_t text(int id) { return 11 << 16 | id; }
  static constexpr std::int32_t map(int id) { return 13 << 16 | id; }
  static constexpr std::int32_t list(int id) { return 15 << 16 | id; }
  static constexpr std::int32_t yes(int /*id*/) { return -2; }  // behind the header
  static constexpr std::int32_t no(int /*id*/) { return -3; }
  static unsigned id_of(const Frame& /*frame*/, std::int32_t head) { return static_cast<unsigned>(head); }

  // 0 at the end of the struct, -1 where there is none.
  std::int32_t next_field(Frame& /*frame*/) {
    if (!has(1)) return -1;
    if (*p == 0) {
      ++p;
      return 0;
    }
    if (!has(3)) return -1;
    const std::int32_t head = *p << 16 | codecs::load_be16(p + 1);
    p += 3;
    return head;
  }
  bool i32(std::int64_t& value) {
    if (!has(4)) return false;
    value = static_cast<std::int32_t>(codecs::load_be32(p));
    p += 4;
    return true;
  }
  bool i64(std::int64_t& value) {
    if (!has(8)) return false;
    value = static_cast<std::int64_t>(codecs::load_be64(p));
    p += 8;
    return true;
  }
  bool boolean(bool& value) {
    if (!has(1)) return false;
    value = *p++ != 0;
    return true;
  }
  bool f64(std::uint64_t& bits) {
    if (!has(8)) return false;
    bits = codecs::load_be64(p);
    p += 8;
    return true;
  }
  bool length(std::size_t& size) {
    if (!has(4)) return false;
    size = codecs::load_be32(p);
    p += 4;
    return has(size);
  }
  bool structs(std::size_t& count) {
    if (!has(5) || p[0] != 12) return false;
    count = codecs::load_be32(p + 1);
    p += 5;
    return has(count);
  }
  bool texts_by_text(std::size_t& count) {
    if (!has(6) || p[0] != 11 || p[1] != 11) return false;
    count = codecs::load_be32(p + 2);
    p += 6;
    return has(8 * count);
  }

  const std::uint8_t* p = nullptr;
  const std::uint8_t* end = nullptr;

 private:
  bool has(std::size_t bytes) const { return static_cast<std::size_t>(end - p) >= bytes; }
};

struct BinaryWriter {
  struct Frame {};
  static constexpr std::uint8_t flag = 2, f64 = 4, i32 = 8, i64 = 10, text = 11, map = 13, list = 15;

  static std::uint8_t* head(std::uint8_t* out, Frame& /*frame*/, std::uint8_t type, std::uint8_t id) {
    codecs::store(out, static_cast<std::uint32_t>(type | id << 16));
    return out + 3;
  }
  static std::uint8_t* put_i32(std::uint8_t* out, std::uint64_t value) {
    codecs::store_be32(out, static_cast<std::uint32_t>(value));
    return out + 4;
  }
  static std::uint8_t* put_i64(std::uint8_t* out, std::uint64_t value) {
    codecs::store_be64(out, value);
    return out + 8;
  }
  static std::uint8_t* put_flag(std::uint8_t* out, Frame& frame, std::uint8_t id, bool value) {
    out = head(out, frame, flag, id);
    *out = value ? 1 : 0;
    return out + 1;
  }
  static std::uint8_t* put_f64(std::uint8_t* out, std::uint64_t bits) { return put_i64(out, bits); }
  static std::uint8_t* length(std::uint8_t* out, std::size_t size) { return put_i32(out, size); }
  static std::uint8_t* structs(std::uint8_t* out, std::size_t count) {
    *out = 12;
    return put_i32(out + 1, count);
  }
  static std::uint8_t* texts_by_text(std::uint8_t* out, std::size_t count) {
    out[0] = out[1] = text;
    return put_i32(out + 2, count);
  }
  // A field that was not there.
  static std::uint8_t* zero(std::uint8_t* out, std::uint8_t type, std::uint8_t id) {
    static constexpr std::uint8_t sizes[] = {0, 0, 1, 0, 8, 0, 0, 0, 4, 0, 8, 4, 0, 6, 0, 5};
    Frame frame;
    out = head(out, frame, type, id);
    std::memset(out, 0, sizes[type]);
    if (type == list) *out = 12;
    if (type == map) out[0] = out[1] = text;
    return out + sizes[type];
  }
};

}  // namespace

std::unique_ptr<Contender> make_hand_binary(Format from, Format to) {
  if (from == Format::binary && to == Format::protobuf) return std::make_unique<ToProtobuf<BinaryReader>>();
  if (from == Format::protobuf && to == Format::binary) return std::make_unique<FromProtobuf<BinaryWriter>>();
  return nullptr;
}

}  // namespace koine::bench
