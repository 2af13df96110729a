// A protobuf reader and writer for three messages.
#include "codecs/bodies/protobuf/rpc_status.h"

#include <cstddef>

namespace koine::codecs::bodies::protobuf {
namespace {

void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(static_cast<unsigned char>(value | 0x80));
    value >>= 7;
  }
  out += static_cast<char>(value);
}

void append_bytes(std::string& out, std::uint32_t field, std::string_view bytes) {
  if (bytes.empty()) return;  // implicit presence
  append_varint(out, (std::uint64_t{field} << 3) | 2);
  append_varint(out, bytes.size());
  out.append(bytes);
}

void append_message(std::string& out, std::uint32_t field, std::string_view bytes) {
  append_varint(out, (std::uint64_t{field} << 3) | 2);
  append_varint(out, bytes.size());
  out.append(bytes);
}

// One field: a number, and either a varint or bytes; fixed-size fields are skipped over.
struct Field {
  std::uint32_t number = 0;
  bool is_bytes = false;
  bool is_varint = false;
  std::uint64_t varint = 0;
  std::string_view bytes;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}
  bool done() const { return left_.empty(); }
  // False: malformed. Groups are refused: none of the three messages ever had one.
  bool next(Field& field) {
    std::uint64_t tag = 0;
    if (!varint(tag) || tag > 0xffffffffu || (tag >> 3) == 0) return false;
    field = Field();
    field.number = static_cast<std::uint32_t>(tag >> 3);
    switch (tag & 7) {
      case 0: field.is_varint = true; return varint(field.varint);
      case 1: return skip(8);
      case 5: return skip(4);
      case 2: {
        std::uint64_t size = 0;
        if (!varint(size) || size > left_.size()) return false;
        field.is_bytes = true;
        field.bytes = left_.substr(0, static_cast<std::size_t>(size));
        left_.remove_prefix(static_cast<std::size_t>(size));
        return true;
      }
      default: return false;
    }
  }

 private:
  bool varint(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
      if (left_.empty()) return false;
      const auto byte = static_cast<unsigned char>(left_.front());
      left_.remove_prefix(1);
      if (shift < 64) value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }
  bool skip(std::size_t bytes) {
    if (left_.size() < bytes) return false;
    left_.remove_prefix(bytes);
    return true;
  }

  std::string_view left_;
};

base::Status malformed(std::string_view message) {
  return base::Status(base::Reason::wire_malformed, "the bytes are no " + std::string(message));
}

// Two fields of bytes, 1 and 2: an Any, and an entry of a map<string, string>.
bool read_two(std::string_view bytes, std::string& first, std::string& second) {
  Reader reader(bytes);
  Field field;
  while (!reader.done()) {
    if (!reader.next(field)) return false;
    if (field.number == 1 && field.is_bytes) first = field.bytes;
    if (field.number == 2 && field.is_bytes) second = field.bytes;
  }
  return true;
}

}  // namespace

std::string encode(const RpcStatus& status) {
  std::string out;
  if (status.code != 0) {
    append_varint(out, 1 << 3);
    append_varint(out, static_cast<std::uint64_t>(static_cast<std::int64_t>(status.code)));
  }
  append_bytes(out, 2, status.message);
  for (const RpcAny& detail : status.details) {
    std::string any;
    append_bytes(any, 1, detail.type_url);
    append_bytes(any, 2, detail.value);
    append_message(out, 3, any);
  }
  return out;
}

std::string encode(const RpcErrorInfo& info) {
  std::string out;
  append_bytes(out, 1, info.reason);
  append_bytes(out, 2, info.domain);
  for (const auto& [key, value] : info.metadata) {
    std::string entry;
    append_bytes(entry, 1, key);
    append_bytes(entry, 2, value);
    append_message(out, 3, entry);
  }
  return out;
}

base::Result<RpcStatus> decode_rpc_status(std::string_view bytes) {
  constexpr std::string_view name = "google.rpc.Status";
  RpcStatus status;
  Reader reader(bytes);
  Field field;
  while (!reader.done()) {
    if (!reader.next(field)) return malformed(name);
    if (field.number == 1 && field.is_varint) {
      status.code = static_cast<std::int32_t>(static_cast<std::uint32_t>(field.varint));
    } else if (field.number == 2 && field.is_bytes) {
      status.message = field.bytes;
    } else if (field.number == 3 && field.is_bytes) {
      if (status.details.size() >= status_details_max) return malformed(name);
      RpcAny any;
      if (!read_two(field.bytes, any.type_url, any.value)) return malformed(name);
      status.details.push_back(std::move(any));
    }
  }
  return status;
}

base::Result<RpcErrorInfo> decode_error_info(std::string_view bytes) {
  constexpr std::string_view name = "google.rpc.ErrorInfo";
  RpcErrorInfo info;
  Reader reader(bytes);
  Field field;
  while (!reader.done()) {
    if (!reader.next(field)) return malformed(name);
    if (!field.is_bytes) continue;
    if (field.number == 1) info.reason = field.bytes;
    if (field.number == 2) info.domain = field.bytes;
    if (field.number == 3) {
      if (info.metadata.size() >= status_details_max) return malformed(name);
      std::pair<std::string, std::string> entry;
      if (!read_two(field.bytes, entry.first, entry.second)) return malformed(name);
      info.metadata.push_back(std::move(entry));
    }
  }
  return info;
}

}  // namespace koine::codecs::bodies::protobuf
