// Exceptions and the messages that carry them in google.rpc.Status.details. Thrift methods declare theirs;
// protobuf's declare none, so any message of the schema may be one.
#include "idl/folded.h"
#include "idl/match/builder.h"

namespace koine::idl::match {
namespace {

using ByName = std::unordered_map<std::string_view, std::vector<const StructType*>>;

// By full name, or by the name without package where one type has it.
const StructType* find_type(const Schema& schema, const ByName& by_name, const std::string& name) {
  if (const StructType* found = schema.find_struct(name)) return found;
  const auto found = by_name.find(name);
  return found == by_name.end() || found->second.size() != 1 ? nullptr : found->second.front();
}

}  // namespace

void Builder::name_messages() {
  if (messages_named_) return;
  messages_named_ = true;
  const Schema& schema = exposed_thrift_ ? *provider_.schema : *exposed_.schema;
  for (const StructType& type : schema.structs()) {
    if (type.full_name.starts_with("google.protobuf.")) continue;
    messages_[folded(type.name)].push_back(&type);
    written_messages_[type.name].push_back(&type);
  }
  if (exposed_thrift_) return;
  // For an exposed .proto the rename goes from the message to the exception.
  ByName exceptions;
  for (const StructType& type : provider_.schema->structs()) {
    if (type.form == StructForm::exception) exceptions[type.name].push_back(&type);
  }
  for (OverrideTable::Rename& rename : overrides_.renames()) {
    const StructType* message = find_type(schema, written_messages_, rename.key);
    if (message == nullptr) continue;
    const StructType* exception = find_type(*provider_.schema, exceptions, rename.to);
    if (exception == nullptr || exception->form != StructForm::exception) continue;
    rename.used = true;
    data_->errors.emplace(message, exception);
    data_->errors.emplace(exception, message);
  }
}

const StructType* Builder::carrier(const StructType& exception) {
  name_messages();
  const auto known = data_->errors.find(&exception);
  if (known != data_->errors.end()) return known->second;
  const StructType* message = nullptr;
  if (exposed_thrift_) {
    OverrideTable::Rename* rename = overrides_.find(exception.full_name, exception.name);
    if (rename != nullptr) {
      message = rename->to.empty() ? nullptr : find_type(*provider_.schema, written_messages_, rename->to);
      rename->used = rename->to.empty() || message != nullptr;
      if (rename->to.empty()) {
        dropped_errors_.insert(&exception);
        return nullptr;
      }
    }
  }
  if (message == nullptr) {
    const std::string* other = find_annotation(exception.annotations, "koine.name");
    const auto found = messages_.find(folded(other != nullptr ? *other : exception.name));
    if (found == messages_.end() || found->second.size() != 1) return nullptr;
    message = found->second.front();
  }
  if (!data_->errors.emplace(message, &exception).second) return nullptr;  // another's already
  data_->errors.emplace(&exception, message);
  return message;
}

void Builder::pair_errors(MethodPair& pair) {
  const Method& thrift = exposed_thrift_ ? *pair.exposed : *pair.provider;
  std::unordered_map<std::string, std::vector<const StructType*>> by_code;
  for (const Field& field : thrift.response->fields) {
    if (field.id == 0 || field.type->kind != Kind::structure) continue;
    const StructType& exception = *field.type->structure;
    if (find_annotation(exception.annotations, rpc_status_annotation) != nullptr) continue;
    if (const StructType* message = carrier(exception)) {
      exposed_thrift_ ? root(pair, exception, *message, flow_response)
                      : root(pair, *message, exception, flow_response);
      continue;
    }
    if (dropped_errors_.contains(&exception)) continue;
    const std::string* code = find_annotation(exception.annotations, "koine.code");
    by_code[code == nullptr ? "UNKNOWN" : *code].push_back(&exception);
    if (!told_errors_.insert(&exception).second) continue;
    const Subject which = subject(exception);
    if (exposed_thrift_) {
      report(RuleId::exception_never_raised, pair.findings, which, {},
             "no message of the provider's carries it, so callers never get it");
    } else {
      report(RuleId::exception_unmatched, pair.findings, {}, which,
             "no message of the callers' carries it: they get its code and text only");
    }
  }
  if (exposed_thrift_) return;
  for (const auto& [code, exceptions] : by_code) {
    if (exceptions.size() < 2) continue;
    report(RuleId::shared_grpc_code, pair.findings, subject(*exposed_.service, *pair.exposed), {},
           std::to_string(exceptions.size()) + " exceptions become " + code +
               " without details, and callers cannot tell them apart");
  }
}

}  // namespace koine::idl::match
