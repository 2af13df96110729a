// The interop contract, written by three hands: with what is proposed for it, all of it is covered.
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "idl/derive/testing/support.h"
#include "idl/match/match.h"
#include "idl/match/propose.h"

namespace koine::idl::match::testing {
namespace {

std::string text_of(const std::string& name) {
  std::ifstream in(std::string(KOINE_SOURCE_DIR) + "/interop-tests/contract/" + name);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

struct Contract {
  std::unique_ptr<Schema> thrift =
      derive::testing::read_thrift({{"contract.thrift", text_of("contract.thrift")}});
  std::unique_ptr<Schema> proto =
      derive::testing::read_proto({{"contract.proto", text_of("contract.proto")}});
  std::unique_ptr<Schema> third = derive::testing::read_thrift({{"third.thrift", text_of("third.thrift")}});
  Side thrift_side{thrift.get(), &thrift->services().front()};
  Side proto_side{proto.get(), proto->find_service("koine.interop.v1.InteropService")};
  Side third_side{third.get(), third->find_service("koine.interop.third.Trials")};
};

std::string problems(const Match& match) {
  std::string out;
  for (const Finding& finding : match.findings()) {
    if (finding.rule->severity == Severity::error || (finding.rule->loss && !finding.allowed)) {
      out += to_string(finding) + "\n";
    }
  }
  return out;
}

void expect_complete(const Side& exposed, const Side& provider) {
  const Proposal proposal = propose(exposed, provider, {});
  const std::string yaml = to_yaml(proposal, *exposed.service);
  EXPECT_TRUE(proposal.left.empty()) << yaml;
  const auto match = Match::make(exposed, provider, proposal.overrides);
  EXPECT_EQ(problems(*match), "") << yaml;
  EXPECT_TRUE(match->complete()) << yaml;
  EXPECT_TRUE(match->blocking().empty()) << yaml;
  for (const Method& method : exposed.service->methods)
    EXPECT_TRUE(match->blocking(method).empty()) << method.name;
}

TEST(MatchContract, IsCoveredByWhatIsProposedForThriftCallers) {
  const Contract contract;
  expect_complete(contract.thrift_side, contract.proto_side);
}

TEST(MatchContract, IsCoveredByWhatIsProposedForGrpcCallers) {
  const Contract contract;
  expect_complete(contract.proto_side, contract.thrift_side);
}

TEST(MatchContract, IsCoveredByWhatIsProposedForCallersWithTheThirdIdl) {
  const Contract contract;
  expect_complete(contract.third_side, contract.thrift_side);
  expect_complete(contract.third_side, contract.proto_side);
}

TEST(MatchContract, IsCoveredByWhatIsProposedForAProviderWithTheThirdIdl) {
  const Contract contract;
  expect_complete(contract.thrift_side, contract.third_side);
  expect_complete(contract.proto_side, contract.third_side);
}

// A proposal that says "" of everything covers all too: what a person would find must be found.
TEST(MatchContract, FindsTheRenamesThatAPersonWouldFind) {
  const Contract contract;
  const std::map<std::string, std::string> wanted = {
      {"scalars", "CheckNumbers"},
      {"payload", "CheckBlob"},
      {"lists", "CheckRepeats"},
      {"maps", "CheckDictionaries"},
      {"placeOrder", "PlacePurchase"},
      {"optionals", "CheckPresence"},
      {"paint", "Coat"},
      {"pick", "Select"},
      {"times", "CheckMoments"},
      {"addUp", "Add"},
      {"sets", ""},
      {"exchangeHeaders", ""},
      {"NotFound", "MissingResource"},
      {"OverQuota", "QuotaExceeded"},
      {"Item.colour", "color"},
      {"Payload.data", "content"},
      {"Choice.data", "content"},
      {"Choice.colour", "color"},
      {"Order.customer", "buyer"},
      {"Node.following", "tail"},
      {"Node.name", "label"},
      {"Paint.coats", "layers"},
      {"Lists.colours", "colors"},
      {"Customer.work", ""},
  };
  const Proposal thrift = propose(contract.thrift_side, contract.proto_side, {});
  for (const auto& [key, to] : wanted) {
    const auto found = thrift.overrides.rename.find(key);
    EXPECT_EQ(found == thrift.overrides.rename.end() ? "(nothing)" : found->second, to) << key;
  }
  const Proposal proto = propose(contract.proto_side, contract.thrift_side, {});
  EXPECT_EQ(proto.overrides.rename.at("CheckNumbers"), "scalars");
  EXPECT_EQ(proto.overrides.rename.at("ExchangeMetadata"), "");
  EXPECT_EQ(proto.overrides.rename.at("MissingResource"), "NotFound");
  EXPECT_EQ(proto.overrides.rename.at("Selection.content"), "data");
}

// What has no counterpart, of methods, types and fields: everything else has been found.
std::set<std::string> left_out(const Side& exposed, const Side& provider) {
  std::set<std::string> out;
  const Overrides overrides = propose(exposed, provider, {}).overrides;
  for (const auto& [key, to] : overrides.rename) {
    if (to.empty()) out.insert(key);
  }
  for (const std::string& one : overrides.allow) {
    if (!one.starts_with("LOSSY_PRESENCE:")) out.insert(one.substr(one.find(':') + 1));
  }
  return out;
}

TEST(MatchContract, OfTheThirdIdlFindsAllThatHasACounterpart) {
  const Contract contract;
  const std::set<std::string> thrift = {"ListSample.unpacked", "MapSample.by_flag",
                                        "MapSample.color_by_name"};
  EXPECT_EQ(left_out(contract.third_side, contract.thrift_side), thrift);
  EXPECT_EQ(left_out(contract.thrift_side, contract.third_side), thrift);
  std::set<std::string> proto = {"check_sets",         "swap_headers",       "ExchangeMetadata",
                                 "Person.work_place",  "Buyer.work",         "MapSample.by_hue",
                                 "MapSample.tables",   "TimeSample.price",   "MaybeSample.numbers",
                                 "NumberSample.tiny",  "NumberSample.small", "NumberSample.medium",
                                 "NumberSample.large", "Numbers.float_value"};
  for (const char* kind : {"int", "uint", "sint", "fixed", "sfixed"}) {
    proto.insert({"Numbers." + std::string(kind) + "32_value", "Numbers." + std::string(kind) + "64_value"});
  }
  EXPECT_EQ(left_out(contract.third_side, contract.proto_side), proto);
  EXPECT_EQ(left_out(contract.proto_side, contract.third_side), proto);
}

TEST(MatchContract, KeepsWhatWasSaidBefore) {
  const Contract contract;
  const Proposal proposal =
      propose(contract.thrift_side, contract.proto_side, {{{"paint", ""}}, {"METHOD_NOT_EXPOSED:Coat"}});
  EXPECT_EQ(proposal.overrides.rename.at("paint"), "");
  EXPECT_EQ(proposal.overrides.rename.count("Paint.coats"), 0u);
}

TEST(MatchProposal, OfNamesThatAreOneEachGetsTheOneThatIsWrittenTheSame) {
  const auto thrift = derive::testing::read_thrift(
      {{"a.thrift",
        "enum E { Ok = 0, OK = 1, ok = 2 } struct S { 1: i32 userId 2: i32 user_id 3: E e }"
        "service T { S GetIt(1: S s), S getIt(1: S s), S get_it(1: S s) }"}});
  const auto proto =
      derive::testing::read_proto({{"b.proto",
                                    "syntax = \"proto2\"; enum E { Ok = 0; OK = 1; }"
                                    "message S { required int32 user_id = 1; optional int32 userId = 2 "
                                    "[json_name = \"x\"]; required E e = 3; }"
                                    "service T { rpc GetIt(S) returns (S); rpc getIt(S) returns (S); }"}});
  const Side exposed{thrift.get(), &thrift->services().front()};
  const Side provider{proto.get(), &proto->services().front()};
  const Proposal proposal = propose(exposed, provider, {});
  const std::map<std::string, std::string> wanted = {
      {"GetIt", "GetIt"},       {"getIt", "getIt"}, {"get_it", ""}, {"S.userId", "userId"},
      {"S.user_id", "user_id"}, {"E.Ok", "Ok"},     {"E.OK", "OK"}, {"E.ok", ""}};
  EXPECT_EQ(proposal.overrides.rename, wanted);
  EXPECT_TRUE(Match::make(exposed, provider, proposal.overrides)->complete());
}

}  // namespace
}  // namespace koine::idl::match::testing
