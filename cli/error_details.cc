// Details of errors, by the schemas that the command was given.
#include "cli/error_details.h"

#include "base/log.h"
#include "codecs/bodies/json/base64.h"
#include "codecs/bodies/protobuf/rpc_status.h"
#include "transcode/plan.h"

namespace koine::cli {
namespace {

namespace protobuf = codecs::bodies::protobuf;

// What stands behind the last '/' of an Any's type URL.
std::string type_name(const std::string& url) { return url.substr(url.rfind('/') + 1); }

const idl::StructType* find_message(control::SchemaSet& schemas, const std::string& name) {
  const control::SchemaRef written = schemas.written(idl::Language::proto);
  const idl::StructType* found = written == nullptr ? nullptr : written->find_struct(name);
  if (found != nullptr) return found;
  const base::Result<control::SchemaRef> derived = schemas.derived(idl::Language::proto);
  return derived ? (*derived)->find_struct(name) : nullptr;
}

// Empty when the bytes are no such message.
std::string message_json(const idl::StructType& type, std::string_view bytes) {
  const auto plan =
      transcode::Plan::compile({model::BodyFormat::protobuf, &type, {}}, {model::BodyFormat::json, &type, {}},
                               transcode::OriginPairing(), transcode::PlanOptions());
  if (!plan) return "";
  transcode::Context context;
  if (!(*plan)->run(base::as_bytes(bytes), context, context.output).ok()) return "";
  return std::string(base::as_text(context.output.bytes()));
}

std::string error_info_json(std::string_view bytes) {
  const base::Result<protobuf::RpcErrorInfo> info = protobuf::decode_error_info(bytes);
  if (!info) return "";
  std::string out =
      "{\"reason\":" + base::quote_json(info->reason) + ",\"domain\":" + base::quote_json(info->domain);
  if (!info->metadata.empty()) {
    out += ",\"metadata\":{";
    for (const auto& [key, value] : info->metadata) {
      out.append(out.back() == '{' ? "" : ",").append(base::quote_json(key)).append(":");
      out.append(base::quote_json(value));
    }
    out += "}";
  }
  return out + "}";
}

std::string base64_json(std::string_view bytes) {
  std::string out(codecs::bodies::json::base64_bytes(bytes.size()), '\0');
  codecs::bodies::json::write_base64(reinterpret_cast<std::uint8_t*>(out.data()), base::as_bytes(bytes));
  return "\"" + out + "\"";
}

}  // namespace

std::vector<ErrorDetail> error_details(control::SchemaSet& schemas, std::string_view status) {
  std::vector<ErrorDetail> out;
  if (status.empty()) return out;
  const base::Result<protobuf::RpcStatus> read = protobuf::decode_rpc_status(status);
  if (!read) return out;
  for (const protobuf::RpcAny& any : read->details) {
    ErrorDetail detail{type_name(any.type_url), ""};
    if (const idl::StructType* type = find_message(schemas, detail.type); type != nullptr) {
      detail.value = message_json(*type, any.value);
    } else if (any.type_url == protobuf::error_info_type_url) {
      detail.value = error_info_json(any.value);
    }
    if (detail.value.empty()) detail.value = base64_json(any.value);
    out.push_back(std::move(detail));
  }
  return out;
}

std::string details_json(const std::vector<ErrorDetail>& details) {
  std::string out = "[";
  for (const ErrorDetail& one : details) {
    out.append(out.size() > 1 ? "," : "").append("{\"type\":").append(base::quote_json(one.type));
    out.append(",\"value\":").append(one.value).append("}");
  }
  return out + "]";
}

}  // namespace koine::cli
