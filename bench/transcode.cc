// bench/transcode: every contender translates the same messages in turn; nothing is timed before all outputs
// were found to hold the same order. Names: <from>_to_<to>/<contender>/<items>.
#include <cstdio>
#include <map>
#include <utility>

#include <benchmark/benchmark.h>

#include "order.h"

namespace koine::bench {
namespace {

constexpr std::size_t message_count = 128;

const char* name_of(Format format) {
  return format == Format::compact ? "compact" : format == Format::binary ? "binary" : "protobuf";
}

using Named = std::pair<std::string, std::shared_ptr<Contender>>;

std::vector<Named> contenders(Format from, Format to) {
  std::vector<Named> all;
  const bool with_protobuf = from == Format::protobuf || to == Format::protobuf;
  for (const Thrift thrift : {Thrift::standard, Thrift::templates}) {
    const std::string name = thrift == Thrift::standard ? "generated" : "generated_templates";
    if (!with_protobuf) {
      all.emplace_back(name, make_generated(from, to, thrift, Objects::reused));
      continue;
    }
    all.emplace_back(name + "_arena", make_generated(from, to, thrift, Objects::arena));
    all.emplace_back(name + "_reused", make_generated(from, to, thrift, Objects::reused));
  }
  if (auto hand = make_hand(from, to)) all.emplace_back("hand", std::move(hand));
  all.emplace_back("koine", make_koine(from, to));
  return all;
}

bool verify(const std::vector<Named>& all, Format from, Format to, const Messages& messages) {
  for (std::size_t i = 0; i < message_count; ++i) {
    for (const auto& [name, contender] : all) {
      const std::string_view out = contender->run(messages.in(from)[i]);
      if (out.empty() || !same_order(to, out, messages.in(to)[i])) {
        std::fprintf(stderr, "%s_to_%s: %s translates message %zu to something else\n", name_of(from),
                     name_of(to), name.c_str(), i);
        return false;
      }
    }
  }
  return true;
}

void measure(benchmark::State& state, Contender& contender, const std::vector<std::string>& in) {
  std::size_t next = 0;
  std::size_t bytes = 0;
  for (auto _ : state) {
    const std::string_view out = contender.run(in[next]);
    benchmark::DoNotOptimize(out.data());
    bytes += in[next].size();
    if (++next == in.size()) next = 0;
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

bool add_pair(Format from, Format to, int items, const Messages& messages) {
  const std::vector<Named> all = contenders(from, to);
  if (!verify(all, from, to, messages)) return false;
  for (const auto& [name, contender] : all) {
    const std::string full =
        std::string(name_of(from)) + "_to_" + name_of(to) + "/" + name + "/" + std::to_string(items);
    benchmark::RegisterBenchmark(full.c_str(),
                                 [contender = contender, from, &messages](benchmark::State& state) {
                                   measure(state, *contender, messages.in(from));
                                 });
  }
  return true;
}

}  // namespace
}  // namespace koine::bench

int main(int argc, char** argv) {
  using koine::bench::Format;
  benchmark::Initialize(&argc, argv);
  static std::map<int, koine::bench::Messages> corpus;
  for (const int items : {5, 50, 500}) {
    corpus[items] = koine::bench::make_orders(koine::bench::message_count, items);
    for (const auto& [from, to] : {std::pair(Format::compact, Format::protobuf),
                                   {Format::protobuf, Format::compact},
                                   {Format::binary, Format::protobuf},
                                   {Format::protobuf, Format::binary},
                                   {Format::compact, Format::binary},
                                   {Format::binary, Format::compact}}) {
      if (!koine::bench::add_pair(from, to, items, corpus[items])) return 1;
    }
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
