// What both derivations share: the links from source to derived nodes, where definitions go that several
// files need, paths and imports. Internal to this module. One thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "idl/derive/keeper.h"
#include "idl/derive/naming.h"
#include "idl/diagnostics.h"
#include "idl/schema.h"

namespace koine::idl::derive {

class Deriver {
 public:
  Deriver(const Schema& source, Schema& derived, Language target, std::vector<Diagnostic>* diagnostics,
          Lock* lock);

 protected:
  // The files of the source to derive from, in their order.
  const std::vector<const File*>& sources() const { return sources_; }
  // The file that defines the node; null when none does.
  const File* home(const StructType& type) const;
  const File* home(const EnumType& type) const;
  // What `file` can see beside itself: the files that its types and services refer to, and what those see.
  const std::set<const File*>& seen_from(const File& file);

  // Adds the derived file for `source` (path, package, doc and origin are set).
  File& add_file(const File& source, std::string package);
  File& derived_file(const File& source) { return *files_.at(&source); }
  // Definitions made once a shape and package: finds one that `file` sees, or calls
  // `make(places)`, which enters the new one at places[&file] before it fills it: shapes may refer to
  // themselves.
  template <class Node, class Make>
  Node& shared(std::map<std::string, std::map<const File*, Node*>>& known, const std::string& shape,
               const File& file, Make make) {
    auto& places = known[shape];
    if (auto own = places.find(&file); own != places.end()) return *own->second;
    const std::set<const File*>& seen = seen_from(file);
    for (const File* other : sources_) {
      auto found = places.find(other);
      if (found == places.end() || !seen.contains(other)) continue;
      if (files_.at(other)->package == files_.at(&file)->package) return *found->second;
    }
    return make(places);
  }

  // The struct of a method's arguments or result, without fields.
  StructType& method_struct(const Service& service, const Method& method, const char* suffix,
                            StructRole role);
  // What was derived from something derived knows what that was derived from instead; `calls` has arguments
  // and results that say so themselves.
  void pass_over_types(const std::map<const StructType*, const StructType*>& calls);
  // Sets imports of all derived files from what they refer to.
  void link_files();
  void warn(std::string rule, std::string message, const Location& where);
  // The lock takes note of what is gone; an error when it had to refuse something.
  base::Status close_lock() { return close_lock(sources_); }
  base::Status close_lock(const std::vector<const File*>& files);

  const Schema& source_;
  Schema& derived_;
  std::map<const StructType*, const StructType*> structs_;
  std::map<const EnumType*, const EnumType*> enums_;
  Keeper keep_;

 private:
  void find_homes(const File& file);
  void choose_paths();

  Language target_;
  std::vector<Diagnostic>* diagnostics_;
  std::vector<const File*> sources_;
  std::map<const StructType*, const File*> struct_homes_;
  std::map<const EnumType*, const File*> enum_homes_;
  std::map<const File*, std::set<const File*>> seen_;
  std::map<const File*, std::string> paths_;
  std::map<const File*, File*> files_;
};

// Calls `on_struct` and `on_enum` for what a type refers to, container elements included.
template <class OnStruct, class OnEnum>
void for_references(const Type& type, const OnStruct& on_struct, const OnEnum& on_enum) {
  if (type.structure != nullptr) on_struct(*type.structure);
  if (type.enumeration != nullptr) on_enum(*type.enumeration);
  if (type.key != nullptr) for_references(*type.key, on_struct, on_enum);
  if (type.element != nullptr) for_references(*type.element, on_struct, on_enum);
}

// Whether the file was derived from the language that it is to become: then what it was comes back, by what
// the first derivation wrote down.
bool comes_back(const File& file);
// Whether what comes back was Java: then its names were not chosen with Thrift's words in mind.
bool is_from_java(const File& file);
// May protobuf put elements of this type behind one another without tags?
bool is_packable(const Type& element);
// Enters "koine.name": what a derived node is called in the source, and behind it what the source itself says
// there of a name on this side. On the way back, the latter alone.
void add_names(const Annotations& source, const std::string& source_name, bool same_name, bool back,
               Annotations& derived);

// The annotation's text, or `otherwise`.
std::string annotation_or(const Annotations& annotations, std::string_view name, std::string otherwise);
// As they come back from a .proto: in the order of koine/options.proto.
void sort_as_options(Annotations& annotations);
// Those whose names are not in `consumed`.
Annotations annotations_without(const Annotations& annotations, const std::set<std::string_view>& consumed);

}  // namespace koine::idl::derive
