// The contract of a call codec: framing and call metadata of one protocol, as a server half and a client
// half.
//
// Sans-I/O: bytes go in through feed(), events come out through the Events interface during feed(), and bytes
// to send are fetched with drain(). One session = one connection = one thread. No clock, no socket, no
// router, no policy.
//
// Lifetime: a session never outlives its Events object; an event handler may call any method of the session
// except feed() and drain(), and never destroys it from inside an event.
//
// Order of events of one call: on_call, on_message* (the last with end_of_stream), or on_cancel at any time
// after on_call and before the call was finished; nothing after on_cancel. Ids: the server half chooses them,
// unique for the life of the session; the client half is given them by the gateway, unique likewise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "model/call.h"

namespace koine::codecs {

using CallId = std::uint64_t;

struct CallCodecTraits {
  std::string_view name;          // "thrift", "grpc": static text, CallHead::protocol
  bool multiplexed = false;       // many calls in flight on a connection, answers in any order
  bool ordered_answers = false;   // answers must leave in the order of the requests (the session sees to it)
  bool streaming = false;         // more than one message each way
  bool graceful_goodbye = false;  // can tell the peer to stop sending calls
  // Metadata can travel beside a call, on some of its connections at least (ServerSession::carries_metadata).
  bool carries_metadata = false;
};

// What the first bytes of a connection say.
enum class Detected : std::uint8_t { no, need_more, yes };

// ---- the side that faces callers
// ------------------------------------------------------------------------------

class ServerEvents {
 public:
  virtual ~ServerEvents() = default;
  // A call begins. For the unary fast path `message` is there (has_message) and end_of_stream is true.
  virtual void on_call(CallId id, model::CallHead&& head, bool has_message, model::Payload&& message,
                       bool end_of_stream) = 0;
  // A further message; with end_of_stream and !has_message: only the end.
  virtual void on_message(CallId id, bool has_message, model::Payload&& message, bool end_of_stream) = 0;
  // The caller is gone or gave up; no answer is possible, and finish() must not be called.
  virtual void on_cancel(CallId id, base::Reason reason) = 0;
  // What was sent for this call fell below the low watermark again.
  virtual void on_writable(CallId id) = 0;
  // A call that never becomes one: the session answers it itself, with this outcome. `head` has what could be
  // read; `bytes` of it had come. Once, and no other event is about it.
  virtual void on_refused(const model::CallHead& /*head*/, std::size_t /*bytes*/,
                          const model::Outcome& /*outcome*/) {}
};

// Of two protocols on one wire: the one that is named for the wire, the codec's own, or both.
enum class ServiceOwner : std::uint8_t { wire, codec, both };

struct ServerOptions {
  base::Limits limits;
  base::SlabPool* pool = nullptr;      // for the session's buffers; outlives it
  base::LimitHits* hits = nullptr;     // where the session counts the limits that it applies; may be null
  const base::Clock* clock = nullptr;  // for rates of refilling only; null: nothing refills with time
  std::string peer;                    // the caller's address, for messages
  // Does the method of this path ("/pkg.Service/Method") carry streams? A codec whose wire does not tell
  // asks once a call: yes gives a call whose messages come one by one, no (or unset) a unary call that is
  // reported whole.
  std::function<bool(std::string_view path)> streams;
  // Where a connection has calls of two protocols (Triple's are gRPC's as well): who may call the service of
  // this name? Unset: the codec's own callers.
  std::function<ServiceOwner(std::string_view service)> service_owner;
  // How much feed() takes at a time, in frames or messages, so that whoever sends thousands at once does not
  // keep other connections waiting (share_used()); 0: everything.
  std::size_t work_share = 0;
  // Thrift: the binary protocol of before 2008, which has no mark of its own, is taken too.
  bool thrift_lax = false;
};

class ServerSession {
 public:
  virtual ~ServerSession() = default;

