// Request bodies, read and written.
#include "codecs/calls/dubbo/invocation.h"

#include <array>
#include <charconv>
#include <optional>

#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/calls/dubbo/attachments.h"
#include "codecs/calls/dubbo/descriptor.h"

namespace koine::codecs::calls::dubbo {
namespace {

namespace hessian2 = bodies::hessian2;
using base::Reason;
using base::Status;

constexpr std::string_view own_version = "2.0.2";
constexpr std::string_view no_version = "0.0.0";
// What dubbox writes between method and descriptor.
constexpr std::int64_t dubbox_mark = -1;

Status malformed(std::string_view what) {
  return Status(Reason::wire_malformed, "the request's " + std::string(what) + " cannot be read");
}

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

Status read_invocation(base::Bytes body, hessian2::Walker& walker, const base::Limits& limits,
                       Invocation& out) {
  const std::uint8_t* p = body.data();
  const std::uint8_t* const end = p + body.size();
  out.head.protocol = protocol_name;
  out.head.body_format = model::BodyFormat::hessian2;
  static constexpr std::array<std::string_view, 5> names = {"version of Dubbo", "service", "version",
                                                            "method", "parameter types"};
  std::array<std::string, names.size()> stores;
  std::array<std::string_view, names.size()> texts;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i == 4 && p != end && hessian2::read_integer(p, end).value == dubbox_mark) {
      p = hessian2::read_integer(p, end).next;
    }
    if (p != end && *p == hessian2::lead_null) {
      ++p;
      continue;
    }
    p = hessian2::read_text(p, end, stores[i], texts[i]);
    if (p == nullptr) return malformed(names[i]);
    const std::size_t bytes_max = i == 4 ? limits.headers_bytes_max : limits.method_name_bytes_max;
    if (texts[i].size() > bytes_max) {
      return Status(Reason::limit_headers, "the request's " + std::string(names[i]) + " is longer than " +
                                               (i == 4 ? "headers_bytes_max" : "method_name_bytes_max") +
                                               " allows");
    }
    if (i == 1) out.head.service = texts[i];
    if (i == 3) out.head.method = texts[i];
  }
  if (out.head.service.empty() || out.head.method.empty()) return malformed("service or method");
  out.head.signature = texts[4];
  out.takes_attachments = takes_attachments(texts[0]);
  const std::optional<std::size_t> arguments = count_arguments(texts[4]);
  if (!arguments) return malformed("parameter types");
  walker.start(p);
  out.arguments_at = static_cast<std::size_t>(p - body.data());
  for (std::size_t i = 0; i < *arguments; ++i) {
    p = walker.skip(p, end);
    if (p != nullptr) continue;
    if (walker.fault() == Fault::too_deep) {
      return Status(Reason::limit_depth, "objects, lists and maps are nested deeper than nesting_max");
    }
    return malformed("argument " + std::to_string(i + 1));
  }
  out.arguments_size = static_cast<std::size_t>(p - body.data()) - out.arguments_at;
  std::string group;
  switch (read_request_attachments(p, end, walker, limits, out.head, group)) {
    case AttachmentsRead::good: break;
    case AttachmentsRead::malformed: return malformed("attachments");
    case AttachmentsRead::too_deep:
      return Status(Reason::limit_depth, "attachments are nested deeper than nesting_max");
    case AttachmentsRead::too_many:
      return Status(Reason::limit_headers,
                    "more attachments than headers_count_max or headers_bytes_max allow");
  }
  if (group.size() + texts[1].size() + texts[2].size() > limits.method_name_bytes_max) {
    return Status(Reason::limit_headers, "the service's key is longer than method_name_bytes_max allows");
  }
  const ServiceKey key = {group, texts[1], texts[2]};
  if (!is_service_key(key)) {
    return Status(Reason::wire_malformed,
                  "the request's group, service and version make no key: '/' and ':' stand between them");
  }
  out.head.service = join_service_key(key);
  return {};
}

void append_invocation_begin(std::string& out, const model::CallHead& head) {
  const ServiceKey key = split_service_key(head.service);
  hessian2::append_text(out, own_version);
  hessian2::append_text(out, key.service);
  hessian2::append_text(out, key.version.empty() ? no_version : key.version);
  hessian2::append_text(out, head.method);
  hessian2::append_text(out, head.signature);
}

void append_invocation_end(std::string& out, const model::CallHead& head) {
  const ServiceKey key = split_service_key(head.service);
  append_request_attachments(out, head, key.service, key.group, key.version);
}

}  // namespace koine::codecs::calls::dubbo
