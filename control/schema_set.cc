// Reads and derives the schemas that a configuration names.
#include "control/schema_set.h"

#include <algorithm>
#include <filesystem>

#include <glob.h>

#include "idl/derive/derive.h"
#include "idl/derive/stale.h"
#include "idl/java/definitions.h"
#include "idl/java/read.h"
#include "idl/proto/reader.h"
#include "idl/thrift/read.h"

namespace koine::control {
namespace {

void take(std::vector<idl::Diagnostic>&& from, std::vector<idl::Diagnostic>& into) {
  into.insert(into.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

void SchemaSet::read(const std::vector<std::string>& files, const std::vector<std::string>& import_paths,
                     const idl::SourceProvider& sources, std::vector<idl::Diagnostic>& diagnostics) {
  std::map<idl::Language, std::vector<std::string>> by_language;
  for (const std::string& file : files) {
    if (const std::optional<idl::Language> language = schema_language(file)) {
      by_language[*language].push_back(file);
      continue;
    }
    idl::Diagnostic problem;
    problem.rule = "FILE_KIND";
    problem.message =
        "not a schema: expected a name that ends in .thrift, .proto, .binpb, .java or .dubbo.json";
    problem.location.file = file;
    diagnostics.push_back(std::move(problem));
  }
  for (const auto& [language, list] : by_language) read(language, list, import_paths, sources, diagnostics);
  if (thrift_ == nullptr || proto_ == nullptr) return;
  idl::derive::warn_of_stale(*proto_, *thrift_, diagnostics);
  idl::derive::warn_of_stale(*thrift_, *proto_, diagnostics);
}

void SchemaSet::read(idl::Language language, const std::vector<std::string>& files,
                     const std::vector<std::string>& import_paths, const idl::SourceProvider& sources,
                     std::vector<idl::Diagnostic>& diagnostics) {
  const auto keep = [&](auto result, std::shared_ptr<idl::Schema>& schema) {
    take(std::move(result.diagnostics), diagnostics);
    schema = std::move(result.schema);
  };
  switch (language) {
    case idl::Language::thrift: return keep(idl::thrift::read(files, {import_paths, &sources}), thrift_);
    case idl::Language::proto: return keep(idl::proto::read(sources, files, import_paths), proto_);
    case idl::Language::java: return keep(idl::java::read(files, {import_paths, &sources}), java_);
  }
}

base::Status SchemaSet::annotate(std::string_view name, const idl::Annotations& annotations) {
  const auto is_called = [name](std::string_view full_name) {
    return full_name == name ||
           (full_name.ends_with(name) && full_name[full_name.size() - name.size() - 1] == '.');
  };
  std::vector<std::string> found;
  idl::Annotations* place = nullptr;
  const auto look_at = [&](const std::string& full_name, idl::Annotations& one) {
    if (!is_called(full_name)) return;
    found.push_back(full_name);
    place = &one;
  };
  for (const auto& schema : {thrift_, proto_, java_}) {
    if (schema == nullptr) continue;
    for (idl::StructType& type : schema->structs()) {
      look_at(type.full_name, type.annotations);
      // Fields whose type's name cannot fit need no look.
      for (idl::Field& field : type.fields) {
        if (name.ends_with(field.name)) look_at(type.full_name + "." + field.name, field.annotations);
      }
    }
  }
  if (found.empty()) return {base::Reason::config_invalid, "no type or field of that name in the schemas"};
  if (found.size() > 1) {
    return {base::Reason::config_invalid, "means several; write one of " + idl::list_names(found)};
  }
  for (const idl::Annotation& one : annotations) {
    std::erase_if(*place, [&](const idl::Annotation& old) { return old.name == one.name; });
    place->push_back(one);
  }
  return {};
}

void SchemaSet::read_lock(const std::string& path, bool extend, const idl::SourceProvider& sources,
                          std::vector<idl::Diagnostic>& diagnostics) {
  const base::Result<std::optional<std::string>> text = sources.read(path);
  if (text && *text) {
    lock_ = idl::derive::Lock::parse(**text, path, diagnostics);
    if (lock_ && !extend) lock_->freeze();
  } else if (text && extend) {
    lock_.emplace(path);
  } else {
    idl::Diagnostic problem;
    problem.rule = idl::rule_file;
    problem.message =
        text ? "no such file; koine idl convert --lock makes it" : std::string(text.error().message());
    problem.location.file = path;
    diagnostics.push_back(std::move(problem));
  }
}

const idl::Service* SchemaSet::find_service(std::string_view full_name, idl::Language wanted,
                                            idl::Language& found) const {
  for (const idl::Language language :
       {wanted, idl::Language::thrift, idl::Language::proto, idl::Language::java}) {
    const SchemaRef schema = written(language);
    if (schema == nullptr) continue;
    if (const idl::Service* service = schema->find_service(full_name); service != nullptr) {
      found = language;
      return service;
    }
  }
  return nullptr;
}

std::vector<std::string> SchemaSet::service_names() const {
  std::vector<std::string> names;
  for (const SchemaRef& schema : std::initializer_list<SchemaRef>{thrift_, proto_, java_}) {
    if (schema == nullptr) continue;
    for (const idl::Service& service : schema->services()) names.push_back(service.full_name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

base::Result<const idl::Service*> SchemaSet::service_in(std::string_view full_name, idl::Language written_in,
                                                        idl::Language language, idl::Language other) {
  SchemaRef schema = written(language);
  if (written_in != language) {
    const bool twice = other != language && other != written_in &&
                       ((written_in == idl::Language::java && language == idl::Language::thrift) ||
                        (written_in == idl::Language::proto && language == idl::Language::java));
    base::Result<SchemaRef> twin =
        twice ? by_way_of(other, written_in, language) : derived(language, written_in);
    if (!twin) return twin.error();
    schema = *twin;
  }
  const idl::Service* service = schema == nullptr ? nullptr : schema->find_service(full_name);
  // A nested interface of Java cannot keep its dot elsewhere.
  for (std::size_t i = 0; service == nullptr && schema != nullptr && i < schema->services().size(); ++i) {
    const idl::Service& one = schema->services()[i];
    const idl::Service* source = one.origin;
    while (source != nullptr && source->origin != nullptr) source = source->origin;
    if (source != nullptr && source->full_name == full_name) service = &one;
  }
  if (service == nullptr) {
    return base::Status(base::Reason::config_invalid, "no service '" + std::string(full_name) + "' in " +
                                                          std::string(to_string(language)) +
                                                          " after derivation");
  }
  return service;
}

SchemaRef SchemaSet::written(idl::Language language) const {
  switch (language) {
    case idl::Language::thrift: return thrift_;
    case idl::Language::proto: return proto_;
    case idl::Language::java: return java_;
  }
  return nullptr;
}

base::Result<SchemaRef> SchemaSet::derived(idl::Language into) {
  for (const idl::Language from : {idl::Language::thrift, idl::Language::proto, idl::Language::java}) {
    if (from != into && written(from) != nullptr) return derived(into, from);
  }
  return base::Status(base::Reason::config_invalid,
                      "nothing to derive " + std::string(to_string(into)) + " from");
}

base::Result<SchemaRef> SchemaSet::derived(idl::Language into, idl::Language from) {
  SchemaRef& twin = derived_[{from, into}];
  if (twin != nullptr) return twin;
  const SchemaRef source = written(from);
  if (source == nullptr) {
    return base::Status(base::Reason::config_invalid,
                        "nothing to derive " + std::string(to_string(into)) + " from");
  }
  base::Result<SchemaRef> made = derive_from(*source, into);
  if (made) twin = *made;
  return made;
}

base::Result<SchemaRef> SchemaSet::by_way_of(idl::Language between, idl::Language from, idl::Language into) {
  SchemaRef& twin = derived_twice_[{between, into}];
  if (twin != nullptr) return twin;
  const base::Result<SchemaRef> source = derived(between, from);
  if (!source) return source.error();
  base::Result<SchemaRef> made = derive_from(**source, into);
  if (made) twin = *made;
  return made;
}

base::Result<SchemaRef> SchemaSet::derive_from(const idl::Schema& source, idl::Language into) {
  // A lock of those who never became Java by it has no choices of theirs to keep to.
  const bool keeps = lock_ && (into != idl::Language::java || !lock_->frozen() || lock_->is_for(into));
  base::Result<std::unique_ptr<idl::Schema>> made =
      idl::derive::derive(source, into, &left_out_, keeps ? &*lock_ : nullptr);
  if (!made) return made.error();
  return SchemaRef(std::move(*made));
}

std::vector<std::shared_ptr<const void>> SchemaSet::owned() const {
  std::vector<std::shared_ptr<const void>> out;
  for (const SchemaRef& schema : std::initializer_list<SchemaRef>{thrift_, proto_, java_}) {
    if (schema != nullptr) out.push_back(schema);
  }
  for (const auto& [languages, schema] : derived_) {
    if (schema != nullptr) out.push_back(schema);
  }
  for (const auto& [languages, schema] : derived_twice_) {
    if (schema != nullptr) out.push_back(schema);
  }
  return out;
}

std::optional<idl::Language> schema_language(std::string_view file) {
  if (file.ends_with(".thrift")) return idl::Language::thrift;
  if (file.ends_with(".proto") || file.ends_with(".binpb")) return idl::Language::proto;
  if (file.ends_with(".java") || idl::java::is_definition_name(file)) return idl::Language::java;
  return std::nullopt;
}

base::Result<std::vector<std::string>> expand_globs(const std::vector<std::string>& patterns,
                                                    const std::string& directory) {
  std::vector<std::string> out;
  for (const std::string& pattern : patterns) {
    const std::filesystem::path path(pattern);
    const std::string full = path.is_absolute() || directory.empty() ? pattern : directory + "/" + pattern;
    if (pattern.find_first_of("*?[") == std::string::npos) {
      out.push_back(full);
      continue;
    }
    glob_t found{};
    const int code = ::glob(full.c_str(), 0, nullptr, &found);
    for (std::size_t i = 0; code == 0 && i < found.gl_pathc; ++i) out.emplace_back(found.gl_pathv[i]);
    ::globfree(&found);
    if (code != 0) return base::Status(base::Reason::idl_io, "'" + full + "' matches no file");
  }
  return out;
}

}  // namespace koine::control
