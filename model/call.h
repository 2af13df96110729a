// The common request model: what a call is, in no particular wire format.
//
// A call is a CallHead, then messages (Payload, end_of_stream?), and back a ReplyHead, messages and an
// Outcome. Unary is the fast path of the same shape: head and message in one event, and one Reply for
// everything that comes back. Plain values: no I/O, no policy, no clock. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/clock.h"
#include "model/metadata.h"
#include "model/outcome.h"

namespace koine::model {

enum class MethodKind : std::uint8_t { unary, oneway, client_stream, server_stream, bidi };

// How a body is written. `json` is protobuf's JSON, `thrift_json` the struct of Thrift's TJSONProtocol,
// `hessian2` the values of a Dubbo call: its arguments one behind the other, or what came back, in a stream
// of their own; `triple_wrapper` the message in which Triple puts such values, each with the name of its
// type. `opaque`: a format nobody here reads (it can only be forwarded).
enum class BodyFormat : std::uint8_t {
  none,
  thrift_binary,
  thrift_compact,
  protobuf,
  json,
  thrift_json,
  hessian2,
  triple_wrapper,
  opaque
};
std::string_view to_string(BodyFormat format);

enum class Compression : std::uint8_t { identity, gzip, deflate };
std::string_view to_string(Compression compression);

// A message's bytes, undecoded until somebody must look. The limits of its framing have been checked.
// For Thrift the body is the bare arguments or result struct, without the message header.
struct Payload {
  BodyFormat format = BodyFormat::none;
  // Of an opaque body: the number that its protocol has for the format (Dubbo's serialization id).
  std::uint8_t native_format = 0;
  Compression compression = Compression::identity;
  base::Buffer bytes;
};

// W3C trace context as it came; empty when there was none.
struct TraceContext {
  std::string parent;
  std::string state;
};

struct Peer {
  std::string address;  // "127.0.0.1:4711", "[::1]:4711", "unix:"
};

struct CallHead {
  std::string_view protocol;  // the codec's name, "thrift" or "grpc": static text
  std::string service;        // as the wire says it; empty when the wire does not say (plain Thrift)
  std::string method;
  // Where methods are told apart by their parameters as well (Dubbo): those, as JVM descriptors. Else empty.
  std::string signature;
  MethodKind kind = MethodKind::unary;
  BodyFormat body_format = BodyFormat::none;
  Metadata metadata;
  base::Nanoseconds timeout_ns = base::never_ns;  // what the wire said is left, relative
  TraceContext trace;
};

struct ReplyHead {
  Metadata metadata;
};

// A whole unary reply.
struct Reply {
  ReplyHead head;
  bool has_message = false;
  Payload message;
  Outcome outcome;
};

}  // namespace koine::model