  // Takes what it can from the front of `in`; what stays belongs to an unfinished unit. An error means that
  // the connection must be closed once what drain() yields has been sent.
  [[nodiscard]] virtual base::Status feed(base::Buffer& in) = 0;
  // False while feed() takes no more because of what is in flight or queued: whole units may then stay in
  // the owner's buffer. Ask after feed(), reply(), no_reply() and drain(): stop reading when it is false,
  // feed() what was left when it is true again.
  virtual bool wants_read() const { return true; }
  // feed() stopped because this connection's share of a turn's work is used up, and left something (in `in`,
  // or inside: holds_input()): go on in a later turn, when others have had theirs.
  virtual bool share_used() const { return false; }
  // A number that names the unit (a frame, a message) of which a part has come and the rest is waited for; 0
  // when there is none. It changes with every unit: who sees the same one for long has a peer that stalls.
  virtual std::uint64_t unfinished_unit() const { return 0; }
  // Where calls share a connection: of some calls' requests, or of a message of theirs, a part has come, and
  // the rest is their caller's to send.
  virtual bool awaits_requests() const { return false; }
  struct Stalled {
    std::size_t refused = 0;
    base::Nanoseconds oldest_ns = base::never_ns;  // since when the first of the others is waited for
  };
  // Refuses the calls that have been waited for since then (options.clock) or longer; the others go on.
  virtual Stalled refuse_stalled(base::Nanoseconds /*since_ns*/) { return {}; }
  // True when input is held inside that feed() can use without new bytes: call it again, with an empty
  // buffer, once wants_read().
  virtual bool holds_input() const { return false; }
  // Whether the answer to this call, still in flight, has room for metadata.
  virtual bool carries_metadata(CallId) const { return true; }
  // The peer will send no more: calls that can still be answered go on.
  virtual void on_eof() = 0;
  // Appends everything that is ready to be written, as long as `out` holds less than limits.write_high_bytes.
  virtual void drain(base::Buffer& out) = 0;
  // True when drain() may yield something: what waits can be moot. False after it yielded nothing.
  virtual bool wants_write() const = 0;
  // Bytes of answers that wait to leave, whether drain() would yield them now or not.
  virtual std::size_t queued_bytes() const { return 0; }
  // Bytes of requests that have come and are not handed over yet.
  virtual std::size_t unread_bytes() const { return 0; }

  // Unary fast path: everything that comes back, at once. The id is finished.
  virtual void reply(CallId id, model::Reply&& reply) = 0;
  // The call gets no answer (oneway): its slot is freed, order is kept. The id is finished.
  virtual void no_reply(CallId id) = 0;
  // Streams. send_message returns false when the call's queue is above the high watermark: wait for
  // on_writable.
  virtual void send_head(CallId id, model::ReplyHead&& head) = 0;
  virtual bool send_message(CallId id, model::Payload&& message) = 0;
  virtual void finish(CallId id, model::Outcome&& outcome) = 0;
  // Backpressure towards the caller: while paused, no more of this call's messages are asked for.
  virtual void pause(CallId id) = 0;
  virtual void resume(CallId id) = 0;

