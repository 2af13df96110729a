// Modes, and finding the fields that allowances name.
#include "control/modes.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "idl/source.h"
#include "koine/config/v1/config.pb.h"

namespace koine::control {
namespace {

namespace v1 = config::v1;
using model::Allowance;

// An entry of `allow`: NAME:Type.field.
struct Entry {
  std::string_view name;
  std::string_view type;
  std::string_view field;
};
Entry split(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {text, {}, {}};
  const std::string_view path = text.substr(colon + 1);
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return {text.substr(0, colon), {}, {}};
  return {text.substr(0, colon), path.substr(0, dot), path.substr(dot + 1)};
}

std::string allowance_names() {
  std::string text;
  for (const Allowance one : model::all_allowances) {
    text += (text.empty() ? "" : ", ") + std::string(to_string(one));
  }
  return text;
}

// The structs that a service's calls are made of, in the order of their discovery.
class Structs {
 public:
  explicit Structs(const std::vector<const idl::Service*>& services) {
    for (const idl::Service* service : services) {
      for (const idl::Method& method : service->methods) {
        add(*method.request);
        add(*method.response);
        for (const idl::StructType* error : method.declared_errors) add(*error);
      }
    }
    for (std::size_t i = 0; i < all_.size(); ++i) {
      for (const idl::Field& field : all_[i]->fields) add(*field.type);
    }
  }

  // By full name, or else by short name.
  std::vector<const idl::StructType*> find(std::string_view name) const {
    std::vector<const idl::StructType*> found;
    for (const idl::StructType* one : all_) {
      if (one->full_name == name) found.push_back(one);
    }
    for (const idl::StructType* one : all_) {
      if (found.empty() || found.front()->full_name != name) {
        if (one->name == name) found.push_back(one);
      }
    }
    return found;
  }
  std::vector<std::string> names() const {
    std::set<std::string> names;
    for (const idl::StructType* one : all_) {
      if (one->role != idl::StructRole::plain) continue;
      names.insert(one->full_name);
      names.insert(one->name);
    }
    return {names.begin(), names.end()};
  }

 private:
  void add(const idl::StructType& type) {
    if (seen_.insert(&type).second) all_.push_back(&type);
  }
  void add(const idl::Type& type) {
    if (type.structure != nullptr) add(*type.structure);
    if (type.key != nullptr) add(*type.key);
    if (type.element != nullptr) add(*type.element);
  }

  std::vector<const idl::StructType*> all_;
  std::set<const idl::StructType*> seen_;
};

const idl::StructType& origin_of(const idl::StructType& type) {
  return type.origin != nullptr ? *type.origin : type;
}

// Adds what the entry allows, or complains that it names nothing that could be allowed.
void allow(const std::string& text, const std::string& key, const Structs& structs,
           transcode::Allowances& into, const Complain& complain) {
  const auto wrong = [&](std::string rule, std::string message) {
    complain(key, std::move(rule), std::move(message));
  };
  const Entry entry = split(text);
  const std::optional<Allowance> allowance = model::allowance_from_string(entry.name);
  if (!allowance || entry.field.empty() || text.find('*') != std::string::npos)
    return;  // check_mapping said it
  const std::vector<const idl::StructType*> types = structs.find(entry.type);
  if (types.empty()) {
    return wrong("UNKNOWN_TYPE", "no type '" + std::string(entry.type) + "' in this service's calls" +
                                     idl::did_you_mean(entry.type, structs.names()));
  }
  std::vector<std::string> fields;
  bool found = false;
  bool can_lose = false;
  for (const idl::StructType* type : types) {
    if (&origin_of(*type) != &origin_of(*types.front())) {
      return wrong("AMBIGUOUS",
                   "there are " + types.front()->full_name + " and " + type->full_name + ": say which");
    }
    for (const idl::Field& field : type->fields) {
      fields.push_back(field.name);
      if (field.name != entry.field) continue;
      found = true;
      if (!transcode::concerns(*allowance, field)) continue;
      can_lose = true;
      into.add(*allowance, field);
    }
  }
  if (!found) {
    return wrong("UNKNOWN_FIELD", types.front()->full_name + " has no field '" + std::string(entry.field) +
                                      "'" + idl::did_you_mean(entry.field, fields));
  }
  if (!can_lose) {
    return wrong("IMPOSSIBLE", std::string(entry.type) + "." + std::string(entry.field) +
                                   " is nothing that " + std::string(entry.name) + " could be allowed to");
  }
}

std::string allow_key(int index) { return "allow[" + std::to_string(index) + "]"; }

}  // namespace

void check_mapping(const v1::Mapping& mapping, const Complain& complain) {
  if (mapping.allow_size() != 0 && mapping.mode() != v1::Mapping::MODE_LENIENT) {
    complain("allow", "IMPOSSIBLE", "losses are allowed with `mode: lenient` only");
  }
  for (int i = 0; i < mapping.allow_size(); ++i) {
    const std::string& text = mapping.allow(i);
    const Entry entry = split(text);
    if (!model::allowance_from_string(entry.name)) {
      std::vector<std::string> names;
      for (const Allowance one : model::all_allowances) names.emplace_back(to_string(one));
      complain(allow_key(i), "WRONG_VALUE",
               "'" + std::string(entry.name) + "' is none of: " + allowance_names() +
                   idl::did_you_mean(entry.name, names));
    } else if (text.find('*') != std::string::npos) {
      complain(allow_key(i), "WRONG_VALUE", "a loss is allowed field by field: `*` names none");
    } else if (entry.type.empty() || entry.field.empty()) {
      complain(allow_key(i), "WRONG_VALUE",
               "'" + text + "' is not of the form " + std::string(entry.name) + ":Type.field");
    }
  }
}

transcode::PlanOptions mapping_options(const v1::Mapping& mapping,
                                       const std::vector<const idl::Service*>& services,
                                       transcode::Allowances& allowances, const Complain& complain) {
  transcode::PlanOptions options;
  if (mapping.mode() == v1::Mapping::MODE_STRICT) {
    options.not_in_schema = transcode::NotInSchema::reject;
    options.reject_duplicates = options.reject_repeats = true;
  }
  if (mapping.mode() != v1::Mapping::MODE_LENIENT || mapping.allow_size() == 0) return options;
  const Structs structs(services);
  for (int i = 0; i < mapping.allow_size(); ++i) {
    allow(mapping.allow(i), allow_key(i), structs, allowances, complain);
  }
  options.allowances = &allowances;
  return options;
}

}  // namespace koine::control
