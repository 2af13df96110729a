// transcode_once ORDER_THRIFT FROM TO ROUNDS: translates each of 64 order messages ROUNDS times and nothing
// else, for bench/transcode_instructions, which counts what lies inside of Plan::run. FROM, TO: compact,
// binary, protobuf. Needs nothing but Koine.
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "idl/derive/derive.h"
#include "idl/thrift/read.h"
#include "random.h"
#include "transcode/plan.h"

namespace {

using koine::model::BodyFormat;
using koine::transcode::Plan;

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(2);
}

BodyFormat format_of(std::string_view name) {
  if (name == "compact") return BodyFormat::thrift_compact;
  if (name == "binary") return BodyFormat::thrift_binary;
  if (name == "protobuf") return BodyFormat::protobuf;
  give_up("there is no format " + std::string(name));
}

struct Schemas {
  std::unique_ptr<koine::idl::Schema> thrift;
  std::unique_ptr<koine::idl::Schema> proto;
  explicit Schemas(const std::string& file) {
    koine::idl::thrift::ReadResult read = koine::idl::thrift::read({file}, {});
    if (read.schema == nullptr) give_up(file + " cannot be read");
    thrift = std::move(read.schema);
    auto derived = koine::idl::derive::derive(*thrift, koine::idl::Language::proto);
    if (!derived) give_up(derived.error().to_string());
    proto = std::move(*derived);
  }
  std::unique_ptr<const Plan> compile(BodyFormat from, BodyFormat to) const {
    auto plan = Plan::compile(side(from), side(to), koine::transcode::OriginPairing(), {});
    if (!plan) give_up(plan.error().to_string());
    return std::move(*plan);
  }

 private:
  koine::transcode::Side side(BodyFormat format) const {
    const bool is_proto = format == BodyFormat::protobuf || format == BodyFormat::json;
    return {format, (is_proto ? *proto : *thrift).find_struct("order.Order"), {}};
  }
};

}  // namespace

int main(int argc, char** argv) {
  unsigned rounds = 0;
  const std::string_view rounds_text = argc == 5 ? argv[4] : "";
  if (argc != 5 || std::from_chars(rounds_text.begin(), rounds_text.end(), rounds).ec != std::errc{}) {
    give_up("usage: transcode_once ORDER_THRIFT FROM TO ROUNDS");
  }
  const Schemas schemas(argv[1]);
  const BodyFormat from = format_of(argv[2]);
  koine::base::SlabPool pool;
  koine::transcode::Context context(&pool);

  std::vector<std::string> messages;
  {
    const auto reads_json = schemas.compile(BodyFormat::json, from);
    koine::bench::Random random;
    for (int i = 0; i < 64; ++i) {
      const std::string json = koine::bench::order_json(random, 5);
      const koine::base::Status status =
          reads_json->run(koine::base::as_bytes(json), context, context.output);
      if (!status.ok()) give_up(status.to_string());
      messages.emplace_back(koine::base::as_text(context.output.bytes()));
    }
  }
  const auto plan = schemas.compile(from, format_of(argv[3]));
  std::size_t bytes = 0;
  for (; rounds > 0; --rounds) {
    for (const std::string& message : messages) {
      const koine::base::Status status = plan->run(koine::base::as_bytes(message), context, context.output);
      if (!status.ok()) give_up(status.to_string());
      bytes += context.output.bytes().size();
    }
  }
  std::printf("%zu\n", bytes);
  return 0;
}
