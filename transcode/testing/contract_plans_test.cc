// The interop contract's methods with random bodies: from gRPC to Thrift and back gives the same message, in
// both directions of derivation and both of Thrift's formats, and as JSON.
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>

#include <google/protobuf/compiler/parser.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "idl/derive/testing/support.h"
#include "transcode/method_plan.h"
#include "transcode/plan.h"
#include "transcode/testing/random_message_test_support.h"

namespace koine::transcode {
namespace {

namespace derive = idl::derive::testing;
namespace pb = google::protobuf;
using model::BodyFormat;

std::string contract(const std::string& name) {
  std::ifstream file(std::string(KOINE_SOURCE_DIR) + "/interop-tests/contract/" + name);
  EXPECT_TRUE(file) << name;
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The protobuf view as libprotobuf reads it.
class Messages {
 public:
  explicit Messages(const derive::Files& files) {
    for (const auto& [path, text] : files) {
      pb::io::ArrayInputStream in(text.data(), static_cast<int>(text.size()));
      pb::io::Tokenizer tokenizer(&in, nullptr);
      pb::compiler::Parser parser;
      pb::FileDescriptorProto& file = parsed_[path];
      EXPECT_TRUE(parser.Parse(&tokenizer, &file)) << path;
      file.set_name(path);
    }
    for (const auto& [path, file] : parsed_) build(path);
  }
  std::unique_ptr<pb::Message> make(const std::string& full_name) {
    const pb::Descriptor* type = pool_.FindMessageTypeByName(full_name);
    EXPECT_NE(type, nullptr) << full_name;
    return std::unique_ptr<pb::Message>(factory_.GetPrototype(type)->New());
  }

 private:
  void build(const std::string& path) {
    if (pool_.FindFileByName(path) != nullptr) return;
    const auto own = parsed_.find(path);
    if (own == parsed_.end()) {
      const pb::FileDescriptor* known = pb::DescriptorPool::generated_pool()->FindFileByName(path);
      ASSERT_NE(known, nullptr) << path;
      pb::FileDescriptorProto copy;
      known->CopyTo(&copy);
      ASSERT_NE(pool_.BuildFile(copy), nullptr);
      return;
    }
    for (const std::string& import : own->second.dependency()) build(import);
    ASSERT_NE(pool_.BuildFile(own->second), nullptr) << path;
  }

  std::map<std::string, pb::FileDescriptorProto> parsed_;
  pb::DescriptorPool pool_;
  pb::DynamicMessageFactory factory_{&pool_};
};

struct Tally {
  int same = 0;
  int refused = 0;
  int deduplicated = 0;
};

model::Payload payload(BodyFormat format, std::string_view bytes) {
  model::Payload out;
  out.format = format;
  out.bytes.append(bytes);
  return out;
}

model::Reply ok_reply(model::Payload message) {
  model::Reply reply;
  reply.has_message = true;
  reply.message = std::move(message);
  return reply;
}

// One method between its two views.
class Path {
 public:
  Path(const idl::Method& thrift, const idl::Method& proto, BodyFormat format, BodyFormat proto_format)
      : proto_format_(proto_format) {
    const MethodSide grpc{&proto, proto_format, "grpc"};
    const MethodSide other{&thrift, format, "thrift"};
    there_ = compile(grpc, other);
    back_ = compile(other, grpc);
  }

  base::Result<std::string> request(std::string_view body) {
    auto there = there_->request(payload(proto_format_, body), context);
    if (!there) return there.error();
    auto back = back_->request(std::move(*there), context);
    if (!back) return back.error();
    return back->bytes.to_string();
  }
  base::Result<std::string> answer(std::string_view body) {
    model::Reply there = back_->reply(ok_reply(payload(proto_format_, body)), context);
    if (!there.outcome.ok()) return base::Status(there.outcome.reason, there.outcome.message);
    model::Reply back = there_->reply(std::move(there), context);
    if (!back.outcome.ok()) return base::Status(back.outcome.reason, back.outcome.message);
    return back.message.bytes.to_string();
  }

  Context context;

 private:
  static std::unique_ptr<const MethodPlan> compile(const MethodSide& caller, const MethodSide& provider) {
    auto plan = MethodPlan::compile(caller, provider, PlanOptions());
    EXPECT_TRUE(plan) << plan.status().to_string();
    return plan ? std::move(*plan) : nullptr;
  }

  BodyFormat proto_format_;
  std::unique_ptr<const MethodPlan> there_;
  std::unique_ptr<const MethodPlan> back_;
};

void try_messages(Messages& messages, Path& path, const idl::StructType& type, bool request, Tally& tally) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    auto message = messages.make(type.full_name);
    testing::RandomMessage(seed, true).fill(*message, 3);
    const std::string bytes = message->SerializeAsString();
    const std::uint64_t before =
        path.context.counters.deduplicated_elements + path.context.counters.deduplicated_keys;
    const base::Result<std::string> out = request ? path.request(bytes) : path.answer(bytes);
    if (!out) {
      const std::string_view reason = base::to_string(out.error().reason());
      EXPECT_TRUE(reason.starts_with("MAP_")) << type.full_name << " " << out.error().to_string();
      ++tally.refused;
      continue;
    }
    if (path.context.counters.deduplicated_elements + path.context.counters.deduplicated_keys != before) {
      ++tally.deduplicated;
      continue;
    }
    auto back = messages.make(type.full_name);
    ASSERT_TRUE(back->ParseFromString(*out)) << type.full_name;
    ASSERT_TRUE(pb::util::MessageDifferencer::Equals(*back, *message))
        << type.full_name << " seed " << seed << "\n"
        << message->DebugString() << "---- became\n"
        << back->DebugString();
    ++tally.same;
  }
}

// Every unary method of the service, in each of Thrift's formats.
Tally try_service(const idl::Schema& thrift, const idl::Schema& proto, Messages& messages) {
  Tally tally;
  int methods = 0;
  for (const idl::Service& service : thrift.services()) {
    for (const idl::Method& method : service.methods) {
      const idl::Method* other = nullptr;
      for (const idl::Service& each : proto.services()) {
        for (const idl::Method& candidate : each.methods) {
          if (candidate.origin == &method || method.origin == &candidate) other = &candidate;
        }
      }
      if (other == nullptr) continue;
      ++methods;
      for (const BodyFormat format :
           {BodyFormat::thrift_binary, BodyFormat::thrift_compact, BodyFormat::thrift_json}) {
        Path path(method, *other, format, BodyFormat::protobuf);
        try_messages(messages, path, *other->request, true, tally);
        if (!method.oneway) try_messages(messages, path, *other->response, false, tally);
        Path json(method, *other, format, BodyFormat::json);
        auto empty = json.request("{}");
        EXPECT_TRUE(empty || base::to_string(empty.error().reason()).starts_with("MAP_"))
            << empty.status().to_string();
      }
    }
  }
  EXPECT_GT(methods, 10);
  return tally;
}

void expect_good(const Tally& tally) {
  EXPECT_GT(tally.same, 1000);
  EXPECT_LT(tally.refused, tally.same) << "refused " << tally.refused << ", same " << tally.same;
  ::testing::Test::RecordProperty("same", tally.same);
  ::testing::Test::RecordProperty("refused", tally.refused);
  ::testing::Test::RecordProperty("deduplicated", tally.deduplicated);
}

TEST(ContractPlans, GiveRandomMessagesBackThroughThriftProviders) {
  const auto thrift = derive::read_thrift({{"contract.thrift", contract("contract.thrift")}});
  const auto proto = derive::derived(*thrift, idl::Language::proto);
  Messages messages(derive::printed_proto(*proto, false));
  expect_good(try_service(*thrift, *proto, messages));
}

TEST(ContractPlans, GiveRandomMessagesBackThroughDerivedThrift) {
  const derive::Files files = {{"contract.proto", contract("contract.proto")}};
  const auto proto = derive::read_proto(files);
  const auto thrift = derive::derived(*proto, idl::Language::thrift);
  Messages messages(files);
  expect_good(try_service(*thrift, *proto, messages));
}

}  // namespace
}  // namespace koine::transcode
