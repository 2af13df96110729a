// Runs libprotobuf's parser and linker over a SourceProvider: file names in, linked descriptors and
// diagnostics out. Internal to this module; libprotobuf's headers are seen in .cc files only.
//
// Owner: the caller; one thread.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "idl/bounds.h"
#include "idl/diagnostics.h"
#include "idl/proto/editions.h"
#include "idl/source.h"

namespace google::protobuf {
class FileDescriptor;
}

namespace koine::idl::proto {

// The text of a .proto file that was read, by its import name.
struct SourceText {
  std::string path;  // what messages call it
  std::string text;

  // As source_line(text, number), without looking at what is before it every time.
  std::string_view line(int number) const;

 private:
  mutable std::vector<std::size_t> line_starts_;  // when a line was asked for
};

class Import {
 public:
  Import(const SourceProvider& sources, std::span<const std::string> import_directories,
         const Bounds& bounds);
  ~Import();
  Import(const Import&) = delete;
  Import& operator=(const Import&) = delete;

  // Reads the files and all they import; linked() is complete when there are no errors.
  void run(std::span<const std::string> files);

  // The files asked for, in order; owned by this.
  const std::vector<const google::protobuf::FileDescriptor*>& linked() const { return linked_; }
  // What is told; of errors and warnings only so many, and how many more there were.
  std::vector<Diagnostic> take_diagnostics();
  bool has_errors() const { return errors_ > 0; }
  // Of the files that were made ones of proto2.
  const Editions& editions() const { return editions_; }
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

  std::string import_name_of(const std::string& file);
  void read_set(const std::string& file);
  bool count(const std::string& import_name, std::size_t bytes, std::size_t parts);
  void settle();
  bool refused_before(const std::string& name, std::size_t before) const;

  const SourceProvider& sources_;
  const Bounds bounds_;
  std::vector<std::string> directories_;
  std::map<std::string, SourceText> texts_;
  std::map<std::string, std::string> missing_;  // import name -> why it could not be read
  std::map<std::string, std::string> set_paths_;
  std::map<std::string, std::string> asked_;  // import name -> as asked for
  std::vector<std::string> type_names_;       // of everything that was parsed, for "did you mean"
  std::vector<Diagnostic> diagnostics_;
  std::vector<std::string> about_;  // import name of each diagnostic
  std::size_t errors_ = 0;          // all of them, told or not
  std::size_t warnings_ = 0;
  std::size_t files_read_ = 0;
  std::size_t bytes_read_ = 0;
  std::size_t parts_read_ = 0;
  Editions editions_;
  std::vector<const google::protobuf::FileDescriptor*> linked_;
  struct Protobuf;  // libprotobuf's objects
  std::unique_ptr<Protobuf> protobuf_;
};

}  // namespace koine::idl::proto
