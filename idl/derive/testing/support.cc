// See support.h.
#include "idl/derive/testing/support.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <unistd.h>

#include "idl/derive/derive.h"
#include "idl/derive/naming.h"
#include "idl/dump.h"
#include "idl/java/read.h"
#include "idl/java/write.h"
#include "idl/language.h"
#include "idl/proto/reader.h"
#include "idl/proto/write.h"
#include "idl/thrift/read.h"
#include "idl/thrift/write.h"

namespace koine::idl::derive::testing {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> names_of(const Files& files, const std::string& skipped = "") {
  std::vector<std::string> names;
  for (const auto& [path, text] : files) {
    if (path != skipped) names.push_back(path);
  }
  return names;
}

// Never null: what could not be read is an empty schema, and the test sees it.
std::unique_ptr<Schema> checked(std::unique_ptr<Schema> schema, const std::vector<Diagnostic>& diagnostics,
                                const Files& files) {
  if (schema != nullptr) return schema;
  std::fputs(render(diagnostics).c_str(), stderr);
  for (const auto& [path, text] : files) std::fprintf(stderr, "---- %s\n%s", path.c_str(), text.c_str());
  return std::make_unique<Schema>();
}

void cut(std::string& line, const std::string& what) {
  if (const std::size_t at = line.find(what); at != std::string::npos) line.erase(at, what.size());
}

// "(UserId) i64" -> "i64", on the lines of fields.
void cut_aliases(std::string& line) {
  if (!line.starts_with("  field ")) return;
  for (std::size_t open = line.find('('); open != std::string::npos; open = line.find('(', open)) {
    const std::size_t close = line.find(") ", open);
    if (close == std::string::npos) return;
    line.erase(open, close + 2 - open);
  }
}

// Lines of enum values that stand together, sorted.
std::string with_sorted_values(const std::string& text) {
  std::stringstream in(text);
  std::string out;
  std::set<std::string> values;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("  value ")) {
      values.insert(line + "\n");
      continue;
    }
    for (const std::string& value : values) out += value;
    values.clear();
    out += line + "\n";
  }
  for (const std::string& value : values) out += value;
  return out;
}

// Annotations of one node, sorted: what they say does not depend on their order.
std::string with_sorted_annotations(const std::string& text) {
  std::stringstream in(text);
  std::string out;
  std::set<std::string> annotations;
  auto flush = [&] {
    for (const std::string& one : annotations) out += one;
    annotations.clear();
  };
  for (std::string line; std::getline(in, line);) {
    const std::size_t word = line.find_first_not_of(' ');
    if (word != std::string::npos && line.compare(word, 11, "annotation ") == 0) {
      annotations.insert(line + "\n");
    } else {
      flush();
      out += line + "\n";
    }
  }
  flush();
  return out;
}

