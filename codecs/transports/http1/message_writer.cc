// Writing HTTP/1.1 heads and chunks.
#include "codecs/transports/http1/message_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "codecs/transports/http1/message_parser.h"

namespace koine::codecs::transports::http1 {
namespace {

constexpr std::array<std::string_view, 8> own_fields = {"connection", "content-length",  "keep-alive",
                                                        "te",         "trailer",         "transfer-encoding",
                                                        "upgrade",    "proxy-connection"};

bool is_own(std::string_view name, bool request) {
  return std::find(own_fields.begin(), own_fields.end(), name) != own_fields.end() ||
         (request && name == "host");
}

bool printable(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

bool legal_request_line(std::string_view method, std::string_view target) {
  return printable(target) && !method.empty() &&
         std::all_of(method.begin(), method.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

void write_head(const WriteHead& head, const model::Metadata& fields, std::string& out) {
  const bool request = !head.method.empty();
  if (request) {
    out.append(head.method).append(" ").append(head.target).append(" HTTP/1.1\r\nhost: ");
    out.append(head.host).append("\r\n");
  } else {
    out.append("HTTP/1.1 ").append(std::to_string(head.status)).append(" ");
    out.append(reason_phrase(head.status)).append("\r\n");
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const model::Metadata::Entry field = fields[i];
    if (is_own(field.name, request) || !model::Metadata::legal_name(field.name) ||
        !model::Metadata::legal_text(field.value)) {
      continue;
    }
    out.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  if (head.framing == Framing::length) {
    out.append("content-length: ").append(std::to_string(head.length)).append("\r\n");
  } else if (head.framing == Framing::chunked) {
    out.append("transfer-encoding: chunked\r\n");
  }
  if (head.close) out.append("connection: close\r\n");
  out.append("\r\n");
}

void write_chunk(base::Buffer&& bytes, base::Buffer& out) {
  if (bytes.empty()) return;
  std::array<char, 16> digits{};
  constexpr int hexadecimal = 16;
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), bytes.size(), hexadecimal);
  out.append(std::string_view(digits.data(), static_cast<std::size_t>(written.ptr - digits.data())));
  out.append(std::string_view("\r\n"));
  out.append(std::move(bytes));
  out.append(std::string_view("\r\n"));
}

}  // namespace koine::codecs::transports::http1
