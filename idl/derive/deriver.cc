// Links, paths and imports. Owner: see deriver.h.
#include "idl/derive/deriver.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "idl/language.h"

namespace koine::idl::derive {
namespace {

namespace fs = std::filesystem;

// The words of "a/b/c.thrift" without its extension; ".." becomes "_", as no import may leave its directory.
std::vector<std::string> path_parts(const std::string& path) {
  std::vector<std::string> parts;
  for (const fs::path& part : fs::path(path).lexically_normal().relative_path()) {
    parts.push_back(part == ".." ? "_" : part.generic_string());
  }
  if (!parts.empty()) parts.back() = fs::path(parts.back()).stem().generic_string();
  return parts;
}

bool defined_by_protobuf(const File& file) {
  return file.language == Language::proto && file.package == "google.protobuf";
}

// Thrift looks beside the including file first, protobuf from the root only.
std::string import_text(const File& from, const File& to) {
  if (to.language != Language::thrift) return to.path;
  return fs::path(to.path).lexically_relative(fs::path(from.path).parent_path()).generic_string();
}

}  // namespace

Deriver::Deriver(const Schema& source, Schema& derived, Language target, std::vector<Diagnostic>* diagnostics,
                 Lock* lock)
    : source_(source),
      derived_(derived),
      keep_(lock, target, diagnostics),
      target_(target),
      diagnostics_(diagnostics) {
  for (const File& file : source.files()) {
    find_homes(file);
    // What protobuf defines is derived where it is used, so that a file stands for itself.
    const bool passed_over = file.language == target || defined_by_protobuf(file);
    if (!passed_over) sources_.push_back(&file);
  }
  choose_paths();
}

void Deriver::find_homes(const File& file) {
  for (const StructType* type : file.structs) struct_homes_.emplace(type, &file);
  for (const EnumType* type : file.enums) enum_homes_.emplace(type, &file);
  if (!has_arguments(file.language)) return;
  for (const Service* service : file.services) {
    for (std::size_t i = 0; i < service->own_methods; ++i) {
      // Argument and result structs are in no file's list.
      struct_homes_.emplace(service->methods[i].request, &file);
      struct_homes_.emplace(service->methods[i].response, &file);
    }
  }
}

const File* Deriver::home(const StructType& type) const {
  auto found = struct_homes_.find(&type);
  return found == struct_homes_.end() ? nullptr : found->second;
}

const File* Deriver::home(const EnumType& type) const {
  auto found = enum_homes_.find(&type);
  return found == enum_homes_.end() ? nullptr : found->second;
}

const std::set<const File*>& Deriver::seen_from(const File& file) {
  auto [place, fresh] = seen_.try_emplace(&file);
  if (!fresh) return place->second;
  std::set<const File*> direct;
  auto add = [&](const File* other) {
    if (other != nullptr && other != &file) direct.insert(other);
  };
  auto on_struct = [&](const StructType& type) { add(home(type)); };
  auto on_enum = [&](const EnumType& type) { add(home(type)); };
  auto add_fields = [&](const StructType& type) {
    for (const Field& field : type.fields) for_references(*field.type, on_struct, on_enum);
  };
  for (const StructType* type : file.structs) add_fields(*type);
  for (const Service* service : file.services) {
    for (const Method& method : service->methods) {
      on_struct(*method.request);
      on_struct(*method.response);
      add_fields(*method.request);
      add_fields(*method.response);
      for (const StructType* error : method.declared_errors) on_struct(*error);
    }
  }
  std::set<const File*> all = direct;
  for (const File* other : direct) {
    const std::set<const File*>& further = seen_from(*other);
    all.insert(further.begin(), further.end());
  }
  all.erase(&file);
  return seen_[&file] = std::move(all);
}

// The part of all paths that is the same goes; Thrift knows an included file by its base name alone, so these
// must differ.
void Deriver::choose_paths() {
  std::vector<std::vector<std::string>> all;
  for (const File* file : sources_) all.push_back(path_parts(file->path));
  std::size_t common = all.empty() || all[0].empty() ? 0 : all[0].size() - 1;
  for (const auto& parts : all) {
    std::size_t same = 0;
    while (same < common && same + 1 < parts.size() && parts[same] == all[0][same]) ++same;
    common = std::min(common, same);
  }
  NameScope bases;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    std::string path;
    for (std::size_t j = common; j + 1 < all[i].size(); ++j) path += all[i][j] + "/";
    std::string base = all[i].empty() ? "schema" : all[i].back();
    const std::string source = annotation_or(sources_[i]->annotations, "koine.source", "");
    if (comes_back(*sources_[i]) && !source.empty()) base = fs::path(source).stem().generic_string();
    if (target_ == Language::thrift) {
      std::replace_if(
          base.begin(), base.end(), [](char c) { return !is_identifier(std::string("_") + c); }, '_');
      base = bases.claim(base);
    }
    paths_[sources_[i]] = path + base + "." + std::string(to_string(target_));
  }
}

File& Deriver::add_file(const File& source, std::string package) {
  File& file = derived_.add_file();
  files_[&source] = &file;
  file.path = paths_.at(&source);
  file.language = target_;
  file.package = std::move(package);
  file.origin = &source;
  file.doc = source.doc;
  return file;
}

StructType& Deriver::method_struct(const Service& service, const Method& method, const char* suffix,
                                   StructRole role) {
  StructType& made = derived_.add_struct();
  made.name = service.name + "." + method.name + suffix;
  made.full_name = service.full_name + "." + method.name + suffix;
  made.role = role;
  made.implicit_utf8 = false;
  made.location = method.location;
  return made;
}

