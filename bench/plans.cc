// transcode_plans: how long plans take to compile, and how much memory they hold. For each pair of formats:
// "pair milliseconds bytes", of 1,000 methods whose requests have 50 fields; milliseconds of CPU time for all
// of them (the least of five runs), bytes of the heap for each field.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <malloc.h>

#include "idl/derive/derive.h"
#include "idl/thrift/read.h"
#include "transcode/plan.h"

namespace {

using koine::model::BodyFormat;
using koine::transcode::Plan;
using koine::transcode::Side;

constexpr int methods = 1000;
constexpr int fields = 50;

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

// One struct a method: numbers, texts, and a list or map in ten.
std::string idl_text() {
  static constexpr const char* types[] = {"i64", "string", "i32",    "bool",         "string",
                                          "i64", "double", "string", "list<string>", "map<string, i64>"};
  std::string text;
  for (int i = 0; i < methods; ++i) {
    text += "struct Request" + std::to_string(i) + " {\n";
    for (int k = 1; k <= fields; ++k) {
      text += "  " + std::to_string(k) + ": " + types[k % 10] + " field" + std::to_string(k) + "\n";
    }
    text += "}\n";
  }
  return text;
}

double cpu_milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

void measure(const char* name, const koine::idl::Schema& from_schema, BodyFormat from,
             const koine::idl::Schema& to_schema, BodyFormat to) {
  const koine::transcode::OriginPairing pairing;
  std::vector<std::pair<Side, Side>> sides;
  for (int i = 0; i < methods; ++i) {
    const std::string type = "plans.Request" + std::to_string(i);
    sides.push_back({{from, from_schema.find_struct(type), {}}, {to, to_schema.find_struct(type), {}}});
  }
  double least = 1e9;
  double bytes = 0;
  for (int round = 0; round < 5; ++round) {
    std::vector<std::unique_ptr<const Plan>> plans;
    plans.reserve(methods);
    std::size_t compiled = 0;
    const std::size_t before = mallinfo2().uordblks;
    const double start = cpu_milliseconds();
    for (const auto& [source, target] : sides) {
      auto plan = Plan::compile(source, target, pairing, {});
      if (!plan) give_up(plan.error().to_string());
      compiled += (*plan)->field_count();
      plans.push_back(std::move(*plan));
    }
    least = std::min(least, cpu_milliseconds() - start);
    bytes = static_cast<double>(mallinfo2().uordblks - before) / static_cast<double>(compiled);
  }
  std::printf("%s %.1f %.1f\n", name, least, bytes);
}

}  // namespace

int main() {
  const auto sources = koine::idl::memory_sources({{"plans.thrift", idl_text()}});
  koine::idl::thrift::ReadOptions options;
  options.sources = sources.get();
  const koine::idl::thrift::ReadResult read = koine::idl::thrift::read({"plans.thrift"}, options);
  if (read.schema == nullptr) give_up("the IDL is not legal");
  const auto derived = koine::idl::derive::derive(*read.schema, koine::idl::Language::proto);
  if (!derived) give_up(derived.error().to_string());
  const koine::idl::Schema& thrift = *read.schema;
  const koine::idl::Schema& proto = **derived;
  measure("compact/protobuf", thrift, BodyFormat::thrift_compact, proto, BodyFormat::protobuf);
  measure("protobuf/compact", proto, BodyFormat::protobuf, thrift, BodyFormat::thrift_compact);
  measure("binary/protobuf", thrift, BodyFormat::thrift_binary, proto, BodyFormat::protobuf);
  measure("protobuf/binary", proto, BodyFormat::protobuf, thrift, BodyFormat::thrift_binary);
  return 0;
}