  // Graceful goodbye where the protocol has one; the session answers what is in flight and then
  // wants_close().
  virtual void shutdown() = 0;
  // A PING round trip or the like is over and the second phase of the goodbye may be sent. No-op elsewhere.
  virtual void shutdown_now() = 0;
  virtual bool wants_close() const = 0;
  virtual std::size_t calls_in_flight() const = 0;
  // The connection has been idle: give back what can be given back.
  virtual void release_idle_memory() = 0;
};

// ---- the side that faces providers
// ----------------------------------------------------------------------------

class ClientEvents {
 public:
  virtual ~ClientEvents() = default;
  // Unary fast path: everything at once; the id is finished.
  virtual void on_reply(CallId id, model::Reply&& reply) = 0;
  // Streams: head, messages, then the outcome; on_finish finishes the id, also when the connection breaks.
  virtual void on_head(CallId id, model::ReplyHead&& head) = 0;
  virtual void on_message(CallId id, model::Payload&& message) = 0;
  virtual void on_finish(CallId id, model::Outcome&& outcome) = 0;
  virtual void on_writable(CallId id) = 0;
  // capacity() rose, or the peer said goodbye (accepting() became false).
  virtual void on_capacity() = 0;
  // A unary answer of that many bytes has begun to come. pause(id), here or later, holds back what has not
  // been asked for yet, in protocols that can.
  virtual void on_answer_size(CallId /*id*/, std::size_t /*bytes*/) {}
};

// How a Thrift provider's messages are told apart.
enum class ThriftTransport : std::uint8_t { framed, unframed, header };

struct ClientOptions {
  base::Limits limits;
  base::SlabPool* pool = nullptr;
  base::LimitHits* hits = nullptr;     // as in ServerOptions
  const base::Clock* clock = nullptr;  // as in ServerOptions
  std::string authority;               // what the provider is called: HTTP/2's :authority
  std::string multiplexed_name;        // Thrift: non-empty = TMultiplexedProtocol's service name
  model::BodyFormat body_format = model::BodyFormat::none;  // Thrift: binary, compact or thrift_json
  ThriftTransport thrift_transport = ThriftTransport::framed;
  bool thrift_zlib = false;       // framed, unframed: a zlib stream around all; header: its zlib transform
  std::size_t pipelined_max = 1;  // ordered protocols: calls in flight at once
};

class ClientSession {
 public:
  virtual ~ClientSession() = default;

  [[nodiscard]] virtual base::Status feed(base::Buffer& in) = 0;
  // The connection is gone: every call in flight ends with this reason, its phase telling how far it got.
  virtual void on_closed(const base::Status& why) = 0;
  virtual void drain(base::Buffer& out) = 0;
  virtual bool wants_write() const = 0;

  // How many more calls may be started now.
  virtual std::size_t capacity() const = 0;
  // False once the peer said goodbye or ids ran out: no more calls, but those in flight go on.
  virtual bool accepting() const = 0;
  // Begins a call; `head` is only read. With end_of_stream it is unary and ends in one on_reply.
  // `expect_stream`: the answer comes as on_head/on_message/on_finish. kind oneway ends in on_reply with OK
  // as soon as drain() took its last byte.
  [[nodiscard]] virtual base::Status start(CallId id, const model::CallHead& head, bool has_message,
                                           model::Payload&& message, bool end_of_stream,
                                           bool expect_stream) = 0;
  virtual bool send_message(CallId id, bool has_message, model::Payload&& message, bool end_of_stream) = 0;
  virtual void pause(CallId id) = 0;
  virtual void resume(CallId id) = 0;
  // Nobody waits any more: no event will follow for this id. True when the connection stays usable (HTTP/2
  // reset the stream); false when it must be closed because a late answer could meet another caller (plain
  // Thrift).
  [[nodiscard]] virtual bool cancel(CallId id) = 0;

  // False until the peer has said what its protocol makes it say first (HTTP/2: SETTINGS). Calls may be
  // started before.
  virtual bool established() const { return true; }
  // Asks the peer for a sign of life; ping_answered() turns true when it came. False: the protocol has none.
  virtual bool ping() = 0;
  virtual bool ping_answered() const = 0;
  virtual void shutdown() = 0;
  virtual bool wants_close() const = 0;
  virtual std::size_t calls_in_flight() const = 0;
  virtual void release_idle_memory() = 0;
};

// ---- the codec itself
// ---------------------------------------------------------------------------------------

class CallCodec {
 public:
  virtual ~CallCodec() = default;
  virtual const CallCodecTraits& traits() const = 0;
  // Looks at the first bytes of a connection (a prefix of what has arrived). Never claims another codec's
  // bytes, and says yes or no after the fewest bytes that decide.
  virtual Detected detect(base::Bytes first, const base::Limits& limits) const = 0;
  // The same for a listener that takes older forms of the protocol too (ServerOptions::thrift_lax).
  virtual Detected detect_lax(base::Bytes first, const base::Limits& limits) const {
    return detect(first, limits);
  }
  virtual std::unique_ptr<ServerSession> make_server(ServerOptions options, ServerEvents& events) const = 0;
  virtual std::unique_ptr<ClientSession> make_client(ClientOptions options, ClientEvents& events) const = 0;
};

}  // namespace koine::codecs
