// The table of header names, content types and paths.
#include "codecs/calls/grpc/header_rules.h"

#include <algorithm>
#include <array>

#include "base/result.h"
#include "codecs/calls/grpc/text_coding.h"
#include "codecs/calls/grpc/variant.h"

namespace koine::codecs::calls::grpc {
namespace {

struct Rule {
  std::string_view name;
  HeaderUse use;
};

// Sorted by name. Whatever is not here is metadata, except other "grpc-" names, which are reserved.
// user-agent is metadata on purpose: the caller's own name is of more use to a provider than ours.
constexpr std::array<Rule, 27> rules = {{
    {"accept-encoding", HeaderUse::hop},
    {"connection", HeaderUse::hop},
    {"content-encoding", HeaderUse::hop},
    {"content-length", HeaderUse::protocol},
    {"content-type", HeaderUse::protocol},
    {"expect", HeaderUse::hop},
    {"grpc-accept-encoding", HeaderUse::protocol},
    {"grpc-encoding", HeaderUse::protocol},
    {"grpc-message", HeaderUse::protocol},
    {"grpc-message-type", HeaderUse::protocol},
    {"grpc-previous-rpc-attempts", HeaderUse::metadata},  // retry: between client and provider (gRFC A6)
    {"grpc-retry-pushback-ms", HeaderUse::metadata},
    {"grpc-status", HeaderUse::protocol},
    {"grpc-status-details-bin", HeaderUse::protocol},
    {"grpc-tags-bin", HeaderUse::metadata},  // OpenCensus context, carried end to end
    {"grpc-timeout", HeaderUse::protocol},
    {"grpc-trace-bin", HeaderUse::metadata},
    {"host", HeaderUse::hop},
    {"http2-settings", HeaderUse::hop},
    {"keep-alive", HeaderUse::hop},
    {"proxy-connection", HeaderUse::hop},
    {"te", HeaderUse::hop},
    {"traceparent", HeaderUse::trace},
    {"tracestate", HeaderUse::trace},
    {"trailer", HeaderUse::hop},
    {"transfer-encoding", HeaderUse::hop},
    {"upgrade", HeaderUse::hop},
}};

constexpr bool sorted() {
  for (std::size_t i = 1; i < rules.size(); ++i) {
    if (!(rules[i - 1].name < rules[i].name)) return false;
  }
  return true;
}
static_assert(sorted());

base::Status add_binary(const model::Metadata::Entry& entry, model::Metadata& out) {
  std::string_view left = entry.value;
  for (;;) {
    const std::size_t comma = left.find(',');
    std::string_view part = left.substr(0, comma);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    std::string decoded;
    if (!decode_base64(part, decoded)) {
      return base::Status(base::Reason::wire_malformed,
                          "the value of metadata \"" + std::string(entry.name) + "\" is not base64");
    }
    out.add(entry.name, decoded);
    if (comma == std::string_view::npos) return {};
    left.remove_prefix(comma + 1);
  }
}

bool legal_path_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '$';
}

}  // namespace

HeaderUse header_use(std::string_view name) {
  if (name.starts_with(':')) return HeaderUse::protocol;
  const auto* const found = std::lower_bound(
      rules.begin(), rules.end(), name, [](const Rule& rule, std::string_view n) { return rule.name < n; });
  if (found != rules.end() && found->name == name) return found->use;
  return name.starts_with("grpc-") ? HeaderUse::reserved : HeaderUse::metadata;
}

base::Status read_metadata(const model::Metadata& fields, model::Metadata& out, model::TraceContext* trace,
                           const Variant& variant) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const model::Metadata::Entry entry = fields[i];
    switch (variant.header_use(entry.name)) {
      case HeaderUse::metadata: break;
      case HeaderUse::trace:
        if (trace == nullptr || !model::Metadata::legal_text(entry.value)) continue;
        if (entry.name == "traceparent") {
          trace->parent = entry.value;
        } else {
          // Several tracestate fields are one list (W3C Trace Context §3.3.1).
          if (!trace->state.empty()) trace->state += ',';
          trace->state += entry.value;
        }
        continue;
      default: continue;
    }
    if (!model::Metadata::legal_name(entry.name)) continue;
    if (model::Metadata::binary_name(entry.name)) {
      KOINE_RETURN_IF_ERROR(add_binary(entry, out));
    } else if (model::Metadata::legal_text(entry.value)) {
      out.add(entry.name, entry.value);
    }
  }
  variant.restore_names(fields, out);
  return {};
}

void write_metadata(const model::Metadata& metadata, model::Metadata& fields, const Variant& variant) {
  std::string coded;
  for (std::size_t i = 0; i < metadata.size(); ++i) {
    const model::Metadata::Entry entry = metadata[i];
    if (variant.header_use(entry.name) != HeaderUse::metadata || !model::Metadata::legal_name(entry.name))
      continue;
    if (model::Metadata::binary_name(entry.name)) {
      coded.clear();
      append_base64(coded, entry.value);
      fields.add(entry.name, coded);
    } else if (model::Metadata::legal_text(entry.value)) {
      // HTTP/2 forbids white space at either end of a value (RFC 9113 §8.2.1).
      std::string_view value = entry.value;
      while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
      while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
      fields.add(entry.name, value);
    }
  }
  variant.keep_names(metadata, fields);
}

bool parse_content_type(std::string_view value, model::BodyFormat& out) {
  constexpr std::string_view prefix = "application/grpc";
  if (!value.starts_with(prefix)) return false;
  value.remove_prefix(prefix.size());
  value = value.substr(0, value.find(';'));
  while (value.ends_with(' ')) value.remove_suffix(1);
  if (value.empty() || value == "+proto") {
    out = model::BodyFormat::protobuf;
  } else if (value == "+json") {
    out = model::BodyFormat::json;
  } else if (value.starts_with('+') && value.size() > 1) {
    out = model::BodyFormat::opaque;
  } else {
    return false;  // application/grpc-web and the like are other protocols
  }
  return true;
}

std::string_view content_type_of(model::BodyFormat format) {
  switch (format) {
    case model::BodyFormat::json: return "application/grpc+json";
    case model::BodyFormat::triple_wrapper: return "application/grpc+proto";
    default: return "application/grpc";
  }
}

bool parse_path(std::string_view path, std::string_view& service, std::string_view& method) {
  if (!path.starts_with('/')) return false;
  path.remove_prefix(1);
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return false;
  service = path.substr(0, slash);
  method = path.substr(slash + 1);
  if (service.empty() || method.empty() || service.starts_with('/') || service.ends_with('/')) return false;
  const auto legal_service = [](char c) { return legal_path_char(c) || c == '/'; };
  return std::all_of(service.begin(), service.end(), legal_service) &&
         std::all_of(method.begin(), method.end(), legal_path_char);
}

}  // namespace koine::codecs::calls::grpc
