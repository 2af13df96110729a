// transcode_bench: every contender on the same messages, for bench/transcode and
// bench/transcode_instructions.
//   list                          the rows (shape, from, to) and the contenders of each, one a line
//   run ROUNDS MILLISECONDS ROWS  every contender of these rows (as "order/compact/protobuf"; none: all) in
//                                 ROUNDS rounds, a random order each, for that long of CPU time; prints
//                                 "row contender round nanoseconds messages bytes" a slice
//   once ROW CONTENDER ROUNDS     translates each message of the row ROUNDS times and nothing else
// Nothing runs before every contender was found to make the same messages.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <random>

#include "contender.h"

namespace koine::bench {
namespace {

struct Row {
  std::string name;
  std::string shape;
  Format from;
  Format to;
  std::vector<std::pair<std::string, std::unique_ptr<Contender>>> contenders;
};

std::vector<std::string> contender_names(std::string_view shape, Format from, Format to) {
  const bool grows =
      shape.find_first_of("0123456789") != std::string_view::npos && !shape.starts_with("order");
  if (grows) return {"koine"};
  if (from == Format::hessian2 || to == Format::hessian2) return {"koine", "koine_again", "hessian_lite"};
  if (from == Format::json || to == Format::json) return {"koine", "libprotobuf"};
  std::vector<std::string> names = {"koine", "koine_again"};
  const bool with_protobuf = from == Format::protobuf || to == Format::protobuf;
  for (const char* generated : {"generated", "templates"}) {
    names.emplace_back(generated);
    if (with_protobuf) names.push_back(std::string(generated) + "_arena");
  }
  if (with_protobuf && shape.starts_with("order")) names.emplace_back("hand");
  if (shape == "blob") {
    names.emplace_back("koine_copied");
    names.emplace_back("memcpy");
  }
  return names;
}

std::unique_ptr<Contender> make(std::string_view name, std::string_view type, Format from, Format to) {
  if (name.starts_with("koine") && type == "Blob" && name != "koine_copied")
    return make_koine_slice(type, from, to);
  if (name.starts_with("koine")) return make_koine(type, from, to);
  if (name == "hand") return make_hand(type, from, to);
  if (name == "memcpy") return make_copy();
  if (name == "hessian_lite") return make_hessian_lite(from, to);
  if (name == "libprotobuf") return make_json_utilities(type, from, to);
  const Thrift thrift = name.starts_with("templates") ? Thrift::templates : Thrift::standard;
  return make_generated(type, from, to, thrift, name.ends_with("_arena") ? Objects::arena : Objects::reused);
}

std::vector<Row> all_rows() {
  constexpr Format compact = Format::compact;
  constexpr Format binary = Format::binary;
  constexpr Format protobuf = Format::protobuf;
  constexpr Format json = Format::json;
  constexpr Format hessian2 = Format::hessian2;
  std::vector<Row> rows;
  const auto add = [&rows](const std::string& shape, Format from, Format to) {
    std::string name = shape + '/' + std::string(to_string(from)) + '/' + std::string(to_string(to));
    rows.push_back({std::move(name), shape, from, to, {}});
  };
  for (const std::string& shape : shape_names()) {
    for (const Format thrift : {compact, binary}) {
      add(shape, thrift, protobuf);
      add(shape, protobuf, thrift);
    }
    if (contender_names(shape, compact, protobuf).size() == 1) continue;
    add(shape, compact, binary);
    add(shape, binary, compact);
    if (shape == "blob") continue;
    for (const Format other : {protobuf, binary}) {
      add(shape, other, json);
      add(shape, json, other);
    }
    if (shape != "order" && shape != "order_1k") continue;
    for (const Format other : {compact, binary, protobuf, json}) {
      add(shape, hessian2, other);
      add(shape, other, hessian2);
    }
  }
  return rows;
}

// Each shape's messages are made once. Those of Hessian2 are hessian-lite's, and it says what is in others'.
class Corpus {
 public:
  const Shape& shape(const Row& row) {
    Shape& shape = find(row.shape);
    std::vector<std::string>& hessian = shape.messages[static_cast<int>(Format::hessian2)];
    if (row.from == Format::hessian2 && hessian.empty()) {
      const auto writer = make_hessian_lite(Format::binary, Format::hessian2);
      for (const std::string& message : shape.in(Format::binary)) hessian.push_back(writer->result(message));
    }
    return shape;
  }
  std::string canonical(std::string_view type, Format format, const std::string& bytes) {
    if (format != Format::hessian2) return bench::canonical(type, format, bytes);
    if (reader_ == nullptr) reader_ = make_hessian_lite(Format::hessian2, Format::binary);
    return bench::canonical(type, Format::binary, reader_->result(bytes));
  }