class Folder {
 public:
  explicit Folder(const Files& files) {
    std::string pattern = (fs::temp_directory_path() / "koine_derive_XXXXXX").generic_string();
    path_ = ::mkdtemp(pattern.data());
    for (const auto& [name, text] : files) {
      fs::create_directories(fs::path(path_ + "/" + name).parent_path());
      std::ofstream(path_ + "/" + name) << text;
    }
    fs::create_directories(path_ + "/out");
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string run(const std::string& command) const {
    FILE* pipe = ::popen(("cd " + path_ + " && " + command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return "cannot run " + command;
    std::string output;
    std::array<char, 4096> chunk{};
    while (std::fgets(chunk.data(), static_cast<int>(chunk.size()), pipe) != nullptr) output += chunk.data();
    if (::pclose(pipe) == 0) return {};
    return command + ":\n" + output;
  }

 private:
  std::string path_;
};

}  // namespace

std::unique_ptr<Schema> read_thrift(const Files& files) {
  auto sources = memory_sources(files);
  thrift::ReadOptions options;
  options.sources = sources.get();
  auto result = thrift::read(names_of(files), options);
  return checked(std::move(result.schema), result.diagnostics, files);
}

std::unique_ptr<Schema> read_proto(const Files& files) {
  auto sources = memory_sources(files);
  const std::vector<std::string> here = {""};
  auto result = proto::read(*sources, names_of(files, "koine/options.proto"), here);
  return checked(std::move(result.schema), result.diagnostics, files);
}

std::unique_ptr<Schema> try_read(const Files& files, Language language, std::string* why) {
  auto sources = memory_sources(files);
  auto finish = [&](auto result) {
    if (why != nullptr) *why = render(result.diagnostics);
    return std::move(result.schema);
  };
  if (language == Language::thrift) {
    thrift::ReadOptions options;
    options.sources = sources.get();
    return finish(thrift::read(names_of(files), options));
  }
  if (language == Language::java) return finish(java::read(names_of(files), {{}, sources.get()}));
  const std::vector<std::string> here = {""};
  return finish(proto::read(*sources, names_of(files, "koine/options.proto"), here));
}

std::unique_ptr<Schema> derived(const Schema& source, Language target) {
  auto result = derive(source, target);
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.error().to_string().c_str());
  return std::make_unique<Schema>();
}

Files printed_thrift(const Schema& schema) {
  Files files;
  for (const File& file : schema.files()) {
    if (file.language == Language::thrift) files[file.path] = thrift::write(schema, file);
  }
  return files;
}

Files printed_proto(const Schema& schema, bool koine_options) {
  Files files;
  bool needed = false;
  for (const File& file : schema.files()) {
    if (file.language != Language::proto || file.package == "google.protobuf") continue;
    const std::string text = proto::write(schema, file, {koine_options});
    needed = needed || text.find("import \"koine/options.proto\"") != std::string::npos;
    files[file.path] = text;
  }
  if (needed) files["koine/options.proto"] = proto::options_file();
  return files;
}

Files printed_java(const Schema& schema) {
  Files files;
  for (const File& file : schema.files()) {
    if (file.language != Language::java) continue;
    for (java::SourceText& source : java::write(file)) files[source.path] = std::move(source.text);
  }
  return files;
}

std::string protoc_complaints(const Files& files, const std::vector<std::string>& generators) {
  const Folder folder(files);
  std::string command = "protoc -I.";
  for (const std::string& generator : generators) command += " --" + generator + "_out=out";
  if (generators.empty()) command += " -o out/set.binpb";
  for (const std::string& name : names_of(files)) command += " " + name;
  return folder.run(command);
}

std::string thrift_complaints(const Files& files, const std::vector<std::string>& generators) {
  const Folder folder(files);
  std::string complaints;
  for (const std::string& name : names_of(files)) {
    for (const std::string& generator : generators) {
      complaints += folder.run("thrift -strict -nowarn --gen " + generator + " -out out " + name);
    }
  }
  return complaints;
}

std::string javac_complaints(const Files& files) {
  static const bool there = std::system("command -v javac > /dev/null") == 0;
  if (!there) {
    std::fputs("no javac here: what it says is not known\n", stderr);
    return {};
  }
  const Folder folder(files);
  std::string command = "javac --release 8 -encoding UTF-8 -Xlint:all,-options -Werror -d out";
  for (const std::string& name : names_of(files)) command += " " + name;
  return folder.run(command);
}

std::string inconsistencies(const Schema& source, const Schema& derived) {
  std::string wrong;
  if (derived.files().empty()) return source.files().empty() ? "" : "no files\n";
  auto complain = [&](const std::string& text) { wrong += text + "\n"; };
  std::set<std::string> names;
  // What protobuf itself defines has one node for each that stands for it.
  auto imported = [](const auto& type) { return type.full_name.starts_with("google.protobuf."); };
  for (const StructType& type : derived.structs()) {
    if (imported(type)) continue;
    if (type.full_name.empty() || !names.insert(type.full_name).second)
      complain("struct name " + type.full_name);
  }
  for (const EnumType& type : derived.enums()) {
    if (imported(type)) continue;
    if (type.full_name.empty() || !names.insert(type.full_name).second)
      complain("enum name " + type.full_name);
    if (type.origin == nullptr) complain("enum without origin " + type.full_name);
    std::set<std::string> values;
    for (const EnumValue& value : type.values) {
      if (!values.insert(value.name).second) complain("value name " + type.full_name + "." + value.name);
    }
  }
  auto in_source = [&](const StructType* type) {
    for (const StructType& one : source.structs()) {
      if (&one == type) return true;
    }
    return false;
  };
  const bool to_arguments = has_arguments(derived.files().front().language);
  for (const StructType& type : derived.structs()) {
    if (type.origin != nullptr && !in_source(type.origin)) complain("origin elsewhere " + type.full_name);
    std::set<std::int32_t> numbers;
    std::set<std::string> fields;
    std::set<std::string> json_names;
    for (const Field& field : type.fields) {
      const std::string where = type.full_name + "." + field.name;
      if (!numbers.insert(field.id).second) complain("number " + where);
      if (!fields.insert(field.name).second) complain("name " + where);
      if (!json_names.insert(field.json_name).second) complain("JSON name " + where);
      if (field.type == nullptr) complain("no type " + where);
      // A result's exceptions belong to no message.
      const bool exception = type.role == StructRole::result && field.id != 0 && to_arguments;
      if (type.origin != nullptr && !exception && type.origin->find_field(field.origin_id) == nullptr) {
        complain("origin of " + where);
      }
    }
    // A result's exceptions are no part of the message, nor of Empty, which void becomes.
    const bool has_all = type.role == StructRole::result || imported(type);
    if (type.origin == nullptr || has_all) continue;
    if (type.origin->fields.size() != type.fields.size()) complain("fields lost in " + type.full_name);
  }
  for (const Service& service : source.services()) {
    const Service* same = nullptr;
    for (const Service& one : derived.services()) {
      if (one.origin == &service) same = &one;
    }
    // Clients call a service by its name, so it stays wherever the language lets it; Java's is of another
    // package.
    const bool moves = is_thrift_word(service.name) || derived.files().front().language == Language::java;
    if (same == nullptr || (same->full_name != service.full_name && !moves)) {
      complain("service " + service.full_name);
      continue;
    }
    std::set<std::string> methods;
    for (const Method& method : same->methods) {
      if (!methods.insert(method.name).second) complain("method " + service.full_name + "." + method.name);
      if (method.request == nullptr || method.response == nullptr) complain("messages of " + method.name);
    }
    for (const Method& method : service.methods) {
      const bool streams = method.client_streaming || method.server_streaming;
      int found = 0;
      for (const Method& candidate : same->methods) found += candidate.origin == &method ? 1 : 0;
      if (found != (streams && to_arguments ? 0 : 1)) {
        complain("method " + service.full_name + "." + method.name);
      }
    }
  }
  return wrong;
}

std::string shape_of(const Schema& schema, bool loosely) {
  std::stringstream in(dump(schema, {true, false, false}));
  std::string text;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("    error ")) continue;
    cut(line, " request_spread");
    cut(line, " response_spread");
    cut_aliases(line);
    if (const std::size_t json = line.find(" json "); loosely && json != std::string::npos) {
      line.erase(json, line.find(' ', json + 6) - json);
    }
    text += line + "\n";
  }
  return loosely ? with_sorted_values(text) : text;
}

