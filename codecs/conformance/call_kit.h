// The conformance kit for call codecs: what every CallCodec must hold, checked from outside.
//
// Describe the codec in a CodecUnderTest: the codec, bytes that real peers sent with what they mean, and how
// its client half is set up. Then call check_codec() and look at the Report (docs/conformance.md has a whole
// example). No test framework is needed, and nothing of the codec but its public contract
// (codecs/call_codec.h) is used.
//
//   check           what must hold
//   vectors         every vector gives the calls (replies) that it is said to give
//   split           byte at a time = whole = cut in two at every place = cut into pieces at random
//   prefix          no proper prefix of the vector's calls yields the last call (reply), nor anything that
//                   the whole vector does not
//   truncated       a connection that ends anywhere: no further call; every call of a client half ends once
//   flip            every bit of every vector turned over: no more than a Status, the same however it is cut
//   length          every number that could be a length becomes hostile: the heap held grows by 64 KiB and
//                   four times the bytes received, no more
//   polite          after an error: no further call, what is queued can be drained, the session wants to
//   close round_trip      client half to server half and back: service, method, kind, body, metadata (where
//   the
//                   codec carries it) and outcome arrive as they left
//   order           answers given in reverse reach the calls that they belong to
//   drain           drain() adds nothing to a buffer that holds write_high_bytes, and at most that and one
//                   frame to an empty one
//   limit           a message of message_bytes_max bytes passes or not as a whole; one byte more than that is
//                   refused without being held
//   cancel          nothing follows for a call that was cancelled
//   detect          check_detection(): the codec claims its own vectors, after detect_bytes where they say
//                   so, and never another codec's
//
// The kit is deterministic and takes no time but the codec's own. One thread.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codecs/call_codec.h"
#include "codecs/conformance/report.h"

namespace koine::codecs::conformance {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// A call as the server half must report it.
struct ExpectedCall {
  std::string service;
  std::string method;
  model::MethodKind kind = model::MethodKind::unary;
  model::BodyFormat format = model::BodyFormat::none;
  std::vector<std::string> messages;
  Pairs metadata;  // all of it, in order
  // The caller gives up at the end of the vector.
  bool cancelled = false;
};

// Everything that a caller sends on a connection, from its first byte.
struct CallerVector {
  std::string name;
  std::string bytes;
  std::vector<ExpectedCall> calls;
  // detect() must say yes at exactly so many bytes; 0 = at any.
  std::size_t detect_bytes = 0;
  // What this connection may hold of the heap beyond what all of the codec's may
  // (CodecUnderTest::heap_bytes). Where it is not 0, say whose tables they are.
  std::size_t heap_bytes = 0;
  // Bytes behind the last call's last one; npos: the last call is not the last thing that ends (the prefix
  // check then asks only for a prefix of the events).
  std::size_t behind = 0;
};

// A call that is started on the client half before its answers are fed.
struct StartedCall {
  std::string service;
  std::string method;
  bool oneway = false;
  std::string body;
  std::string signature = {};  // CallHead::signature
};
struct ExpectedReply {
  bool none = false;  // the vector has no answer to it
  model::Code code = model::Code::ok;
  std::int32_t declared_field = 0;
  std::vector<std::string> messages;
};

// Everything that a provider sends on a connection on which these calls were started, in this order.
struct ProviderVector {
  std::string name;
  ClientOptions options;
  std::vector<StartedCall> calls;
  std::string bytes;
  std::vector<ExpectedReply> replies;  // one a call, in the order of `calls`
  std::size_t heap_bytes = 0;          // as in CallerVector
  std::size_t behind = 0;              // as in CallerVector
};

// One way to set the client half up, which the server half must understand.
struct Speaker {
  std::string name;
  ClientOptions options;
  // A body of options.body_format with `filler` in it, at least as long. Unset: the filler itself.
  std::function<std::string(std::string_view filler)> body;
  std::string service;    // as it arrives; empty where the wire does not say it
  std::string signature;  // CallHead::signature that goes with the body
  Pairs metadata;         // what travels beside a call, where the wire has room for it
};

struct CodecUnderTest {
  const CallCodec* codec = nullptr;
  ServerOptions server;  // limits and the like; `pool` is not used
  std::vector<CallerVector> callers;
  std::vector<ProviderVector> providers;
  std::vector<Speaker> speakers;
  // The codec writes by itself while it reads, and what a peer sends to a call that is over breaks the
  // connection or not, depending on whether the end had left before. Damaged bytes then mean the same however
  // they are cut only where no connection breaks.
  bool writes_while_reading = false;
  // What a connection may hold of the heap whatever it received, beyond the 64 KiB that all may. Where this
  // is not 0, say whose fixed tables they are.
  std::size_t heap_bytes = 0;
};

// How many damaged forms of one vector are tried, evenly spread over all there are.
struct Effort {
  std::size_t flips_max = 8192;
  std::size_t lengths_max = 8192;
};

// Runs every check but detect.
Report check_codec(const CodecUnderTest& codec, const Effort& effort = {});

// Every codec that shares a port, asked about every vector of all of them.
void check_detection(std::span<const CodecUnderTest* const> codecs, Report& report);

}  // namespace koine::codecs::conformance
