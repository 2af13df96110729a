// Bodies as JSON.
#include "cli/decoding.h"

#include <utility>

#include "base/log.h"
#include "cli/error_details.h"
#include "transcode/plan.h"

namespace koine::cli {
namespace {

constexpr model::BodyFormat json_format = model::BodyFormat::json;

}  // namespace

base::Result<std::string> request_json(const BodyOf& of, base::Buffer bytes) {
  const auto plan =
      transcode::MethodPlan::compile({of.method.wire, of.format, model::to_string(of.protocol)},
                                     {of.method.json, json_format, "grpc"}, transcode::PlanOptions());
  if (!plan) return plan.error();
  transcode::Context context;
  model::Payload payload;
  payload.format = of.format;
  payload.bytes = std::move(bytes);
  base::Result<model::Payload> out = (*plan)->request(std::move(payload), context);
  if (!out) return out.error();
  return out->bytes.to_string();
}

base::Result<std::string> reply_json(control::SchemaSet& schemas, const BodyOf& of, model::Reply answer) {
  const auto plan = transcode::MethodPlan::compile({of.method.json, json_format, "grpc"},
                                                   {of.method.wire, of.format, model::to_string(of.protocol)},
                                                   transcode::PlanOptions());
  if (!plan) return plan.error();
  transcode::Context context;
  answer.has_message = true;
  answer.message.format = of.format;
  answer = (*plan)->reply(std::move(answer), context);
  if (answer.outcome.ok() && answer.has_message) return answer.message.bytes.to_string();
  return "{\"error\":" + base::quote_json(answer.outcome.message) +
         ",\"details\":" + details_json(error_details(schemas, answer.outcome.details)) + "}";
}

}  // namespace koine::cli
