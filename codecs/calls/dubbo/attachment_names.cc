// Names that are the call's own.
#include "codecs/calls/dubbo/attachment_names.h"

#include <array>
#include <charconv>

namespace koine::codecs::calls::dubbo {
namespace {

constexpr std::array<std::string_view, 10> hop_names = {
    "path", "interface", "version", "group", "timeout", "dubbo", "input", "_to", trace_parent, trace_state};

// Milliseconds; nothing and 0 mean that there is none (dubbo-go says "0").
void read_timeout(std::string_view text, base::Nanoseconds& out) {
  std::int64_t milliseconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return;
  if (milliseconds > 0 && milliseconds < base::never_ns / base::millisecond_ns) {
    out = milliseconds * base::millisecond_ns;
  }
}

}  // namespace

bool is_hop_name(std::string_view name) {
  return std::find(hop_names.begin(), hop_names.end(), name) != hop_names.end();
}

void lower_name(std::string_view key, std::string& out) {
  out.assign(key);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
}

bool take_request_text(std::string_view name, std::string_view value, model::CallHead& head,
                       std::string& group) {
  if (name == "group") {
    group = value;
  } else if (name == "timeout") {
    read_timeout(value, head.timeout_ns);
  } else if (name == trace_parent) {
    head.trace.parent = value;
  } else if (name == trace_state) {
    head.trace.state = value;
  } else {
    return is_hop_name(name);
  }
  return true;
}

std::string timeout_text(base::Nanoseconds left) {
  return std::to_string((std::max<base::Nanoseconds>(left, 1) - 1) / base::millisecond_ns + 1);
}

}  // namespace koine::codecs::calls::dubbo
