// The configuration's words.
#include "control/exposures.h"

#include "koine/config/v1/config.pb.h"

namespace koine::control {

std::vector<Exposure> exposures_of(const config::v1::Service& service) {
  std::vector<Exposure> out;
  for (const config::v1::Exposure& from : service.expose()) {
    Exposure& one = out.emplace_back();
    one.interface = from.interface();
    for (const auto& [name, other] : from.rename()) one.overrides.rename.emplace(name, other);
    for (const std::string& allowed : from.allow()) one.overrides.allow.push_back(allowed);
  }
  return out;
}

idl::Annotations annotations_of(const config::v1::Annotations& from) {
  idl::Annotations out;
  const auto add = [&out](const char* name, const std::string& value) {
    if (!value.empty()) out.push_back({name, value});
  };
  add("koine.unit", from.unit());
  add("koine.as", from.as());
  add("koine.zone", from.zone());
  add("koine.name", from.name());
  add("koine.code", from.code());
  if (from.drop()) add("koine.drop", "true");
  return out;
}

}  // namespace koine::control
