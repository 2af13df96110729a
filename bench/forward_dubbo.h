// Dubbo2's call of bench/forward: `Order echo(Order)` of idl/java/forward/Echo.java in Hessian2, the order's
// fields and class definitions as hessian-lite writes them.
//
//   da bb c2 00 id(8) length(4) "2.0.2" "forward.Echo" "0.0.0" "echo" "Lorder/Order;" <order> <attachments>
//   request da bb 02 14 id(8) length(4) 94 <order> <attachments> answer
#pragma once

#include "forward.h"

namespace forward::dubbo {

constexpr std::size_t header_bytes = 16;
constexpr std::size_t id_at = 4;
constexpr std::size_t length_at = 12;
constexpr char value_with_attachments = '\x94';

// A text of less than 1024 bytes of ASCII.
inline void put_text(std::string& out, std::string_view text) {
  if (text.size() >= 32) out += static_cast<char>(0x30 | text.size() >> 8);
  out += static_cast<char>(text.size());
  out += text;
}
// Behind such a text; SIZE_MAX: it is none.
inline std::size_t behind_text(std::string_view in, std::size_t at) {
  if (at >= in.size()) return SIZE_MAX;
  const auto lead = static_cast<unsigned char>(in[at]);
  if (lead < 32) return at + 1 + lead;
  if (lead < 0x30 || lead > 0x33 || at + 1 >= in.size()) return SIZE_MAX;
  return at + 2 + ((lead & 3u) << 8 | static_cast<unsigned char>(in[at + 1]));
}

inline void put_big(char* at, std::uint64_t value) {
  for (std::size_t i = 0; i < 8; ++i) at[i] = static_cast<char>(value >> (56 - 8 * i));
}
inline void define(std::string& out, std::string_view name, std::initializer_list<std::string_view> fields) {
  out += 'C';
  put_text(out, name);
  out += static_cast<char>(0x90 + fields.size());
  for (const std::string_view field : fields) put_text(out, field);
}

// With the id's 8 bytes at its end.
inline std::string order_bytes() {
  std::string out;
  define(out, "order.Order",
         {"tags", "items", "status", "note", "total", "express", "address", "customer", "id"});
  out += '\x60';
  out += 'H';
  for (const std::string_view one :
       {"channel", "retail-web", "campaign", "autumn", "region", "northeast", "warehouse", "portsmouth"}) {
    put_text(out, one);
  }
  out += 'Z';
  out += '\x7d';  // a list of 5
  define(out, "order.Item", {"priceCents", "quantity", "sku"});
  for (int i = 0; i < 5; ++i) {
    const int cents = 19999 + 1000 * i;
    out += '\x61';
    out += static_cast<char>(0x3c + (cents >> 16)), out += static_cast<char>(cents >> 8),
        out += static_cast<char>(cents);
    out += static_cast<char>(0x90 + i + 3);
    put_text(out, "SKU-" + std::to_string(48213 + i * 7919));
  }
  define(out, "order.OrderStatus", {"name"});
  out += '\x62';
  put_text(out, "PAID");
  put_text(out, "leave at the green back door, ring twice");
  out.append("\x5f\x00\x12\xd6\x88", 5);  // 1234.56 in thousandths
  out += 'T';
  put_text(out, "127 lakeshore Street, bridgewater");
  put_text(out, "evelyn harrison");
  out += 'L';
  out.append(8, '\0');
  return out;
}

inline std::string make_header(bool answer) {
  std::string out("\xda\xbb", 2);
  out += answer ? '\x02' : '\xc2';
  out += answer ? '\x14' : '\0';
  out.append(12, '\0');
  return out;
}
inline void put_body_length(std::string& frame, std::size_t from) {
  put_length(frame.data() + from + length_at, static_cast<std::uint32_t>(frame.size() - from - header_bytes));
}
inline void append_attachments(std::string& out, std::initializer_list<std::string_view> texts) {
  out += 'H';
  for (const std::string_view text : texts) put_text(out, text);
  out += 'Z';
}
inline std::string make_request() {
  std::string out = make_header(false);
  for (const std::string_view text : {"2.0.2", "forward.Echo", "0.0.0", "echo", "Lorder/Order;"})
    put_text(out, text);
  out += order_bytes();
  append_attachments(
      out, {"path", "forward.Echo", "interface", "forward.Echo", "version", "0.0.0", "timeout", "5000"});
  put_body_length(out, 0);
  return out;
}
inline std::string make_answer() {
  std::string out = make_header(true);
  out += value_with_attachments;
  out += order_bytes();
  append_attachments(out, {"dubbo", "2.0.2"});
  put_body_length(out, 0);
  return out;
}

inline std::size_t order_size() {
  static const std::size_t size = order_bytes().size();
  return size;
}
inline std::size_t order_at_in_request() {
  static const std::size_t at = make_request().find("C\x0border.Order");
  return at;
}

inline void put_nonce(char* frame, bool answer, std::uint64_t nonce) {
  put_big(frame + id_at, nonce);
  const std::size_t order = answer ? header_bytes + 1 : order_at_in_request();
  put_big(frame + order + order_size() - 8, (std::uint64_t{1} << 36) + nonce);
}

inline std::size_t frame_bytes(std::string_view in) {
  if (in.size() < header_bytes) return 0;
  const std::size_t length = get_length(in.data() + length_at);
  return in[0] != '\xda' || in[1] != '\xbb' || length > frame_bytes_max ? SIZE_MAX : header_bytes + length;
}

inline bool append_answer(std::string_view request, std::string& out) {
  std::size_t order = header_bytes;
  for (int texts = 0; texts < 5; ++texts) order = behind_text(request, order);
  if (request[2] != '\xc2' || order >= request.size() || request.size() - order < order_size()) return false;
  const std::size_t from = out.size();
  out.append("\xda\xbb\x02\x14", 4);
  out.append(request.substr(id_at, 8));
  out.append(4, '\0');
  out += value_with_attachments;
  out.append(request.substr(order, order_size()));
  append_attachments(out, {"dubbo", "2.0.2"});
  put_body_length(out, from);
  return true;
}

inline Protocol protocol() {
  return {make_request(), make_answer(), false, put_nonce, frame_bytes, append_answer};
}

}  // namespace forward::dubbo
