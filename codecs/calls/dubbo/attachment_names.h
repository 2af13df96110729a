// What attachments' names mean, in whichever serialization they are written (attachments.h, fastjson2.h).
//
// Stateless, any thread.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "codecs/utf8.h"
#include "model/call.h"

namespace koine::codecs::calls::dubbo {

inline constexpr std::string_view binary_suffix = "-bin";
inline constexpr std::string_view dubbo_version = "2.0.2";
inline constexpr std::string_view trace_parent = "traceparent";
inline constexpr std::string_view trace_state = "tracestate";

// What is said anew on every hop, by us and by nobody else: a provider goes by its attachments, not by what
// stands in front of the arguments. Names in lower case.
bool is_hop_name(std::string_view name);
void lower_name(std::string_view key, std::string& out);

// Of a request, the name in lower case: yes for what is none of the metadata, and what it says is in `head`,
// or is the `group` it is for.
bool take_request_text(std::string_view name, std::string_view value, model::CallHead& head,
                       std::string& group);

// Milliseconds, rounded up: what is left of one is not nothing, and 0 would mean no deadline at all.
std::string timeout_text(base::Nanoseconds left);

// What is written, entry for entry: `out` has text(key, value) and octets(key, value). `generic`, which says
// how the arguments are to be read, goes only beside a generic call ($invoke).
template <class Out>
void write_metadata(Out&& out, const model::Metadata& metadata, bool is_generic) {
  for (std::size_t i = 0; i < metadata.size(); ++i) {
    const auto [name, value] = metadata[i];
    std::string_view key = metadata.wire_name(i);
    std::string_view plain = name;
    const bool is_binary = model::Metadata::binary_name(name);
    if (is_binary) {
      key.remove_suffix(binary_suffix.size());
      plain.remove_suffix(binary_suffix.size());
    }
    if (is_hop_name(plain) || (plain == "generic" && !is_generic)) continue;
    if (is_binary) {
      out.octets(key, value);
    } else {
      // A text of another protocol may be bytes of any kind from 80 on.
      out.text(key, utf8_or_latin1(value));
    }
  }
}

// `service`, `group` and `version` as the provider knows itself, empty where it has none.
template <class Out>
void write_request(Out&& out, const model::CallHead& head, std::string_view service, std::string_view group,
                   std::string_view version) {
  out.text("path", service);
  out.text("interface", service);
  if (!version.empty()) out.text("version", version);
  if (!group.empty()) out.text("group", group);
  if (head.timeout_ns != base::never_ns) out.text("timeout", timeout_text(head.timeout_ns));
  if (!head.trace.parent.empty()) {
    out.text(trace_parent, utf8_or_latin1(head.trace.parent));
    if (!head.trace.state.empty()) out.text(trace_state, utf8_or_latin1(head.trace.state));
  }
  write_metadata(out, head.metadata, head.method.starts_with("$invoke"));
}

}  // namespace koine::codecs::calls::dubbo
