// Runs libprotobuf's parser and linker over a SourceProvider: file names in, linked descriptors and
// diagnostics out. Internal to this module; libprotobuf's headers are seen in .cc files only.
//
// Owner: the caller; one thread.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "idl/diagnostics.h"
#include "idl/source.h"

namespace google::protobuf {
class FileDescriptor;
}

namespace koine::idl::proto {

// The text of a .proto file that was read, by its import name.
struct SourceText {
  std::string path;  // what messages call it
  std::string text;
};

class Import {
 public:
  explicit Import(const SourceProvider& sources, std::span<const std::string> import_directories);
  ~Import();
  Import(const Import&) = delete;
  Import& operator=(const Import&) = delete;

  // Reads the files and all they import; linked() is complete when there are no errors.
  void run(std::span<const std::string> files);

  // The files asked for, in order; owned by this.
  const std::vector<const google::protobuf::FileDescriptor*>& linked() const { return linked_; }
  std::vector<Diagnostic>& diagnostics() { return diagnostics_; }
  // Null for files without text (built in, or from a descriptor set).
  const SourceText* text_of(const std::string& import_name) const;
  // The name a person knows the file by.
  std::string path_of(const std::string& import_name) const;
  // `line` and `column` as libprotobuf counts them (from 0; tabs go to multiples of 8); -1: unknown.
  Location location(const std::string& import_name, int line, int column) const;
  void report(Severity severity, std::string rule, std::string message, const std::string& import_name,
              int line, int column);

 private:
  class Tree;
  class Database;
  class Collector;
  class LinkCollector;

  // `text` becomes that line of the file, when there is one.
  Location location(const std::string& import_name, int line, int column, std::string& text) const;
  std::string import_name_of(const std::string& file);
  void read_set(const std::string& file);
  void settle();
  bool refused_before(const std::string& name, std::size_t before) const;

  const SourceProvider& sources_;
  std::vector<std::string> directories_;
  std::map<std::string, SourceText> texts_;
  std::map<std::string, std::string> missing_;  // import name -> why it could not be read
  std::map<std::string, std::string> set_paths_;
  std::map<std::string, std::string> asked_;  // import name -> as asked for
  std::vector<std::string> type_names_;       // of everything that was parsed, for "did you mean"
  std::vector<Diagnostic> diagnostics_;
  std::vector<std::string> about_;  // import name of each diagnostic
  std::vector<const google::protobuf::FileDescriptor*> linked_;
  struct Protobuf;  // libprotobuf's objects
  std::unique_ptr<Protobuf> protobuf_;
};

}  // namespace koine::idl::proto
