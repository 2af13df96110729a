// SchemaSet: the IDL files that a configuration or a command line names, read, and derived into other
// languages.
//
// All .thrift files share one graph, all .proto files and descriptor sets another, all .java files a third,
// so that a contract written in several languages may stand side by side. Owner: the loader; what is in it is
// immutable and handed on by shared pointers.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "idl/derive/lock.h"
#include "idl/diagnostics.h"
#include "idl/schema.h"
#include "idl/source.h"

namespace koine::control {

using SchemaRef = std::shared_ptr<const idl::Schema>;

class SchemaSet {
 public:
  // Reads `files` (not globs; see expand_globs). Problems go to `diagnostics`; the set holds what could be
  // read.
  void read(const std::vector<std::string>& files, const std::vector<std::string>& import_paths,
            const idl::SourceProvider& sources, std::vector<idl::Diagnostic>& diagnostics);

  // Adds annotations to what `name` is the full name of, or the end of it: a type (shop.Order), or a field of
  // one (Order.createdAt). Before anything is derived. Not OK: there is none, or several.
  base::Status annotate(std::string_view name, const idl::Annotations& annotations);

  // The service of that full name as written in an IDL; null when there is none. `wanted` decides when
  // several languages have it.
  const idl::Service* find_service(std::string_view full_name, idl::Language wanted,
                                   idl::Language& found) const;
  // Full names of all services, for messages.
  std::vector<std::string> service_names() const;
  // That service in `language`: itself, or its derived twin. CONFIG_INVALID with the reason when it cannot be
  // derived. `other` is the language at the far end of its calls, as plans pair what one was derived from the
  // other: what is written in Java becomes Thrift at once for Java's sake, and by way of protobuf for
  // protobuf's; what is written in protobuf becomes Java by way of Thrift for Thrift's.
  base::Result<const idl::Service*> service_in(std::string_view full_name, idl::Language written_in,
                                               idl::Language language,
                                               idl::Language other = idl::Language::proto);
  // The graph of everything written in `language`; null when there is none.
  SchemaRef written(idl::Language language) const;
  // That of what is written in `from`, derived; without `from`, of the first language that something is
  // written in.
  base::Result<SchemaRef> derived(idl::Language into, idl::Language from);
  base::Result<SchemaRef> derived(idl::Language into);
  // The lock that derivations keep to. `extend`: it may be missing, and takes what is new (the caller writes
  // it then); otherwise the file is there and holds everything (LOCK_STALE).
  void read_lock(const std::string& path, bool extend, const idl::SourceProvider& sources,
                 std::vector<idl::Diagnostic>& diagnostics);
  // Null without one.
  const idl::derive::Lock* lock() const { return lock_ ? &*lock_ : nullptr; }
  // Warnings of what the derivations so far left out: streaming methods have no form in Thrift; and what the
  // lock refused.
  const std::vector<idl::Diagnostic>& left_out() const { return left_out_; }

  // Everything that pointers handed out by this set point into.
  std::vector<std::shared_ptr<const void>> owned() const;

 private:
  void read(idl::Language language, const std::vector<std::string>& files,
            const std::vector<std::string>& import_paths, const idl::SourceProvider& sources,
            std::vector<idl::Diagnostic>& diagnostics);

  // What becomes of `from` when it has become `between`.
  base::Result<SchemaRef> by_way_of(idl::Language between, idl::Language from, idl::Language into);
  base::Result<SchemaRef> derive_from(const idl::Schema& source, idl::Language into);

  std::shared_ptr<idl::Schema> thrift_;
  std::shared_ptr<idl::Schema> proto_;
  std::shared_ptr<idl::Schema> java_;
  std::map<std::pair<idl::Language, idl::Language>, SchemaRef>
      derived_;  // by what it was, and what it became
  std::map<std::pair<idl::Language, idl::Language>, SchemaRef>
      derived_twice_;  // by the language between, and what it became
  std::vector<idl::Diagnostic> left_out_;
  std::optional<idl::derive::Lock> lock_;
};

// The language of a schema by how its file's name ends (.thrift, .proto, .binpb, .java, .dubbo.json); nothing
// for others.
std::optional<idl::Language> schema_language(std::string_view file);

// Replaces globs (* and ? in a path, relative to `directory`) by the files they match, sorted; a pattern
// without wildcards is kept as it is. A glob without a match is an error (IDL_IO).
base::Result<std::vector<std::string>> expand_globs(const std::vector<std::string>& patterns,
                                                    const std::string& directory);

}  // namespace koine::control
