// The structural walk over a body, and the other readers of the same bytes: what one lets through the others
// do. The walker of bare messages sees the body behind a message's header, whole and byte by byte.
//
//   u8 format · u8 levels allowed, below 16 · the body
#include "codecs/calls/thrift/struct_scan.h"
#include "codecs/transports/unframed/walker.h"
#include "fuzz/target.h"
#include "transcode/walk.h"

namespace koine::fuzz {
namespace {

using model::BodyFormat;
namespace thrift = codecs::calls::thrift;

// Is it one whole struct for the call codec's scan?
bool scan(BodyFormat format, base::Bytes body, std::size_t levels) {
  thrift::StructScan scan(format, body, levels);
  for (std::size_t fields = 0; fields <= body.size(); ++fields) {
    thrift::WireType type = thrift::WireType::stop;
    std::int32_t id = 0;
    if (!scan.next(type, id)) return false;
    if (type == thrift::WireType::stop) return scan.bytes_left() == 0;
    const std::size_t before = scan.bytes_left();
    if (!scan.skip(type)) return false;
    check(scan.bytes_left() <= before, "a scan goes forward");
  }
  check(false, "every field has a byte");
  return false;
}

namespace unframed = codecs::transports::unframed;

struct Bare {
  BodyFormat format;
  unframed::Encoding encoding;
  std::string_view header;
  std::string_view end;
};
constexpr Bare bares[] = {
    {BodyFormat::thrift_binary, unframed::Encoding::binary, {"\x80\1\0\1\0\0\0\1m\0\0\0\7", 13}, {}},
    {BodyFormat::thrift_binary, unframed::Encoding::binary_lax, {"\0\0\0\1m\1\0\0\0\7", 10}, {}},
    {BodyFormat::thrift_compact, unframed::Encoding::compact, "\x82\x21\7\1m", {}},
    {BodyFormat::thrift_json, unframed::Encoding::json, "[1,\"m\",1,7,", "]"},
};

void walk_bare(const Bare& bare, base::Bytes body, std::size_t levels, bool passes) {
  const std::string message =
      std::string(bare.header).append(base::as_text(body)).append(bare.end).append("more");
  const base::Bytes bytes = base::as_bytes(message);
  unframed::Walker whole(4096, levels);
  whole.start(bare.encoding);
  const std::size_t used = whole.feed(bytes);
  unframed::Walker pieces(4096, levels);
  pieces.start(bare.encoding);
  for (std::size_t at = 0; at < bytes.size() && pieces.state() == unframed::State::need_more; ++at) {
    (void)pieces.feed(bytes.subspan(at, 1));
  }
  check(whole.state() == pieces.state(), "a walker finds the same however bytes are cut");
  if (whole.state() == unframed::State::complete) {
    check(used == whole.length() && used == pieces.length(), "a walker knows where the message ends");
  } else {
    check((whole.state() == unframed::State::need_more) == whole.fault().empty(), "a refusal says why");
  }
  check(!passes || (whole.state() == unframed::State::complete && used + 4 == message.size()),
        "a struct that passes ends its message");
}

void run(base::Bytes bytes) {
  Input input(bytes);
  constexpr BodyFormat formats[] = {BodyFormat::thrift_binary, BodyFormat::thrift_compact,
                                    BodyFormat::protobuf,      BodyFormat::json,
                                    BodyFormat::thrift_json,   BodyFormat::opaque};
  const BodyFormat format = formats[input.choose(std::size(formats))];
  const std::size_t levels = input.byte() % 16;
  const base::Bytes body = input.rest();
  const base::Status status = transcode::walk_body(format, body, levels);
  check(status.ok() || !status.message().empty(), "a refusal says why");
  // What passes with so many levels passes with more.
  check(!status.ok() || transcode::walk_body(format, body, levels + 1).ok(), "more levels allow more");
  for (const Bare& bare : bares) {
    if (bare.format == format) walk_bare(bare, body, levels, status.ok());
  }
  if (format == BodyFormat::opaque) return check(status.ok(), "what nobody reads passes");
  const bool whole = format == BodyFormat::thrift_binary || format == BodyFormat::thrift_compact;
  if (!whole) return;
  // No proper prefix of a struct is one.
  if (status.ok()) {
    for (std::size_t size = 0; size < body.size(); ++size) {
      check(!transcode::walk_body(format, body.first(size), levels).ok(), "a struct says where it ends");
    }
  }
  if (levels > 0) check(scan(format, body, levels) == status.ok(), "walk and scan agree");
}

void seeds(const AddSeed& add) {
  const auto one = [&](char format, const std::string& name, const std::string& body) {
    add(name, std::string({format, 8}) + body);
  };
  one(0, "binary-scalars",
      std::string("\2\0\1\1\3\0\2\5\4\0\3\0\0\0\0\0\0\0\0\6\0\4\1\2\x08\0\5\0\0\0\1\x0a\0\6\0\0\0\0\0\0\0\1"
                  "\x0b\0\7\0\0\0\1x\0",
                  51));
  one(0, "binary-containers",
      std::string("\x0f\0\1\x08\0\0\0\1\0\0\0\2\x0d\0\2\x0b\x0c\0\0\0\1\0\0\0\1k\0\x0e\0\3\2\0\0\0\2\1\0\0",
                  38));
  one(0, "binary-deep", std::string("\x0c\0\1\x0c\0\1\x0c\0\1\0\0\0\0", 13));
  one(0, "binary-uuid", std::string("\x10\0\1", 3) + std::string(16, 'u') + std::string(1, '\0'));
  one(1, "compact-scalars", std::string("\x11\x12\x13\5\x14\2\x15\4\x16\6\x17\0\0\0\0\0\0\0\0\x18\1x\0", 23));
  one(1, "compact-containers", std::string("\x19\x25\2\4\x1b\1\x8c\1k\0\x1a\xf1\x02\1\2\x1b\0\0", 18));
  one(1, "compact-long-id", std::string("\5\x80\x10\2\x1c\x1c\0\0\0", 9));
  one(1, "compact-uuid", "\x1d" + std::string(16, 'u') + std::string(1, '\0'));
  one(2, "protobuf", std::string("\x08\x96\1\x12\2hi\x19\0\0\0\0\0\0\0\0\x25\0\0\0\0\x2b\x08\1\x2c", 25));
  one(3, "json", R"({"a":[1,{"b":null}],"c":"x"})");
  one(4, "thrift-json",
      R"({"1":{"i32":5},"2":{"lst":["str",2,"a","b"]},"3":{"map":["str","i32",1,{"k":1}]},"4":{"rec":{}}})");
  one(5, "opaque", "anything");
}

}  // namespace

extern const Target walk;
const Target walk = {.name = "walk", .run = &run, .seeds = &seeds};

}  // namespace koine::fuzz
