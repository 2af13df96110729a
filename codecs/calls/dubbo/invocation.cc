// Request bodies, read and written.
#include "codecs/calls/dubbo/invocation.h"

#include <array>
#include <charconv>
#include <optional>

#include "base/result.h"
#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/calls/dubbo/attachment_names.h"
#include "codecs/calls/dubbo/attachments.h"
#include "codecs/calls/dubbo/descriptor.h"

namespace koine::codecs::calls::dubbo {
namespace {

namespace hessian2 = bodies::hessian2;
using base::Reason;
using base::Status;

constexpr std::string_view no_version = "0.0.0";
// What dubbox writes between method and descriptor.
constexpr std::int64_t dubbox_mark = -1;

// 2.0.2 is 2000200, as in apache/dubbo's Version.getIntVersion; 0 for what is no version.
int version_number(std::string_view text) {
  int number = 0;
  for (int part = 0; part < 3; ++part) {
    int value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || value < 0 || value > 99) return 0;
    number = number * 100 + value;
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    if (text.empty() || text[0] != '.') break;
    text.remove_prefix(1);
  }
  return number * 100;
}

// Java gives attachments to 2.0.2 up to 2.0.99 and to nobody else, since 2.6 and 2.7 say 2.0.2 as well.
bool takes_attachments(std::string_view version) {
  const int number = version_number(version);
  return number >= 2'00'02'00 && number <= 2'00'99'00;
}

}  // namespace

ServiceKey split_service_key(std::string_view key) {
  ServiceKey parts;
  if (const std::size_t slash = key.find('/'); slash != std::string_view::npos) {
    parts.group = key.substr(0, slash);
    key.remove_prefix(slash + 1);
  }
  const std::size_t colon = key.rfind(':');
  parts.service = key.substr(0, colon);
  if (colon != std::string_view::npos) parts.version = key.substr(colon + 1);
  return parts;
}

std::string join_service_key(const ServiceKey& key) {
  std::string joined;
  if (!key.group.empty()) joined.append(key.group).append("/");
  joined.append(key.service);
  if (!key.version.empty() && key.version != no_version && key.version != "*") {
    joined.append(":").append(key.version);
  }
  return joined;
}

bool is_service_key(const ServiceKey& key) {
  const auto has = [](std::string_view text, char c) { return text.find(c) != std::string_view::npos; };
  return !has(key.group, '/') && !has(key.service, '/') && !has(key.version, '/') && !has(key.service, ':') &&
         !has(key.version, ':');
}

std::string_view word_name(std::size_t word) {
  static constexpr std::array<std::string_view, word_count> names = {"version of Dubbo", "service", "version",
                                                                     "method", "parameter types"};
  return names[word];
}

Status malformed_request(std::string_view what) {
  return Status(Reason::wire_malformed, "the request's " + std::string(what) + " cannot be read");
}

Status take_word(std::size_t word, std::string_view text, const base::Limits& limits, Invocation& out) {
  const bool is_signature = word == word_signature;
  if (text.size() > (is_signature ? limits.headers_bytes_max : limits.method_name_bytes_max)) {
    return Status(Reason::limit_headers,
                  "the request's " + std::string(word_name(word)) + " is longer than " +
                      (is_signature ? "headers_bytes_max" : "method_name_bytes_max") + " allows");
  }
  if (word == word_dubbo) out.takes_attachments = takes_attachments(text);
  if (word == word_service) out.head.service = text;
  if (word == word_method) out.head.method = text;
  if (!is_signature) return {};
  out.head.signature = text;
  if (out.head.service.empty() || out.head.method.empty()) return malformed_request("service or method");
  return {};
}

Status take_key(std::string_view group, std::string_view version, const base::Limits& limits,
                model::CallHead& head) {
  const ServiceKey key = {group, head.service, version};
  if (group.size() + key.service.size() + version.size() > limits.method_name_bytes_max) {
    return Status(Reason::limit_headers, "the service's key is longer than method_name_bytes_max allows");
  }
  if (!is_service_key(key)) {
    return Status(Reason::wire_malformed,
                  "the request's group, service and version make no key: '/' and ':' stand between them");
  }
  head.service = join_service_key(key);
  return {};
}

std::string_view told_version(const ServiceKey& key) {
  return key.version.empty() ? no_version : key.version;
}

Status read_invocation(base::Bytes body, hessian2::Walker& walker, const base::Limits& limits,
                       Invocation& out) {
  const std::uint8_t* p = body.data();
  const std::uint8_t* const end = p + body.size();
  out.head.protocol = protocol_name;
  out.head.body_format = model::BodyFormat::hessian2;
  std::string store;
  std::string version;
  for (std::size_t word = 0; word < word_count; ++word) {
    if (word == word_signature && p != end && hessian2::read_integer(p, end).value == dubbox_mark) {
      p = hessian2::read_integer(p, end).next;
    }
    std::string_view text;
    if (p != end && *p == hessian2::lead_null) {
      ++p;
    } else {
      p = hessian2::read_text(p, end, store, text);
    }
    if (p == nullptr) return malformed_request(word_name(word));
    KOINE_RETURN_IF_ERROR(take_word(word, text, limits, out));
    if (word == word_version) version = text;
  }
  const std::optional<std::size_t> arguments = count_arguments(out.head.signature);
  if (!arguments) return malformed_request(word_name(word_signature));
  walker.start(p);
  out.arguments_at = static_cast<std::size_t>(p - body.data());
  for (std::size_t i = 0; i < *arguments; ++i) {
    p = walker.skip(p, end);
    if (p != nullptr) continue;
    if (walker.fault() == Fault::too_deep) {
      return Status(Reason::limit_depth, "objects, lists and maps are nested deeper than nesting_max");
    }
    return malformed_request("argument " + std::to_string(i + 1));
  }
  out.arguments_size = static_cast<std::size_t>(p - body.data()) - out.arguments_at;
  std::string group;
  switch (read_request_attachments(p, end, walker, limits, out.head, group)) {
    case AttachmentsRead::good: break;
    case AttachmentsRead::malformed: return malformed_request("attachments");
    case AttachmentsRead::too_deep:
      return Status(Reason::limit_depth, "attachments are nested deeper than nesting_max");
    case AttachmentsRead::too_many:
      return Status(Reason::limit_headers,
                    "more attachments than headers_count_max or headers_bytes_max allow");
  }
  return take_key(group, version, limits, out.head);
}

void append_invocation_begin(std::string& out, const model::CallHead& head) {
  const ServiceKey key = split_service_key(head.service);
  hessian2::append_text(out, dubbo_version);
  hessian2::append_text(out, key.service);
  hessian2::append_text(out, told_version(key));
  hessian2::append_text(out, head.method);
  hessian2::append_text(out, head.signature);
}

void append_invocation_end(std::string& out, const model::CallHead& head) {
  const ServiceKey key = split_service_key(head.service);
  append_request_attachments(out, head, key.service, key.group, key.version);
}

}  // namespace koine::codecs::calls::dubbo
