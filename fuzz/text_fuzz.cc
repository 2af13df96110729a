// Text forms of values: base64, percent-encoding, timeouts, numbers, times, UUIDs, metadata, errors' bodies.
//
//   u8 which · the bytes
#include <array>
#include <cmath>
#include <cstring>

#include "base/uuid.h"
#include "codecs/bodies/json/base64.h"
#include "codecs/bodies/json/numbers.h"
#include "codecs/bodies/json/text.h"
#include "codecs/bodies/json/time_text.h"
#include "codecs/bodies/json/tokenizer.h"
#include "codecs/bodies/protobuf/rpc_status.h"
#include "codecs/calls/grpc/header_rules.h"
#include "codecs/calls/grpc/status_mapping.h"
#include "codecs/calls/grpc/text_coding.h"
#include "codecs/calls/thrift/application_exception.h"
#include "codecs/utf8.h"
#include "fuzz/header_lines.h"
#include "fuzz/target.h"

namespace koine::fuzz {
namespace {

namespace grpc = codecs::calls::grpc;
namespace json = codecs::bodies::json;
namespace pb = codecs::bodies::protobuf;
namespace thrift = codecs::calls::thrift;

void base64(std::string_view text) {
  std::string octets;
  if (grpc::decode_base64(text, octets)) {
    std::string again;
    grpc::append_base64(again, octets);
    std::string back;
    check(grpc::decode_base64(again, back) && back == octets, "base64 of what was read is read the same");
  }
  std::string coded;
  grpc::append_base64(coded, text);
  octets.clear();
  check(grpc::decode_base64(coded, octets) && octets == text, "base64 gives back what went in");

  std::string out(json::octets_bytes_max(text.size()), '\0');
  auto* begin = reinterpret_cast<std::uint8_t*>(out.data());
  if (const std::uint8_t* end = json::read_base64(text, begin); end != nullptr) {
    const base::Bytes read(begin, end);
    std::string again(json::base64_bytes(read.size()), '\0');
    json::write_base64(reinterpret_cast<std::uint8_t*>(again.data()), read);
    std::string back(json::octets_bytes_max(again.size()), '\0');
    auto* back_begin = reinterpret_cast<std::uint8_t*>(back.data());
    const std::uint8_t* back_end = json::read_base64(again, back_begin);
    check(back_end != nullptr && base::as_text({back_begin, back_end}) == base::as_text(read),
          "JSON's base64 of what was read is read the same");
  }
}

void percent(std::string_view text) {
  std::string coded;
  grpc::append_percent_encoded(coded, text);
  for (const char c : coded) check(c >= 0x20 && c < 0x7f, "percent-encoded text is printable");
  check(grpc::decode_percent(coded) == text, "percent-encoding gives back what went in");
  check(grpc::decode_percent(text).size() <= text.size(), "decoding never grows");
  const std::string clean = codecs::to_utf8(text);
  const auto bytes = base::as_bytes(clean);
  check(codecs::is_utf8(bytes.data(), bytes.size()), "to_utf8 gives UTF-8");
  check(codecs::to_utf8(clean) == clean, "to_utf8 leaves UTF-8 alone");
  for (std::size_t size = 0; size < clean.size(); ++size) {
    const std::string_view cut = codecs::utf8_prefix(clean, size);
    const auto part = base::as_bytes(cut);
    check(cut.size() <= size && codecs::is_utf8(part.data(), part.size()), "a prefix of UTF-8 is UTF-8");
  }
}

void timeout(std::string_view text) {
  base::Nanoseconds value = 0;
  if (!grpc::parse_timeout(text, value)) return;
  check(value >= 0, "a timeout is not negative");
  base::Nanoseconds again = 0;
  check(grpc::parse_timeout(grpc::format_timeout(value), again), "a timeout that is written can be read");
  check(again >= value, "a timeout is rounded up, if at all");
}

void numbers(std::string_view text) {
  std::array<std::uint8_t, json::number_bytes_max> out;
  const auto written = [&](const std::uint8_t* end) {
    return base::as_text({out.data(), static_cast<std::size_t>(end - out.data())});
  };
  const bool grammar = json::is_number(text);
  std::int64_t i64 = 0;
  std::int64_t i64_again = 0;
  if (json::parse_i64(text, i64) == json::Parsed::ok) {
    check(grammar, "an integer is a number");
    check(json::parse_i64(written(json::write_i64(out.data(), i64)), i64_again) == json::Parsed::ok &&
              i64_again == i64,
          "an i64 that is written can be read");
  }
  std::uint64_t u64 = 0;
  std::uint64_t u64_again = 0;
  if (json::parse_u64(text, u64) == json::Parsed::ok) {
    check(json::parse_u64(written(json::write_u64(out.data(), u64)), u64_again) == json::Parsed::ok &&
              u64_again == u64,
          "a u64 that is written can be read");
  }
  double f64 = 0;
  double f64_again = 0;
  if (json::parse_f64(text, true, f64) == json::Parsed::ok && std::isfinite(f64)) {
    check(grammar, "a finite double is a number");
    check(json::parse_f64(written(json::write_f64(out.data(), f64)), true, f64_again) == json::Parsed::ok &&
              std::memcmp(&f64, &f64_again, sizeof(f64)) == 0,
          "a double that is written can be read");
  }
  float f32 = 0;
  float f32_again = 0;
  if (json::parse_f32(text, true, f32) == json::Parsed::ok && std::isfinite(f32)) {
    check(json::parse_f32(written(json::write_f32(out.data(), f32)), true, f32_again) == json::Parsed::ok &&
              std::memcmp(&f32, &f32_again, sizeof(f32)) == 0,
          "a float that is written can be read");
  }
  // Any bits are a number that can be written.
  if (text.size() >= sizeof(double)) {
    std::memcpy(&f64, text.data(), sizeof(f64));
    const std::string_view number = written(json::write_f64(out.data(), f64));
    if (std::isfinite(f64)) {
      check(json::parse_f64(number, false, f64_again) == json::Parsed::ok &&
                std::memcmp(&f64, &f64_again, sizeof(f64)) == 0,
            "every finite double can be written and read");
    }
    std::memcpy(&f32, text.data(), sizeof(f32));
    const std::string_view small = written(json::write_f32(out.data(), f32));
    if (std::isfinite(f32)) {
      check(json::parse_f32(small, false, f32_again) == json::Parsed::ok &&
                std::memcmp(&f32, &f32_again, sizeof(f32)) == 0,
            "every finite float can be written and read");
    }
  }
}

void times(std::string_view text) {
  std::array<std::uint8_t, json::time_text_bytes_max> out;
  json::SecondsNanos value;
  json::SecondsNanos again;
  if (json::parse_timestamp(text, value)) {
    check(json::valid_timestamp(value), "a timestamp that is read is valid");
    const std::uint8_t* end = json::write_timestamp(out.data(), value);
    check(json::parse_timestamp(base::as_text({out.data(), end}), again) && again.seconds == value.seconds &&
              again.nanos == value.nanos,
          "a timestamp that is written can be read");
  }
  if (json::parse_duration(text, value)) {
    check(json::valid_duration(value), "a duration that is read is valid");
    const std::uint8_t* end = json::write_duration(out.data(), value);
    check(json::parse_duration(base::as_text({out.data(), end}), again) && again.seconds == value.seconds &&
              again.nanos == value.nanos,
          "a duration that is written can be read");
  }
}

// A JSON document: what the tokenizer lets through, and strings there and back.
void tokens(std::string_view text) {
  json::Tokenizer tokenizer(base::as_bytes(text), 8);
  base::Arena arena;
  for (std::size_t count = 0;; ++count) {
    check(count <= text.size() + 1, "every token has a byte");
    const json::Token token = tokenizer.next();
    check(tokenizer.depth() <= 8, "nesting within its limit");
    if (token.kind == json::TokenKind::error) {
      check(!tokenizer.status().ok() && tokenizer.fault_offset() <= text.size(), "an error has its place");
      break;
    }
    if (token.kind == json::TokenKind::end) break;
    if (token.kind != json::TokenKind::string && token.kind != json::TokenKind::name) continue;
    const std::string_view plain = json::unescape(token.text, token.escaped, arena);
    std::string written(json::string_bytes_max(plain.size()), '\0');
    auto* begin = reinterpret_cast<std::uint8_t*>(written.data());
    written.resize(static_cast<std::size_t>(json::write_string(begin, plain) - begin));
    check(written.size() == json::string_bytes(plain), "a string needs the bytes that were foretold");
    json::Tokenizer second(base::as_bytes(written), 8);
    const json::Token again = second.next();
    check(again.kind == json::TokenKind::string && json::unescape(again.text, again.escaped, arena) == plain,
          "a string that is written can be read");
  }
  json::Tokenizer skipping(base::as_bytes(text), 8);
  const bool skipped = skipping.skip_value() && skipping.next().kind == json::TokenKind::end;
  const bool whole = tokenizer.fault() == json::Fault::none;
  check(skipped == whole, "what can be skipped can be read");
}

void metadata(std::string_view text) {
  const model::Metadata fields = header_lines(text);
  model::Metadata out;
  model::TraceContext trace;
  if (grpc::read_metadata(fields, out, &trace).ok()) {
    model::Metadata written;
    grpc::write_metadata(out, written);
    model::Metadata again;
    check(grpc::read_metadata(written, again, &trace).ok() && again.size() == out.size(),
          "metadata that is written can be read");
    for (std::size_t i = 0; i < out.size(); ++i) {
      // White space around a value is the wire's (RFC 9113 §8.2.1).
      std::string_view value = out[i].value;
      const bool text_value = !model::Metadata::binary_name(out[i].name);
      while (text_value && (value.starts_with(' ') || value.starts_with('\t'))) value.remove_prefix(1);
      while (text_value && (value.ends_with(' ') || value.ends_with('\t'))) value.remove_suffix(1);
      check(out[i].name == again[i].name && value == again[i].value, "metadata arrives as it left");
      check(model::Metadata::binary_name(out[i].name) || model::Metadata::legal_text(out[i].value),
            "metadata is text unless its name says otherwise");
    }
  }
  const model::Outcome outcome = grpc::read_status(fields);
  model::Metadata status;
  grpc::write_status(outcome, 8192, status);
  const model::Outcome again = grpc::read_status(status);
  check(again.code == outcome.code, "a status arrives as it left");
}

void errors(std::string_view bytes) {
  if (const auto status = pb::decode_rpc_status(bytes)) {
    const std::string once = pb::encode(*status);
    const auto again = pb::decode_rpc_status(once);
    check(again && pb::encode(*again) == once, "a google.rpc.Status that is written can be read");
  }
  if (const auto info = pb::decode_error_info(bytes)) {
    const std::string once = pb::encode(*info);
    const auto again = pb::decode_error_info(once);
    check(again && pb::encode(*again) == once, "an ErrorInfo that is written can be read");
  }
  for (const auto format : {model::BodyFormat::thrift_binary, model::BodyFormat::thrift_compact,
                            model::BodyFormat::thrift_json}) {
    const auto exception = thrift::decode_application_exception(format, base::as_bytes(bytes), 8);
    if (!exception) continue;
    base::Buffer written;
    thrift::append_application_exception(written, format, exception->message, exception->type);
    const base::Slice whole = written.linearize();
    const auto again = thrift::decode_application_exception(format, whole.bytes(), 8);
    check(again && again->message == exception->message && again->type == exception->type,
          "an exception that is written can be read");
    const model::Outcome outcome = thrift::outcome_from_exception(*exception);
    check(!outcome.ok(), "an exception is no success");
    (void)thrift::exception_from_outcome(outcome);
  }
}

// u8 code · u8 whose it is, 4 with details, 8 a trailer · u8 room for headers, times 4 · u8 HTTP status ·
// the message
void outcomes(std::string_view text) {
  Input input(base::as_bytes(text));
  model::Outcome outcome;
  outcome.code = static_cast<model::Code>(input.choose(17));
  const std::uint8_t what = input.byte();
  outcome.origin = static_cast<model::Origin>((what & 3) % 3);
  const std::size_t room = input.byte() * std::size_t{4};
  const int status = 390 + input.byte();
  outcome.message = base::as_text(input.rest());
  if (outcome.origin != model::Origin::application) outcome.reason = base::Reason::map_range;
  if ((what & 4) != 0) outcome.details = outcome.message;
  if ((what & 8) != 0) outcome.trailers.add("x-t", "1");
  if ((what & 16) != 0) outcome.native_protocol = grpc::native_grpc;
  if ((what & 32) != 0) outcome.native_code = 99;
  if ((what & 64) != 0) outcome.native_text = outcome.message;
  model::Metadata fields;
  grpc::write_status(outcome, room, fields);
  const model::Outcome read = grpc::read_status(fields);
  const bool native = outcome.origin == model::Origin::application && (what & 16) != 0;
  check(native || read.code == outcome.code, "a code arrives as it left");
  check(room == 0 || fields.list_bytes() <= std::max<std::size_t>(room, 120), "a status fits its room");
  const model::Outcome other = grpc::outcome_from_http(std::to_string(status), outcome.message);
  check(!other.ok() && other.native_code == status && other.code == grpc::code_from_http(status),
        "an HTTP status is no success");
  const auto reset = static_cast<codecs::transports::http2::ErrorCode>(status % 14);
  check(!grpc::outcome_from_reset(reset, (what & 1) != 0).ok(), "a reset is no success");
  const thrift::ApplicationException exception = thrift::exception_from_outcome(outcome);
  check(outcome.ok() || !thrift::outcome_from_exception(exception).ok(), "an exception is no success");
}

void names(std::string_view text) {
  std::string_view service;
  std::string_view method;
  if (grpc::parse_path(text, service, method)) {
    check(!service.empty() && !method.empty() && service.size() + method.size() + 2 == text.size(),
          "a path is made of its parts");
  }
  model::BodyFormat format = model::BodyFormat::none;
  (void)grpc::parse_content_type(text, format);
  std::array<std::uint8_t, base::uuid_bytes> uuid;
  if (base::parse_uuid(text, uuid.data())) {
    std::array<std::uint8_t, base::uuid_text_bytes> written;
    std::array<std::uint8_t, base::uuid_bytes> again;
    base::write_uuid(written.data(), uuid.data());
    check(base::parse_uuid(base::as_text(written), again.data()) && again == uuid,
          "a UUID that is written can be read");
  }
}

constexpr void (*checks[])(std::string_view) = {&base64, &percent,  &timeout, &numbers, &times,
                                                &tokens, &metadata, &errors,  &names,   &outcomes};

void run(base::Bytes bytes) {
  Input input(bytes);
  const std::size_t which = input.choose(std::size(checks));
  checks[which](base::as_text(input.rest()));
}

void seeds(const AddSeed& add) {
  const auto one = [&](char which, const std::string& name, const std::string& bytes) {
    add(name, std::string(1, which) + bytes);
  };
  one(0, "base64", "AAH/gA==");
  one(0, "base64-url", "AAH_-A");
  one(1, "percent", "a%20b%C3%A9 \xc3\xa9\xf0\x9f\x98\x80\xff");
  for (const char* text : {"1n", "99999999H", "15S", "20m", "3M", "7u", "100000000n"})
    one(2, std::string("timeout-") + text, text);
  for (const char* text :
       {"-1.5e-3", "18446744073709551615", "-9223372036854775808", "1e400", "123456789.125", "100e-2", "NaN",
        "-Infinity", "01", "1.", "5e-324", "3.4028235e38", "0.1"}) {
    one(3, std::string("number-") + text, text);
  }
  one(3, "number-bits", std::string("\x9a\x99\x99\x99\x99\x99\xb9\x3f", 8));
  one(4, "timestamp", "1972-01-01T10:00:20.021Z");
  one(4, "timestamp-zone", "9999-12-31T23:59:59.999999999+23:59");
  one(4, "duration", "-1.000340012s");
  one(5, "json", R"({"a":[1,2.5e3,true,false,null,"x\u00e9\ud83d\ude00\n\"\\\/\b\f\r\t"],"b":{}} )");
  for (const char* text : {"[1,]", "{\"a\" 1}", "\"\\ud800\"", "\"\x01\"", "[[[[[[[[[1]]]]]]]]]", "tru",
                           "\"\xff\"", "1 2", "{1:2}", "[1"}) {
    one(5,
        std::string("json-bad-") + std::to_string(std::char_traits<char>::length(text)) +
            (text[0] == '[' ? "a" : "b") + std::to_string(text[1]),
        text);
  }
  one(6, "metadata",
      "x-a: 1\nx-bin: AAH/\nx-many-bin: AA,AQ==\nte: trailers\ngrpc-timeout: 1S\ntraceparent: "
      "00-1-2-01\ntracestate: "
      "a=b\ngrpc-status: 5\ngrpc-message: not%20there\nUpper: x");
  one(6, "status-details", "grpc-status: 3\ngrpc-status-details-bin: CAMSBWhlbGxv");
  one(6, "status-strange", "grpc-status: 99\ngrpc-message: \xff%zz");
  pb::RpcStatus status;
  status.code = 5;
  status.message = "gone";
  status.details = {{"type.googleapis.com/a.B", "\x08\x01"}};
  one(7, "status", pb::encode(status));
  pb::RpcErrorInfo info;
  info.reason = "MAP_RANGE";
  info.domain = "koine";
  info.metadata = {{"path", "a.b"}, {"k", "v"}};
  one(7, "error-info", pb::encode(info));
  for (const auto format : {model::BodyFormat::thrift_binary, model::BodyFormat::thrift_compact}) {
    base::Buffer written;
    thrift::append_application_exception(written, format, "[NOT_FOUND] gone", 1);
    one(7, std::string("exception-") + std::string(model::to_string(format)), written.to_string());
  }
  for (int type = 0; type <= 11; ++type) {
    base::Buffer written;
    thrift::append_application_exception(written, model::BodyFormat::thrift_compact, "x", type);
    one(7, "exception-type-" + std::to_string(type), written.to_string());
  }
  one(8, "path", "/a/pkg.Service/Method");
  one(8, "content-type", "application/grpc+json; charset=utf-8");
  one(8, "content-type-proto", "application/grpc+proto");
  one(8, "uuid", "00112233-4455-6677-8899-aabbccddeeff");
  for (const int code : {0, 1, 2, 13}) {
    for (const int what : {0, 4, 9, 14, 17, 65, 112}) {
      one(9, "outcome-" + std::to_string(code) + "-" + std::to_string(what),
          std::string(
              {static_cast<char>(code), static_cast<char>(what), 60, static_cast<char>(code * 3 + 10)}) +
              "[NOT_FOUND] MAP_RANGE: h\xc3\xa9 %\xff");
    }
  }
  one(9, "outcome-narrow", std::string({5, 1, 20, 0}) + std::string(100, '%'));
  one(9, "outcome-no-room", std::string({5, 1, 0, 0}) + "gone");
}

}  // namespace

extern const Target text;
const Target text = {.name = "text", .run = &run, .seeds = &seeds};

}  // namespace koine::fuzz
