// Methods, and the shapes of their messages; of two Thrift methods, see builder_thrift.cc.
//
//   one side's language            the other's
//   one argument, a struct         the request itself, or a message with a field for the argument
//   any other arguments            a message with a field for each
//   a struct as result             the response itself, or a message that holds it alone
//   any other result               a message with one field, whatever its name
//   void                           a message, best without fields
#include <algorithm>

#include "idl/folded.h"
#include "idl/match/builder.h"

namespace koine::idl::match {
namespace {

bool streams_alike(const Method& a, const Method& b) {
  return a.client_streaming == b.client_streaming && a.server_streaming == b.server_streaming;
}

}  // namespace

std::size_t common_fields(const StructType& a, const StructType& b) {
  std::vector<Names> left;
  std::vector<Names> right;
  for (const Field& field : a.fields) left.push_back(names_of(field));
  for (const Field& field : b.fields) right.push_back(names_of(field));
  return join(left, right).pairs.size();
}

const StructType* plain_struct(const Type& type) {
  return type.kind == Kind::structure && type.structure->form == StructForm::structure ? type.structure
                                                                                       : nullptr;
}

void Builder::pair_methods() {
  const Service& exposed = *exposed_.service;
  const Service& provider = *provider_.service;
  std::unordered_map<const Method*, const Method*> found;
  std::unordered_set<const Method*> taken;
  std::unordered_set<const Method*> done;
  for (const Method& method : exposed.methods) {
    OverrideTable::Rename* rename = overrides_.find(exposed.full_name, exposed.name, method.name);
    if (rename == nullptr) rename = overrides_.find(method.name, method.name);
    if (rename == nullptr) continue;
    const Method* other = provider.find_method(rename->to);
    if (other == nullptr && !rename->to.empty()) continue;
    if (other != nullptr && !taken.insert(other).second) continue;
    rename->used = true;
    found[&method] = other;
    done.insert(&method);
  }
  std::vector<const Method*> left;
  std::vector<const Method*> right;
  std::vector<Names> left_names;
  std::vector<Names> right_names;
  for (const Method& method : exposed.methods) {
    if (done.contains(&method)) continue;
    left.push_back(&method);
    left_names.push_back(names_of(method));
  }
  for (const Method& method : provider.methods) {
    if (taken.contains(&method)) continue;
    right.push_back(&method);
    right_names.push_back(names_of(method));
  }
  const Join joined = join(left_names, right_names);
  for (const auto& [i, j] : joined.pairs) found[left[i]] = right[j];
  std::unordered_set<const Method*> clashing;
  for (const Join::Clash& clash : joined.clashes) {
    for (const std::size_t i : clash.left) clashing.insert(left[i]);
  }
  for (const Method& method : exposed.methods) {
    const auto other = found.find(&method);
    MethodPair& pair = data_->methods.emplace_back();
    data_->method_index[&method] = &pair;
    pair.exposed = &method;
    if (other != found.end()) {
      pair.provider = other->second;
      if (pair.provider != nullptr) pair_messages(pair);
      continue;
    }
    const Subject which = subject(exposed, method);
    if (clashing.contains(&method)) {
      report(RuleId::name_collision, pair.findings, which, {},
             "several methods have this name but for case and underscores");
    } else {
      report(RuleId::unmapped_method, pair.findings, which, {},
             "has no counterpart in " + provider.full_name);
    }
  }
}

void Builder::pair_messages(MethodPair& pair) {
  const Method& exposed = *pair.exposed;
  const Method& provider = *pair.provider;
  if (exposed_thrift_) overrides_.call(*exposed.request, exposed.name);
  if (exposed_thrift_) overrides_.call(*exposed.response, exposed.name);
  if (provider_thrift_) overrides_.call(*provider.request, provider.name);
  if (provider_thrift_) overrides_.call(*provider.response, provider.name);
  if (!streams_alike(exposed, provider)) {
    report(RuleId::stream_to_unary, pair.findings, subject(*exposed_.service, exposed),
           subject(*provider_.service, provider), "streams on one side only");
    return;
  }
  if (exposed_thrift_ && provider_thrift_) {
    pair_arguments(pair);
    pair_results(pair);
    return;
  }
  if (!exposed_thrift_ && !provider_thrift_) {
    root(pair, *exposed.request, *provider.request, flow_request);
    root(pair, *exposed.response, *provider.response, flow_response);
    return;
  }
  const Method& thrift = exposed_thrift_ ? exposed : provider;
  const Method& proto = exposed_thrift_ ? provider : exposed;
  pair_request(pair, thrift, proto);
  pair_response(pair, thrift, proto);
  pair_errors(pair);
}

StructPair& Builder::root(MethodPair& method, const StructType& exposed, const StructType& provider,
                          std::uint8_t flow) {
  StructPair& pair = struct_pair(exposed, provider);
  method.structs.push_back(&pair);
  send(pair, flow);
  return pair;
}

StructPair& Builder::shaped(MethodPair& method, const StructType& thrift, const Field* thrift_field,
                            const StructType& proto, const Field* proto_field, std::uint8_t flow) {
  StructPair& pair = exposed_thrift_ ? struct_pair(thrift, proto) : struct_pair(proto, thrift);
  method.structs.push_back(&pair);
  if (!pair.made) {
    pair.made = true;
    pair.shape = &method;
    std::unordered_set<const Field*> taken;
    if (thrift_field != nullptr && proto_field != nullptr) {
      put(pair, pair.fields, exposed_thrift_ ? *thrift_field : *proto_field,
          exposed_thrift_ ? *proto_field : *thrift_field);
      taken = {thrift_field, proto_field};
    }
    // The exceptions of a result are no fields of its value.
    if (thrift.role == StructRole::result) {
      for (const Field& field : thrift.fields) taken.insert(&field);
    }
    leave_rest(pair, taken);
  }
  send(pair, flow);
  return pair;
}

// Is the only argument (result), a struct, a field of the message, rather than the message itself?
bool Builder::spreads(const Field& only, const StructType& message) const {
  const StructType& value = *only.type->structure;
  const std::size_t direct = common_fields(value, message);
  if (direct != 0 && direct == value.fields.size() && direct == message.fields.size()) return false;
  const std::string name = folded(only.name);
  for (const Field& field : message.fields) {
    const StructType* inner = plain_struct(*field.type);
    if (inner == nullptr || (message.fields.size() != 1 && folded(field.name) != name)) continue;
    if (inner != &message && common_fields(value, *inner) > direct) return true;
  }
  return false;
}

void Builder::pair_request(MethodPair& pair, const Method& thrift, const Method& proto) {
  const StructType& arguments = *thrift.request;
  const StructType& message = *proto.request;
  const Field* only = arguments.fields.size() == 1 ? &arguments.fields.front() : nullptr;
  const StructType* value = only == nullptr ? nullptr : plain_struct(*only->type);
  const std::string* form = find_annotation(thrift.annotations, "koine.args");
  const bool said = form != nullptr && *form == "spread";
  if (value != nullptr && !said && !spreads(*only, message)) {
    exposed_thrift_ ? root(pair, *value, message, flow_request) : root(pair, message, *value, flow_request);
    return;
  }
  pair.request_spread = true;
  if (value != nullptr && message.fields.size() == 1) {
    shaped(pair, arguments, only, message, &message.fields.front(), flow_request);
    return;
  }
  exposed_thrift_ ? root(pair, arguments, message, flow_request)
                  : root(pair, message, arguments, flow_request);
}

void Builder::pair_response(MethodPair& pair, const Method& thrift, const Method& proto) {
  const StructType& result = *thrift.response;
  const StructType& message = *proto.response;
  const Field* success = result.find_field(0);
  const Subject exposed = subject(*exposed_.service, *pair.exposed);
  const Subject provider = subject(*provider_.service, *pair.provider);
  if (thrift.oneway) {
    pair.response_spread = true;
    if (exposed_thrift_) return;  // nobody waits for what the provider answers
    if (message.fields.empty()) {
      report(RuleId::oneway_ack, pair.findings, exposed, provider,
             "is oneway at the provider: callers are answered once it was sent");
    } else {
      report(RuleId::args_shape, pair.findings, exposed, provider,
             "is oneway at the provider, and " + message.full_name + " has fields that nobody fills in");
    }
    shaped(pair, result, nullptr, message, nullptr, flow_response);
    return;
  }
  const StructType* value = success == nullptr ? nullptr : plain_struct(*success->type);
  if (value != nullptr && !spreads(*success, message)) {
    exposed_thrift_ ? root(pair, *value, message, flow_response) : root(pair, message, *value, flow_response);
    return;
  }
  pair.response_spread = true;
  const Field* only = nullptr;
  if (success != nullptr && message.fields.size() == 1) only = &message.fields.front();
  if (success != nullptr && only == nullptr) {
    report(RuleId::args_shape, pair.findings, exposed, provider,
           "a result that is no struct stands opposite " + message.full_name + ", which has " +
               std::to_string(message.fields.size()) + " fields; it takes one");
    return;
  }
  shaped(pair, result, success, message, only, flow_response);
}

void Builder::check_method(MethodPair& pair) {
  for (const StructPair* root : pair.structs) {
    if (root->flow == 0 || !root->disjoint) continue;
    report(RuleId::type_clash, pair.findings, subject(*exposed_.service, *pair.exposed),
           subject(*provider_.service, *pair.provider),
           overrides_.label(*root->exposed) + " and " + overrides_.label(*root->provider) +
               " have no field in common");
  }
}

}  // namespace koine::idl::match
