// Infos as metadata, and back.
#include "codecs/calls/thrift/header_metadata.h"

#include <algorithm>
#include <charconv>

#include "base/clock.h"

namespace koine::codecs::calls::thrift {
namespace {

using transports::theader::Info;

constexpr std::string_view timeout_key = "client_timeout";
constexpr std::string_view trace_parent_key = "traceparent";
constexpr std::string_view trace_state_key = "tracestate";

// Appends one entry unless the model has no place for it.
void add_entry(const Info& info, std::string& lower, model::Metadata& out) {
  lower.assign(info.key);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (!model::Metadata::legal_name(lower)) return;
  if (!model::Metadata::binary_name(lower) && !model::Metadata::legal_text(info.value)) return;
  out.add(lower, info.value, info.key);
}

// Milliseconds; 0 means none (THeader.cpp). False for what is no number.
bool read_timeout(std::string_view text, base::Nanoseconds& out) {
  std::int64_t milliseconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || milliseconds < 0) return false;
  if (milliseconds > 0 && milliseconds < base::never_ns / base::millisecond_ns) {
    out = milliseconds * base::millisecond_ns;
  }
  return true;
}

bool is(std::string_view key, std::string_view name) {
  return std::equal(key.begin(), key.end(), name.begin(), name.end(),
                    [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b); });
}

}  // namespace

void read_request_infos(std::span<const Info> infos, model::CallHead& head) {
  std::string lower;
  for (const Info& info : infos) {
    if (is(info.key, timeout_key)) {
      read_timeout(info.value, head.timeout_ns);
    } else if (is(info.key, trace_parent_key)) {
      if (model::Metadata::legal_text(info.value)) head.trace.parent = info.value;
    } else if (is(info.key, trace_state_key)) {
      if (model::Metadata::legal_text(info.value)) head.trace.state = info.value;
    } else {
      add_entry(info, lower, head.metadata);
    }
  }
}

void read_reply_infos(std::span<const Info> infos, model::Metadata& metadata) {
  std::string lower;
  for (const Info& info : infos) {
    if (is(info.key, timeout_key) || is(info.key, trace_parent_key) || is(info.key, trace_state_key))
      continue;
    add_entry(info, lower, metadata);
  }
}

void InfoList::add(const model::Metadata& metadata) {
  for (std::size_t i = 0; i < metadata.size(); ++i) {
    infos_.push_back({metadata.wire_name(i), metadata[i].value});
  }
}

void InfoList::add_request(const model::CallHead& head) {
  add(head.metadata);
  if (head.timeout_ns != base::never_ns) {
    // Rounded up: what is left of a millisecond is not nothing, and 0 would mean no deadline at all.
    const base::Nanoseconds left = std::max<base::Nanoseconds>(head.timeout_ns, 1);
    timeout_ = std::to_string((left - 1) / base::millisecond_ns + 1);
    infos_.push_back({timeout_key, timeout_});
  }
  if (!head.trace.parent.empty()) {
    infos_.push_back({trace_parent_key, head.trace.parent});
    if (!head.trace.state.empty()) infos_.push_back({trace_state_key, head.trace.state});
  }
}

}  // namespace koine::codecs::calls::thrift
