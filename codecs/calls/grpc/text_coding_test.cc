// Header value codings, statuses and the header table.
#include "codecs/calls/grpc/text_coding.h"

#include <gtest/gtest.h>

#include "codecs/calls/grpc/header_rules.h"
#include "codecs/calls/grpc/rpc_status.h"
#include "codecs/calls/grpc/status_mapping.h"

namespace koine::codecs::calls::grpc {
namespace {

using model::Code;

std::string base64(std::string_view bytes) {
  std::string out;
  append_base64(out, bytes);
  return out;
}

std::string percent(std::string_view text) {
  std::string out;
  append_percent_encoded(out, text);
  return out;
}

TEST(GrpcBase64, WritesUnpaddedAndReadsBoth) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg");  // RFC 4648 §10, without its padding
  EXPECT_EQ(base64("fo"), "Zm8");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  for (const std::string_view text : {"Zg", "Zg=="}) {
    std::string out;
    ASSERT_TRUE(decode_base64(text, out)) << text;
    EXPECT_EQ(out, "f");
  }
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  std::string back;
  ASSERT_TRUE(decode_base64(base64(all), back));
  EXPECT_EQ(back, all);
}

TEST(GrpcBase64, RefusesWhatIsNone) {
  for (const std::string_view text :
       {"Z", "Zg=", "Zg===", "Zm9v====", "Zm 9v", "Zm9v-", "=", "Z=g=", "Zm9v\n"}) {
    std::string out;
    EXPECT_FALSE(decode_base64(text, out)) << text;
  }
}

TEST(GrpcMessage, RoundTripsAndNeverFailsToDecode) {
  EXPECT_EQ(percent("plain text +~"), "plain text +~");
  EXPECT_EQ(percent("100% ü\n"), "100%25 %C3%BC%0A");
  EXPECT_EQ(decode_percent("100%25 %C3%BC%0A"), "100% ü\n");
  EXPECT_EQ(decode_percent("%c3%bc"), "ü");
  EXPECT_EQ(decode_percent("%"), "%");
  EXPECT_EQ(decode_percent("%4"), "%4");
  EXPECT_EQ(decode_percent("a%zz%41"), "a%zzA");
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(decode_percent(percent(all)), all);
}

TEST(GrpcTimeout, ParsesEveryUnitAndNothingElse) {
  base::Nanoseconds out = 0;
  const auto parse = [&](std::string_view text) { return parse_timeout(text, out) ? out : -1; };
  EXPECT_EQ(parse("1n"), 1);
  EXPECT_EQ(parse("0n"), 0);
  EXPECT_EQ(parse("2u"), 2000);
  EXPECT_EQ(parse("3m"), 3 * base::millisecond_ns);
  EXPECT_EQ(parse("4S"), 4 * base::second_ns);
  EXPECT_EQ(parse("5M"), 300 * base::second_ns);
  EXPECT_EQ(parse("6H"), 21600 * base::second_ns);
  EXPECT_EQ(parse("99999999H"), base::never_ns);
  for (const std::string_view text : {"", "n", "1", "-1S", "+1S", "1s", "1 S", "123456789n", "1.5S", "1SS"}) {
    EXPECT_EQ(parse(text), -1) << text;
  }
}

TEST(GrpcTimeout, RoundsUpToTheFinestUnitThatFits) {
  EXPECT_EQ(format_timeout(1), "1n");
  EXPECT_EQ(format_timeout(0), "1n");
  EXPECT_EQ(format_timeout(-5), "1n");
  EXPECT_EQ(format_timeout(99'999'999), "99999999n");
  EXPECT_EQ(format_timeout(100'000'000), "100000u");
  EXPECT_EQ(format_timeout(100'000'001), "100001u");
  EXPECT_EQ(format_timeout(15 * base::second_ns), "15000000u");
  EXPECT_EQ(format_timeout(base::never_ns - 1), "2562048H");
}

TEST(GrpcHeaders, TableSeparatesMetadataFromTheHop) {
  for (const std::string_view name :
       {"x-any", "user-agent", "authorization", "cookie", "grpc-trace-bin", "grpc-previous-rpc-attempts",
        "grpc-retry-pushback-ms", "accept-language"}) {
    EXPECT_EQ(header_use(name), HeaderUse::metadata) << name;
  }
  for (const std::string_view name : {"te", "connection", "host", "upgrade", "transfer-encoding"}) {
    EXPECT_EQ(header_use(name), HeaderUse::hop) << name;
  }
  EXPECT_EQ(header_use(":path"), HeaderUse::protocol);
  EXPECT_EQ(header_use("grpc-timeout"), HeaderUse::protocol);
  EXPECT_EQ(header_use("grpc-future"), HeaderUse::reserved);
  EXPECT_EQ(header_use("traceparent"), HeaderUse::trace);
}

TEST(GrpcHeaders, BinaryValuesAreSplitAtCommasBeforeDecoding) {
  model::Metadata fields;
  fields.add("a-bin", "Zg==,Zm8, Zm9v");
  fields.add("b-bin", "");
  model::Metadata out;
  ASSERT_TRUE(read_metadata(fields, out, nullptr).ok());
  ASSERT_EQ(out.size(), 4u);
  EXPECT_EQ(out[0].value, "f");
  EXPECT_EQ(out[1].value, "fo");
  EXPECT_EQ(out[2].value, "foo");
  EXPECT_EQ(out[3].name, "b-bin");
  EXPECT_EQ(out[3].value, "");
  fields.add("c-bin", "?");
  const base::Status status = read_metadata(fields, out, nullptr);
  EXPECT_EQ(status.reason(), base::Reason::wire_malformed);
  EXPECT_NE(status.message().find("c-bin"), std::string_view::npos);
}

TEST(GrpcHeaders, WritingLetsNothingThroughThatTheWireForbids) {
  model::Metadata metadata;
  metadata.add("x-ok", "  spaced ");
  metadata.add("x-evil", "a\r\nx-injected: 1");
  metadata.add("X-Upper", "no");
  metadata.add(":path", "/evil/path");
  metadata.add("content-length", "3");
  metadata.add("x-bin", std::string_view("\0\r\n", 3));
  model::Metadata fields;
  write_metadata(metadata, fields);
  ASSERT_EQ(fields.size(), 2u);
  EXPECT_EQ(fields[0].name, "x-ok");
  EXPECT_EQ(fields[0].value, "spaced");
  EXPECT_EQ(fields[1].value, "AA0K");
}

TEST(GrpcHeaders, ContentTypesNameTheBodyFormat) {
  model::BodyFormat format = model::BodyFormat::none;
  EXPECT_TRUE(parse_content_type("application/grpc", format));
  EXPECT_EQ(format, model::BodyFormat::protobuf);
  EXPECT_TRUE(parse_content_type("application/grpc+proto; charset=utf-8", format));
  EXPECT_EQ(format, model::BodyFormat::protobuf);
  EXPECT_TRUE(parse_content_type("application/grpc+json", format));
  EXPECT_EQ(format, model::BodyFormat::json);
  EXPECT_TRUE(parse_content_type("application/grpc+msgpack", format));
  EXPECT_EQ(format, model::BodyFormat::opaque);
  for (const std::string_view value : {"", "application/json", "application/grpc-web", "application/grpc+",
                                       "application/grpcx", "text/html", "Application/grpc "}) {
    EXPECT_FALSE(parse_content_type(value, format)) << value;
  }
}

TEST(GrpcHeaders, PathsAreValidated) {
  std::string_view service;
  std::string_view method;
  EXPECT_TRUE(parse_path("/a.b.C/Do_It$1", service, method));
  EXPECT_EQ(service, "a.b.C");
  EXPECT_EQ(method, "Do_It$1");
  EXPECT_TRUE(parse_path("/prefix/a.B/M", service, method));
  EXPECT_EQ(service, "prefix/a.B");
  for (const std::string_view path : {"", "/", "a/b", "/a", "/a/", "//b", "/a//b", "/a b/c", "/a/b?c",
                                      "/a/b%41", "*", "/a/../b\xff", "http://x/a/b"}) {
    EXPECT_FALSE(parse_path(path, service, method)) << path;
  }
}

TEST(GrpcStatus, HttpStatusesMapOnlyAsDocumented) {
  EXPECT_EQ(code_from_http(400), Code::internal);
  EXPECT_EQ(code_from_http(401), Code::unauthenticated);
  EXPECT_EQ(code_from_http(403), Code::permission_denied);
  EXPECT_EQ(code_from_http(404), Code::unimplemented);
  for (const int status : {429, 502, 503, 504})
    EXPECT_EQ(code_from_http(status), Code::unavailable) << status;
  for (const int status : {200, 302, 418, 431, 500, -1})
    EXPECT_EQ(code_from_http(status), Code::unknown) << status;
}

TEST(GrpcStatus, ResetsMapAndTellThePhase) {
  using transports::http2::ErrorCode;
  EXPECT_EQ(outcome_from_reset(ErrorCode::refused_stream, true).code, Code::unavailable);
  EXPECT_EQ(outcome_from_reset(ErrorCode::refused_stream, true).phase, model::Phase::not_sent);
  EXPECT_EQ(outcome_from_reset(ErrorCode::cancel, false).code, Code::cancelled);
  EXPECT_EQ(outcome_from_reset(ErrorCode::cancel, false).phase, model::Phase::maybe_executed);
  EXPECT_EQ(outcome_from_reset(ErrorCode::enhance_your_calm, false).code, Code::resource_exhausted);
  EXPECT_EQ(outcome_from_reset(ErrorCode::inadequate_security, false).code, Code::permission_denied);
  EXPECT_EQ(outcome_from_reset(ErrorCode::no_error, false).code, Code::internal);
  EXPECT_EQ(outcome_from_reset(ErrorCode::internal_error, false).native_code, 2);
}

TEST(GrpcStatus, StrangeNumbersAreUnknownAndKept) {
  const auto read = [](std::string_view text) {
    model::Metadata fields;
    fields.add("grpc-status", text);
    return read_status(fields);
  };
  EXPECT_EQ(read("5").code, Code::not_found);
  EXPECT_EQ(read("17").code, Code::unknown);
  EXPECT_EQ(read("17").native_code, 17);
  for (const std::string_view text : {"", "05", "-1", "x", "1x", "99999999999"}) {
    EXPECT_EQ(read(text).code, Code::unknown) << text;
    EXPECT_EQ(read(text).native_code, -1) << text;
  }
}

TEST(GrpcStatus, BytesThatAreNoUtf8AreShownCleanAndGivenBackAsTheyCame) {
  model::Metadata fields;
  fields.add("grpc-status", "2");
  fields.add("grpc-message", "bad %FF byte");
  const model::Outcome outcome = read_status(fields);
  EXPECT_EQ(outcome.message, "bad \xEF\xBF\xBD byte");
  model::Metadata out;
  write_status(outcome, 1u << 20, out);
  EXPECT_EQ(out.get("grpc-message"), "bad %FF byte");
}

TEST(GrpcStatus, IsUtf8WhateverOurOwnTextQuotes) {
  model::Outcome outcome;
  outcome.code = Code::unavailable;
  outcome.origin = model::Origin::gateway;
  outcome.reason = base::Reason::upstream_protocol;
  outcome.message = "invalid header field, name: [\xFF]";
  model::Metadata out;
  write_status(outcome, 1u << 20, out);
  EXPECT_EQ(out.get("grpc-message"), "invalid header field, name: [%EF%BF%BD]");
  std::string bytes;
  ASSERT_TRUE(decode_base64(out.get("grpc-status-details-bin"), bytes));
  const auto status = decode_rpc_status(bytes);
  ASSERT_TRUE(status.has_value());
  EXPECT_EQ(status->message, "invalid header field, name: [\xEF\xBF\xBD]");
}

TEST(GrpcStatus, FitsThePeersHeaderLimitByLeavingOutDetailsThenText) {
  model::Outcome outcome;
  outcome.code = Code::internal;
  outcome.origin = model::Origin::gateway;
  outcome.reason = base::Reason::map_range;
  outcome.message = std::string(3000, 'x');
  model::Metadata all;
  write_status(outcome, 1u << 20, all);
  EXPECT_TRUE(all.has("grpc-status-details-bin"));
  model::Metadata less;
  write_status(outcome, 4096, less);
  EXPECT_FALSE(less.has("grpc-status-details-bin"));
  EXPECT_EQ(less.get("grpc-message").size(), 3000u);
  model::Metadata least;
  write_status(outcome, 1024, least);
  EXPECT_LE(least.list_bytes(), 1024u);
  EXPECT_FALSE(least.get("grpc-message").empty());
  model::Metadata none;
  write_status(outcome, 0, none);
  EXPECT_EQ(none.get("grpc-status"), "13");
  EXPECT_EQ(none.size(), 1u);
}

TEST(GrpcRpcStatus, MatchesProtobufsOwnBytes) {
  // protoc 3.21.12 --encode=google.rpc.Status of: code: 3, message: "no", details: [ErrorInfo reason "R"
  // domain "d" metadata k: "v"].
  RpcErrorInfo info;
  info.reason = "R";
  info.domain = "d";
  info.metadata.emplace_back("k", "v");
  RpcStatus status;
  status.code = 3;
  status.message = "no";
  status.details.push_back({std::string(error_info_type_url), encode(info)});
  const std::string golden = std::string("\x08\x03\x12\x02no\x1a\x3a\x0a\x28", 10) +
                             "type.googleapis.com/google.rpc.ErrorInfo" +
                             std::string(
                                 "\x12\x0e\x0a\x01R\x12\x01"
                                 "d\x1a\x06\x0a\x01k\x12\x01v",
                                 16);
  EXPECT_EQ(encode(status), golden);
  const auto back = decode_rpc_status(golden);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->code, 3);
  EXPECT_EQ(back->message, "no");
  ASSERT_EQ(back->details.size(), 1u);
  const auto info_back = decode_error_info(back->details[0].value);
  ASSERT_TRUE(info_back);
  EXPECT_EQ(info_back->reason, "R");
  ASSERT_EQ(info_back->metadata.size(), 1u);
  EXPECT_EQ(info_back->metadata[0].second, "v");
}

TEST(GrpcRpcStatus, NegativeCodesAndUnknownFieldsAreRead) {
  RpcStatus status;
  status.code = -7;
  const auto back =
      decode_rpc_status(encode(status) + std::string("\x7a\x01z\x41 12345678", 12).substr(0, 12));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->code, -7);
}

TEST(GrpcRpcStatus, NoPrefixOrMutationBreaksTheReader) {
  RpcStatus status;
  status.code = 3;
  status.message = "message";
  status.details.push_back({"a/b", "value"});
  status.details.push_back({"c/d", ""});
  const std::string bytes = encode(status);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    (void)decode_rpc_status(std::string_view(bytes).substr(0, size));
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string mutated = bytes;
      mutated[at] = static_cast<char>(value);
      (void)decode_rpc_status(mutated);
      (void)decode_error_info(mutated);
    }
  }
  EXPECT_FALSE(decode_rpc_status("\x12\xff\xff\xff\xff\x0f"));  // a length of 4 GiB
  EXPECT_FALSE(decode_rpc_status("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"));
}

}  // namespace
}  // namespace koine::codecs::calls::grpc