void Deriver::pass_over_types(const std::map<const StructType*, const StructType*>& calls) {
  for (StructType& type : derived_.structs()) {
    if (const auto call = calls.find(&type); call != calls.end()) {
      type.origin = call->second;
      for (Field& field : type.fields) field.origin_id = field.id;
    } else if (type.origin != nullptr) {
      for (Field& field : type.fields) {
        const Field* between = type.origin->find_field(field.origin_id);
        field.origin_id = between == nullptr ? 0 : between->origin_id;
      }
      type.origin = type.origin->origin;
    }
  }
  for (EnumType& type : derived_.enums()) {
    if (type.origin != nullptr) type.origin = type.origin->origin;
  }
  for (const File* file : sources()) derived_file(*file).origin = file->origin;
}

void Deriver::link_files() {
  std::map<const StructType*, const File*> struct_files;
  std::map<const EnumType*, const File*> enum_files;
  for (const File& file : derived_.files()) {
    for (const StructType* type : file.structs) struct_files.emplace(type, &file);
    for (const EnumType* type : file.enums) enum_files.emplace(type, &file);
  }
  for (const auto& entry : files_) {
    File* const file = entry.second;  // clang 14 lets no lambda capture a structured binding
    std::set<std::string> imports;
    auto add = [&](const File* other) {
      if (other != nullptr && other != file) imports.insert(import_text(*file, *other));
    };
    auto on_struct = [&](const StructType& type) {
      if (auto found = struct_files.find(&type); found != struct_files.end()) add(found->second);
    };
    auto on_enum = [&](const EnumType& type) {
      if (auto found = enum_files.find(&type); found != enum_files.end()) add(found->second);
    };
    auto add_fields = [&](const StructType& type) {
      for (const Field& field : type.fields) for_references(*field.type, on_struct, on_enum);
    };
    for (const StructType* type : file->structs) add_fields(*type);
    for (const Service* service : file->services) {
      if (!service->base.empty()) {
        for (const auto& [other_source, other] : files_) {
          for (const Service* base : other->services) {
            if (base->full_name == service->base) add(other);
          }
        }
      }
      const std::size_t printed =
          target_ == Language::thrift ? service->own_methods : service->methods.size();
      for (std::size_t i = 0; i < printed; ++i) {
        const Method& method = service->methods[i];
        on_struct(*method.request);
        on_struct(*method.response);
        // Thrift's argument and result structs are in no file.
        add_fields(*method.request);
        add_fields(*method.response);
        for (const StructType* error : method.declared_errors) on_struct(*error);
      }
    }
    for (const auto& import : imports) file->imports.push_back(import);
  }
}

void Deriver::warn(std::string rule, std::string message, const Location& where) {
  if (diagnostics_ == nullptr) return;
  diagnostics_->push_back({Severity::warning, std::move(rule), std::move(message), where, {}});
}

base::Status Deriver::close_lock(const std::vector<const File*>& files) {
  if (keep_.close(files)) return {};
  return to_status(keep_.problems());
}

bool comes_back(const File& file) {
  return find_annotation(file.annotations, "koine.derived_from") != nullptr;
}

bool is_from_java(const File& file) {
  return annotation_or(file.annotations, "koine.source", "").ends_with(".java");
}

bool is_packable(const Type& element) {
  return element.kind != Kind::string && element.kind != Kind::bytes && element.kind != Kind::uuid &&
         element.kind != Kind::structure;
}

void add_names(const Annotations& source, const std::string& source_name, bool same_name, bool back,
               Annotations& derived) {
  std::vector<std::string> said;
  for (const Annotation& annotation : source) {
    if (annotation.name == "koine.name") said.push_back(annotation.value);
  }
  if (back) {
    if (said.size() > 1) derived.push_back({"koine.name", said[1]});
    return;
  }
  if (same_name) return;
  derived.push_back({"koine.name", source_name});
  if (!said.empty() && said[0] != source_name) derived.push_back({"koine.name", said[0]});
}

void sort_as_options(Annotations& annotations) {
  static constexpr auto order = std::to_array<std::string_view>(
      {"deprecated",     "koine.form",   "koine.role",         "koine.range",    "koine.key_range",
       "koine.key_enum", "koine.set",    "koine.requiredness", "koine.default",  "koine.id",
       "koine.name",     "koine.code",   "koine.value_prefix", "koine.added",    "koine.position",
       "koine.extends",  "koine.oneway", "koine.throws",       "koine.argument", "koine.as",
       "koine.unit",     "koine.key_as"});
  std::vector<std::pair<std::size_t, Annotation>> ranked;
  bool named = false;
  for (Annotation& annotation : annotations) {
    auto rank =
        static_cast<std::size_t>(std::find(order.begin(), order.end(), annotation.name) - order.begin());
    // The second is no option: it stands behind them, as what the source said.
    if (annotation.name == "koine.name" && std::exchange(named, true)) rank = order.size();
    const bool flag = annotation.value == "true" || annotation.value == "1";
    if (annotation.name == "deprecated" && !flag) rank = order.size();  // a reason is no option either
    ranked.emplace_back(rank, std::move(annotation));
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < ranked.size(); ++i) annotations[i] = std::move(ranked[i].second);
}

std::string annotation_or(const Annotations& annotations, std::string_view name, std::string otherwise) {
  const std::string* found = find_annotation(annotations, name);
  return found == nullptr ? otherwise : *found;
}

Annotations annotations_without(const Annotations& annotations, const std::set<std::string_view>& consumed) {
  Annotations kept;
  for (const Annotation& annotation : annotations) {
    if (!consumed.contains(annotation.name)) kept.push_back(annotation);
  }
  return kept;
}

}  // namespace koine::idl::derive
