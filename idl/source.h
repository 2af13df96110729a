// Where the text of IDL files comes from: the disk or a test's memory, include directories, line look-up, and
// the "did you mean" of all messages about names.
//
// Owner: whoever reads; one thread a provider.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace koine::idl {

class SourceProvider {
 public:
  virtual ~SourceProvider() = default;
  // The whole file; nullopt when there is no such file; idl_io when it is there and cannot be read (a
  // directory, no permission, larger than the limit).
  virtual base::Result<std::optional<std::string>> read(const std::string& path) const = 0;
  // Two paths of one file have one identity.
  virtual std::string identity(const std::string& path) const = 0;
};

// `file_bytes_max`: Limits::config_bytes_max.
std::unique_ptr<SourceProvider> disk_sources(std::size_t file_bytes_max = base::Limits().config_bytes_max);
// path -> text; paths are compared after lexical normalisation ("a/../b" is "b").
std::unique_ptr<SourceProvider> memory_sources(std::map<std::string, std::string> files,
                                               std::size_t file_bytes_max = base::Limits().config_bytes_max);

struct SourceFile {
  std::string path;  // as it was found: directory/name, normalised
  std::string identity;
  std::string text;
};

// The first of `directories` that holds `name` ("" is the working directory; an absolute name ignores them).
// idl_io, naming every place looked at, when there is none. A file whose identity is `known` is not read
// again: its text stays empty.
base::Result<SourceFile> find_source(const SourceProvider& provider, std::string_view name,
                                     std::span<const std::string> directories,
                                     const std::function<bool(const std::string& identity)>& known = {});

// "a//b/./c/../d" -> "a/b/d"; lexical, nothing is looked up.
std::string normal_path(const std::string& path);
// "a/b/c.thrift" -> "a/b"; "" for a bare name.
std::string directory_of(std::string_view path);
// "a/b/c.d.thrift" -> "c.d".
std::string stem_of(std::string_view path);

// The text of line `line` (from 1) without its line ending; empty when there is no such line.
std::string source_line(std::string_view text, int line);

// The candidate that a person most likely meant, by edit distance: a swap of neighbours counts one, a
// letter's case a half, wrong case throughout a half in all. At most a third of the length away, or one in
// names of up to three; the first in order of candidates on a tie. When the whole is near none of them, the
// last parts alone are compared (after '.', '/' or ':'): OrderService is shop.OrderService. Empty if none is
// near.
std::string nearest_name(std::string_view name, std::span<const std::string> candidates);
// "; did you mean 'Order'?", or empty. Ends a message: what there is stands before it.
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);
// "a, b, c", in the order given; after `shown_max` of them "and 4 more". "none" of none.
std::string list_names(std::span<const std::string> names, std::size_t shown_max = 12);

}  // namespace koine::idl