std::string exact_of(const Schema& schema) {
  std::stringstream in(dump(schema, {true, true, false}));
  std::string text;
  bool left_out = false;  // the node of the last line that stands less deep
  bool method_left_out = false;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(' ')) {
      left_out = line.find(" google.protobuf.") != std::string::npos ||
                 line.find(" google/protobuf/") != std::string::npos;
      if (line.starts_with("file ")) line = line.substr(line.find(' ', 5));  // without its path
      method_left_out = false;
    } else if (line.starts_with("  ") && line[2] != ' ') {
      const std::string word = line.substr(2, line.find(' ', 2) - 2);
      const bool method = word == "method" || word == "inherited";
      const bool streams =
          line.find("(stream ") != std::string::npos || line.find(": stream ") != std::string::npos;
      method_left_out = (method && streams) || word == "import" || word == "typedef" || word == "const";
    }
    if (left_out || method_left_out || line.starts_with("    error ")) continue;
    cut(line, " request_spread");
    cut(line, " response_spread");
    cut_aliases(line);
    text += line + "\n";
  }
  return with_sorted_annotations(text);
}

std::string lost_on_the_way(const Files& files, Language language) {
  const Language other = language == Language::thrift ? Language::proto : Language::thrift;
  const auto source = try_read(files, language);
  if (source == nullptr) return {};
  const auto there = derived(*source, other);
  const Files printed = other == Language::proto ? printed_proto(*there) : printed_thrift(*there);
  std::string why;
  const auto read_back = try_read(printed, other, &why);
  if (read_back == nullptr) return "what was derived cannot be read: " + why + text_of(printed);
  return difference(exact_of(*source), exact_of(*derived(*read_back, language)));
}

std::string text_of(const Files& files) {
  std::string text;
  for (const auto& [path, content] : files) text += "---- " + path + "\n" + content;
  return text;
}

std::string difference(const std::string& left, const std::string& right) {
  std::stringstream a(left);
  std::stringstream b(right);
  std::string one;
  std::string other;
  std::string context;
  for (;;) {
    const bool more_a = static_cast<bool>(std::getline(a, one));
    const bool more_b = static_cast<bool>(std::getline(b, other));
    if (!more_a && !more_b) return {};
    if (more_a && more_b && one == other) {
      if (!one.starts_with(' ')) context = one;
      continue;
    }
    return "in " + context + "\n- " + (more_a ? one : "(end)") + "\n+ " + (more_b ? other : "(end)") + "\n";
  }
}

}  // namespace koine::idl::derive::testing