 private:
  Shape& find(const std::string& name) {
    for (const auto& known : shapes_) {
      if (known->name == name) return *known;
    }
    return *shapes_.emplace_back(std::make_unique<Shape>(make_shape(name)));
  }

  std::vector<std::unique_ptr<Shape>> shapes_;
  std::unique_ptr<Contender> reader_;
};

bool verify(const Row& row, std::string_view contender_name, Contender& contender, Corpus& corpus) {
  if (contender_name == "memcpy") return true;
  const Shape& shape = corpus.shape(row);
  for (std::size_t i = 0; i < shape.in(row.from).size(); ++i) {
    const std::string out = contender.result(shape.in(row.from)[i]);
    if (!out.empty() && corpus.canonical(shape.type, row.to, out) == shape.in(Format::binary)[i]) continue;
    std::fprintf(stderr, "%s: %.*s translates message %zu to something else\n", row.name.c_str(),
                 static_cast<int>(contender_name.size()), contender_name.data(), i);
    return false;
  }
  return true;
}

void slice(const Row& row, const std::string& name, Contender& contender,
           const std::vector<std::string>& messages, unsigned round, unsigned milliseconds) {
  std::size_t bytes = 0;
  for (const std::string& message : messages) bytes += message.size();
  const double nanoseconds = contender.measure(messages, milliseconds);
  std::printf("%s %s %u %.2f %zu %zu\n", row.name.c_str(), name.c_str(), round, nanoseconds, messages.size(),
              bytes / messages.size());
}

int run(unsigned rounds, unsigned milliseconds, const std::vector<std::string>& wanted) {
  Corpus corpus;
  std::vector<Row> rows = all_rows();
  const auto unwanted = [&wanted](const Row& row) {
    return !wanted.empty() && std::find(wanted.begin(), wanted.end(), row.name) == wanted.end();
  };
  rows.erase(std::remove_if(rows.begin(), rows.end(), unwanted), rows.end());
  for (Row& row : rows) {
    for (const std::string& name : contender_names(row.shape, row.from, row.to)) {
      auto contender = make(name, corpus.shape(row).type, row.from, row.to);
      if (contender == nullptr || !verify(row, name, *contender, corpus)) return 1;
      row.contenders.emplace_back(name, std::move(contender));
    }
  }
  std::mt19937 random(1);
  for (unsigned round = 0; round < rounds; ++round) {
    std::shuffle(rows.begin(), rows.end(), random);
    for (Row& row : rows) {
      std::shuffle(row.contenders.begin(), row.contenders.end(), random);
      for (const auto& [name, contender] : row.contenders) {
        slice(row, name, *contender, corpus.shape(row).in(row.from), round, milliseconds);
      }
    }
  }
  return 0;
}

int once(std::string_view row_name, std::string_view contender_name, unsigned rounds) {
  for (const Row& row : all_rows()) {
    if (row.name != row_name) continue;
    Corpus corpus;
    const Shape& shape = corpus.shape(row);
    const auto contender = make(contender_name, shape.type, row.from, row.to);
    if (contender == nullptr) break;
    std::size_t bytes = 0;
    for (; rounds > 0; --rounds) {
      for (const std::string& message : shape.in(row.from)) bytes += contender->run(message).size();
    }
    std::printf("%zu messages, %zu bytes\n", shape.in(row.from).size(), bytes);
    return 0;
  }
  std::fprintf(stderr, "there is no such row or contender; transcode_bench list names them\n");
  return 2;
}

int list() {
  for (const Row& row : all_rows()) {
    std::printf("%s", row.name.c_str());
    for (const std::string& name : contender_names(row.shape, row.from, row.to)) {
      std::printf(" %s", name.c_str());
    }
    std::printf("\n");
  }
  return 0;
}

bool number(std::string_view text, unsigned& value) {
  return std::from_chars(text.data(), text.data() + text.size(), value).ptr == text.data() + text.size();
}

}  // namespace
}  // namespace koine::bench

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  unsigned rounds = 0;
  unsigned milliseconds = 0;
  if (arguments.size() == 1 && arguments[0] == "list") return koine::bench::list();
  if (arguments.size() >= 3 && arguments[0] == "run" && koine::bench::number(arguments[1], rounds) &&
      koine::bench::number(arguments[2], milliseconds)) {
    return koine::bench::run(rounds, milliseconds, {arguments.begin() + 3, arguments.end()});
  }
  if (arguments.size() == 4 && arguments[0] == "once" && koine::bench::number(arguments[3], rounds)) {
    return koine::bench::once(arguments[1], arguments[2], rounds);
  }
  std::fprintf(stderr,
               "usage: transcode_bench list | run ROUNDS MILLISECONDS [ROW…] | once ROW CONTENDER ROUNDS\n");
  return 2;
}
