// transcode_files: the plans of Koine against a contender in another process, for bench/transcode_dynamicgo.
//   transcode_files DIR SHAPE…  writes the shapes' messages to DIR/<shape>.binary and .protobuf, and takes
//   commands:
//     read                      reads DIR/<shape>.json, what json/… rows read, when the other process has
//     written it write ROW FILE            translates each message of the row ("order/binary/json") into the
//     file compare ROW FILE          whether the file has what the row's messages are when translated,
//     whoever wrote it run ROW MILLISECONDS      translates the row's messages over and over for that long of
//     CPU time
// It answers "ok", or after `run` with nanoseconds per message. In a file each message comes behind its
// length, 4 bytes, little endian.
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "contender.h"

namespace koine::bench {
namespace {

using Messages = std::vector<std::string>;

bool write_messages(const std::string& path, const Messages& messages) {
  std::ofstream file(path, std::ios::binary);
  for (const std::string& message : messages) {
    for (unsigned shift = 0; shift < 32; shift += 8) file.put(static_cast<char>(message.size() >> shift));
    file << message;
  }
  return file.flush().good();
}

Messages read_messages(const std::string& path) {
  Messages messages;
  std::ifstream file(path, std::ios::binary);
  for (unsigned char size[4]; file.read(reinterpret_cast<char*>(size), sizeof size);) {
    std::string& message = messages.emplace_back();
    message.resize(size[0] | size[1] << 8 | size[2] << 16 | std::size_t{size[3]} << 24);
    file.read(message.data(), static_cast<std::streamsize>(message.size()));
  }
  return messages;
}

struct Row {
  Shape* shape;
  Format from;
  Format to;
  std::unique_ptr<Contender> contender;
};

class Rows {
 public:
  Rows(std::string directory, const std::vector<std::string>& names) : directory_(std::move(directory)) {
    for (const std::string& name : names) {
      Shape& shape = shapes_.emplace(name, make_shape(name)).first->second;
      for (const Format binary : {Format::binary, Format::protobuf}) {
        add(shape, binary, Format::json);
        add(shape, Format::json, binary);
      }
    }
  }
  bool write_shapes() const {
    for (const auto& [name, shape] : shapes_) {
      for (const Format format : {Format::binary, Format::protobuf}) {
        if (!write_messages(path(name, format), shape.in(format))) return false;
      }
    }
    return true;
  }
  bool read_json() {
    for (auto& [name, shape] : shapes_) {
      shape.messages[static_cast<int>(Format::json)] = read_messages(path(name, Format::json));
      if (shape.in(Format::json).size() != shape.in(Format::binary).size()) return false;
    }
    return true;
  }
  Row* find(const std::string& name) {
    const auto found = rows_.find(name);
    return found == rows_.end() ? nullptr : &found->second;
  }

 private:
  void add(Shape& shape, Format from, Format to) {
    const std::string name =
        shape.name + '/' + std::string(to_string(from)) + '/' + std::string(to_string(to));
    rows_.emplace(name, Row{&shape, from, to, make_koine(shape.type, from, to)});
  }
  std::string path(const std::string& shape, Format format) const {
    return directory_ + '/' + shape + '.' + std::string(to_string(format));
  }
  std::string directory_;
  std::map<std::string, Shape> shapes_;
  std::map<std::string, Row> rows_;
};

// libthrift and libprotobuf read both.
bool compare(const Row& row, const std::string& path) {
  const Messages found = read_messages(path);
  const Messages& expected = row.shape->in(Format::binary);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (i < found.size() && canonical(row.shape->type, row.to, found[i]) == expected[i]) continue;
    std::fprintf(stderr, "%s: message %zu is something else\n", path.c_str(), i);
    return false;
  }
  return true;
}

bool write_translated(Row& row, const std::string& path) {
  Messages translated;
  for (const std::string& message : row.shape->in(row.from)) {
    translated.push_back(row.contender->result(message));
  }
  return write_messages(path, translated);
}

// The answer; empty when it failed.
std::string answer(Rows& rows, const std::string& line) {
  std::istringstream words(line);
  std::string command;
  std::string name;
  std::string argument;
  words >> command >> name >> argument;
  if (command == "read") return rows.read_json() ? "ok" : "";
  Row* row = rows.find(name);
  if (row == nullptr) return {};
  if (command == "write") return write_translated(*row, argument) ? "ok" : "";
  if (command == "compare") return compare(*row, argument) ? "ok" : "";
  unsigned milliseconds = 0;
  const char* end = argument.data() + argument.size();
  if (command != "run" || std::from_chars(argument.data(), end, milliseconds).ptr != end) return {};
  return std::to_string(row->contender->measure(row->shape->in(row->from), milliseconds));
}

int serve(const std::string& directory, const std::vector<std::string>& names) {
  Rows rows(directory, names);
  if (!rows.write_shapes()) {
    std::fprintf(stderr, "cannot write to %s\n", directory.c_str());
    return 1;
  }
  std::cout << "ready" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    const std::string text = answer(rows, line);
    if (text.empty()) {
      std::fprintf(stderr, "failed: %s\n", line.c_str());
      return 1;
    }
    std::cout << text << std::endl;
  }
  return 0;
}

}  // namespace
}  // namespace koine::bench

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() >= 2) {
    return koine::bench::serve(arguments[0], {arguments.begin() + 1, arguments.end()});
  }
  std::fprintf(stderr, "usage: transcode_files DIR SHAPE…\n");
  return 2;
}
