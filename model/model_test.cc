// The call model's values: metadata, outcomes, names.
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "model/call.h"
#include "model/metadata.h"
#include "model/outcome.h"

namespace koine::model {
namespace {

using base::Reason;
using base::Status;

TEST(Metadata, KeepsOrderAndDoubles) {
  Metadata metadata;
  metadata.add("a", "1");
  metadata.add("b-bin", std::string("\0\xff", 2));
  metadata.add("a", "2");
  metadata.add("empty", "");
  ASSERT_EQ(metadata.size(), 4u);
  EXPECT_EQ(metadata.get("a"), "1");
  EXPECT_EQ(metadata[1].value, std::string_view("\0\xff", 2));
  EXPECT_EQ(metadata[2].name, "a");
  EXPECT_EQ(metadata[2].value, "2");
  EXPECT_TRUE(metadata.has("empty"));
  EXPECT_NE(metadata.get("empty").data(), nullptr);
  EXPECT_FALSE(metadata.has("missing"));
  EXPECT_EQ(metadata.get("missing").data(), nullptr);
}

TEST(Metadata, CountsAsHttp2Does) {
  Metadata metadata;
  EXPECT_EQ(metadata.list_bytes(), 0u);
  metadata.add("name", "value");
  EXPECT_EQ(metadata.list_bytes(), 4u + 5u + 32u);
}

TEST(Metadata, RemovesEveryEntryOfAName) {
  Metadata metadata;
  metadata.add("x", "1");
  metadata.add("keep", "me");
  metadata.add("x", "2");
  EXPECT_EQ(metadata.remove("x"), 2u);
  EXPECT_EQ(metadata.remove("x"), 0u);
  ASSERT_EQ(metadata.size(), 1u);
  EXPECT_EQ(metadata[0].value, "me");
  EXPECT_EQ(metadata.list_bytes(), 4u + 2u + 32u);
  metadata.clear();
  EXPECT_TRUE(metadata.empty());
  EXPECT_EQ(metadata.list_bytes(), 0u);
}

TEST(Metadata, JudgesEveryByteOfNamesAndValues) {
  const std::string legal = "abcdefghijklmnopqrstuvwxyz0123456789_-.";
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    EXPECT_EQ(Metadata::legal_name(text), legal.find(static_cast<char>(byte)) != std::string::npos) << byte;
    EXPECT_EQ(Metadata::legal_text(text), byte == 9 || (byte >= 0x20 && byte != 0x7F)) << byte;
    EXPECT_EQ(Metadata::legal_text("ok" + text), Metadata::legal_text(text)) << byte;
  }
  EXPECT_FALSE(Metadata::legal_name(""));
  EXPECT_TRUE(Metadata::legal_text(""));
  EXPECT_TRUE(Metadata::binary_name("trace-bin"));
  EXPECT_FALSE(Metadata::binary_name("trace-binary"));
}

TEST(Code, NamesAndNumbersAreGrpcs) {
  // grpc/grpc doc/statuscodes.md
  const char* names[] = {
      "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
      "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
      "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
      "DATA_LOSS", "UNAUTHENTICATED"};
  for (int i = 0; i <= code_max; ++i) {
    EXPECT_EQ(to_string(static_cast<Code>(i)), names[i]);
    EXPECT_EQ(code_from_string(names[i]), static_cast<Code>(i));
  }
  EXPECT_EQ(to_string(static_cast<Code>(200)), "UNKNOWN");
  EXPECT_EQ(code_from_string("ok"), Code::unknown);
}

TEST(Outcome, OfAFailureSaysWhoWhatAndHowFar) {
  const Status status(Reason::map_range, "300 does not fit i8", "a.b");
  const Outcome request = outcome_from(status, Phase::not_sent);
  EXPECT_EQ(request.code, Code::invalid_argument);
  EXPECT_EQ(request.origin, Origin::gateway);
  EXPECT_EQ(request.phase, Phase::not_sent);
  EXPECT_EQ(request.reason, Reason::map_range);
  EXPECT_EQ(request.message, "MAP_RANGE at a.b: 300 does not fit i8");
  EXPECT_FALSE(request.ok());
  EXPECT_EQ(outcome_from(status, Phase::executed).code, Code::internal) << "the caller did nothing wrong";
  EXPECT_TRUE(outcome_from(Status(), Phase::not_sent).ok());
}

TEST(Outcome, EveryReasonHasACodeThatIsNotOk) {
#define KOINE_REASON_CHECK(name, text)                                                          \
  if (Reason::name != Reason::none) {                                                           \
    EXPECT_NE(outcome_from(Status(Reason::name, "x"), Phase::not_sent).code, Code::ok) << text; \
  }
  KOINE_REASONS(KOINE_REASON_CHECK)
#undef KOINE_REASON_CHECK
  const auto code = [](Reason reason) { return outcome_from(Status(reason, "x"), Phase::not_sent).code; };
  EXPECT_EQ(code(Reason::call_unknown_method), Code::unimplemented);
  EXPECT_EQ(code(Reason::call_deadline), Code::deadline_exceeded);
  EXPECT_EQ(code(Reason::upstream_connect), Code::unavailable);
  EXPECT_EQ(code(Reason::limit_message), Code::resource_exhausted);
  EXPECT_EQ(code(Reason::call_cancelled), Code::cancelled);
  EXPECT_EQ(code(Reason::wire_malformed), Code::invalid_argument);
}

TEST(Metadata, KeepsTheCaseThatTheWireHad) {
  Metadata metadata;
  metadata.add("trace-id", "7", "Trace-ID");
  metadata.add("plain", "x");
  metadata.add("gone", "y", "Gone");
  EXPECT_EQ(metadata[0].name, "trace-id");
  EXPECT_EQ(metadata.wire_name(0), "Trace-ID");
  EXPECT_EQ(metadata.wire_name(1), "plain");
  EXPECT_EQ(metadata.remove("gone"), 1u);
  EXPECT_EQ(metadata.wire_name(0), "Trace-ID");
  EXPECT_EQ(metadata[0].value, "7");
}

TEST(Names, AreDistinctAndNotEmpty) {
  std::set<std::string_view> seen;
  for (const BodyFormat format :
       {BodyFormat::none, BodyFormat::thrift_binary, BodyFormat::thrift_compact, BodyFormat::protobuf,
        BodyFormat::json, BodyFormat::thrift_json, BodyFormat::opaque}) {
    EXPECT_TRUE(seen.insert(to_string(format)).second);
  }
  for (const Compression one : {Compression::identity, Compression::gzip, Compression::deflate}) {
    EXPECT_TRUE(seen.insert(to_string(one)).second);
  }
  for (const Origin one : {Origin::application, Origin::gateway, Origin::transport}) {
    EXPECT_TRUE(seen.insert(to_string(one)).second);
  }
  for (const Phase one : {Phase::not_sent, Phase::maybe_executed, Phase::executed}) {
    EXPECT_TRUE(seen.insert(to_string(one)).second);
  }
  EXPECT_FALSE(seen.contains(""));
}

}  // namespace
}  // namespace koine::model
