// `koine idl match` and `koine idl explain`.
#include <algorithm>

#include "base/limits.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/overrides_file.h"
#include "cli/schemas.h"
#include "idl/match/match.h"
#include "idl/match/propose.h"
#include "idl/match/report.h"
#include "idl/match/rules.h"
#include "idl/reader_rules.h"
#include "idl/source.h"

namespace koine::cli {
namespace {

namespace match = idl::match;

struct End {
  control::SchemaRef schema;
  match::Side side;
};

bool is_meant(const idl::Service& service, const std::string& name) {
  return service.full_name == name || service.name == name;
}

// The file's service of that name, or its only one.
base::Result<End> read_end(const std::string& file, const std::vector<std::string>& import_paths,
                           const std::string& name) {
  base::Result<control::SchemaSet> schemas = load_schemas({file}, import_paths);
  if (!schemas) return schemas.error();
  End end;
  for (const idl::Language one : {idl::Language::thrift, idl::Language::proto, idl::Language::java}) {
    if (end.schema == nullptr) end.schema = schemas->written(one);
  }
  std::vector<std::string> names;
  std::size_t found = 0;
  if (end.schema != nullptr) {
    for (const idl::Service& service : end.schema->services()) {
      names.push_back(service.full_name);
      if (!name.empty() && !is_meant(service, name)) continue;
      end.side = {end.schema.get(), &service};
      ++found;
    }
  }
  if (found == 1) return end;
  const std::string there = "'" + file + "' has: " + idl::list_names(names);
  if (name.empty()) {
    return base::Status(base::Reason::usage,
                        "--service EXPOSED:PROVIDER says which service is meant; " + there);
  }
  return base::Status(base::Reason::usage,
                      "no one service '" + name + "'; " + there + idl::did_you_mean(name, names));
}

base::Result<match::Overrides> overrides_for(const std::string& file, const idl::Service& service) {
  if (file.empty()) return match::Overrides();
  const base::Result<std::string> text = data_argument("@" + file, base::Limits().config_bytes_max);
  if (!text) return text.error();
  base::Result<std::vector<ExposeEntry>> entries = read_overrides(*text, file);
  if (!entries) return entries.error();
  std::vector<std::string> names;
  for (ExposeEntry& entry : *entries) {
    if (entry.interface == service.full_name) return std::move(entry.overrides);
    names.push_back(entry.interface);
  }
  return base::Status(base::Reason::usage, "'" + file + "' has nothing for " + service.full_name +
                                               ", only for: " + idl::list_names(names));
}

int usage(const base::Status& status) {
  complain(std::string(status.message()));
  return status.reason() == base::Reason::usage || status.reason() == base::Reason::config_invalid
             ? exit_usage
             : exit_failed;
}

}  // namespace

int idl_match(const IdlMatchOptions& options) {
  const std::size_t colon = options.service.find(':');
  if (!options.service.empty() && colon == std::string::npos) {
    complain("--service takes two names, EXPOSED:PROVIDER");
    return exit_usage;
  }
  const bool named = !options.service.empty();
  const base::Result<End> exposed =
      read_end(options.exposed, options.import_paths, named ? options.service.substr(0, colon) : "");
  if (!exposed) return usage(exposed.error());
  const base::Result<End> provider =
      read_end(options.provider, options.import_paths, named ? options.service.substr(colon + 1) : "");
  if (!provider) return usage(provider.error());
  base::Result<match::Overrides> overrides = overrides_for(options.overrides, *exposed->side.service);
  if (!overrides) return usage(overrides.error());

  std::optional<match::Proposal> proposal;
  if (options.propose) {
    proposal = match::propose(exposed->side, provider->side, *overrides);
    *overrides = proposal->overrides;
  }
  const auto paired = match::Match::make(exposed->side, provider->side, *overrides);
  const bool complete = paired->complete();
  if (options.json) {
    print(match::report_json(*paired, exposed->side, provider->side, proposal ? &*proposal : nullptr));
  } else if (proposal) {
    print(match::to_yaml(*proposal, *exposed->side.service));
  } else {
    print(match::report(*paired, exposed->side, provider->side));
    if (!complete)
      complain("not all is covered: --propose prints overrides that cover it, to be read and kept");
  }
  return complete ? exit_ok : exit_failed;
}

int idl_explain(const std::string& name) {
  std::string upper = name;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  if (const match::Rule* rule = match::find_rule(upper)) {
    print(match::explain(*rule));
    return exit_ok;
  }
  if (const idl::ReaderRule* rule = idl::find_reader_rule(upper)) {
    print(std::string(rule->name)
              .append(": ")
              .append(idl::to_string(rule->severity))
              .append("\n")
              .append(rule->explanation)
              .append("\n"));
    return exit_ok;
  }
  std::vector<std::string> names;
  for (const match::Rule& rule : match::rules()) names.emplace_back(rule.name);
  for (const idl::ReaderRule& rule : idl::reader_rules()) names.emplace_back(rule.name);
  std::sort(names.begin(), names.end());
  complain("'" + name + "' is no rule; there are: " + idl::list_names(names, names.size()) +
           idl::did_you_mean(upper, names));
  return exit_usage;
}

}  // namespace koine::cli
