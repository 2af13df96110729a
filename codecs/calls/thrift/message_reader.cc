// Unwrapping messages.
#include "codecs/calls/thrift/message_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "codecs/calls/thrift/opening.h"
#include "codecs/transports/framed/framed.h"
#include "codecs/wire.h"

namespace koine::codecs::calls::thrift {
namespace {

namespace framed = transports::framed;
namespace theader = transports::theader;
namespace unframed = transports::unframed;
using base::Reason;
using base::Status;

// How much is inflated before what it holds is looked at.
constexpr std::size_t inflate_step_bytes = 64u << 10;

unframed::Encoding encoding_of(Dialect dialect) {
  switch (dialect) {
    case Dialect::binary: return unframed::Encoding::binary;
    case Dialect::binary_lax: return unframed::Encoding::binary_lax;
    case Dialect::compact: return unframed::Encoding::compact;
    case Dialect::json: break;
  }
  return unframed::Encoding::json;
}

std::size_t refused_front_bytes(const base::Limits& limits) {
  return framed::header_bytes + header_bytes_max(2 * limits.method_name_bytes_max + 1);
}

// JSON messages may be set apart by white space.
void drop_space(base::Buffer& in) {
  std::size_t count = 0;
  const base::Bytes front = in.front();
  while (count < front.size() &&
         (front[count] == ' ' || front[count] == '\n' || front[count] == '\r' || front[count] == '\t')) {
    ++count;
  }
  in.consume(count);
}

}  // namespace

MessageReader::MessageReader(const base::Limits& limits, base::SlabPool* pool, base::LimitHits* hits,
                             bool lax)
    : limits_(limits),
      pool_(pool),
      hits_(hits),
      lax_(lax),
      front_bytes_(refused_front_bytes(limits)),
      plain_(pool),
      walker_(limits.message_bytes_max, limits.nesting_max) {}

MessageReader::MessageReader(const base::Limits& limits, base::SlabPool* pool, base::LimitHits* hits,
                             ThriftTransport transport, Dialect dialect, bool zlib_stream)
    : limits_(limits),
      pool_(pool),
      hits_(hits),
      provider_(true),
      expected_(transport),
      plain_(pool),
      mode_(transport == ThriftTransport::unframed ? Mode::unframed : Mode::framed),
      dialect_(dialect),
      walker_(limits.message_bytes_max, limits.nesting_max) {
  if (zlib_stream) inflater_ = std::make_unique<transports::zlib::Inflater>(limits, hits);
}

MessageReader::~MessageReader() = default;

MessageReader::State MessageReader::fail(Status why) {
  error_ = std::move(why);
  return State::failed;
}

MessageReader::State MessageReader::too_large(std::size_t length) {
  const std::string what = length == 0 ? "message" : "frame of " + std::to_string(length) + " bytes";
  error_ = Status(Reason::limit_message, what + " is longer than message_bytes_max, " +
                                             std::to_string(limits_.message_bytes_max) + ", allows");
  return State::too_large;
}

void Incoming::reset() {
  envelope = {};
  message.clear();
  header = {};
  infos.clear();
  persistent.clear();
  protocol_id = 0;
  refusal = Refusal::none;
  why.clear();
}

MessageReader::State MessageReader::next(base::Buffer& in, Incoming& out) {
  if (in.empty() && inflater_ == nullptr) return State::need_more;  // as after every message that came alone
  out.reset();
  if (inflater_ == nullptr) {
    if (mode_ == Mode::unknown) {
      const State opened = open(in);
      if (opened != State::message) return opened;
    }
    if (inflater_ == nullptr) return next_plain(in, out);
  }
  while (true) {
    const State state = next_plain(plain_, out);
    if (state == State::message) inflater_->begin_message();
    // Whoever refuses a message that is too large wants to see its front.
    const bool more =
        state == State::need_more || (state == State::too_large && plain_.size() < front_bytes_);
    if (!more) return state;
    if (stream_error_.ok() && (!in.empty() || inflater_->pending())) {
      // What came out before the damage is read first: how much that is does not depend on how bytes arrive.
      stream_error_ = inflater_->inflate(in, plain_, inflate_step_bytes);
      continue;
    }
    return state == State::need_more && !stream_error_.ok() ? fail(stream_error_) : state;
  }
}

// Sets what the first bytes say: State::message when they do.
MessageReader::State MessageReader::open(base::Buffer& in) {
  std::array<std::uint8_t, opening_bytes_max> bytes{};
  const Opened opened = classify({bytes.data(), in.copy_to(bytes)}, lax_, inflater_ != nullptr, limits_);
  switch (opened.opening) {
    case Opening::need_more: return State::need_more;
    case Opening::foreign:
      return fail(Status(Reason::wire_malformed, inflater_ != nullptr
                                                     ? "what the zlib stream holds is no Thrift message"
                                                     : "not the beginning of a Thrift message"));
    case Opening::framed: mode_ = Mode::framed; break;
    case Opening::unframed:
      mode_ = Mode::unframed;
      dialect_ = opened.dialect;
      break;
    case Opening::zlib: inflater_ = std::make_unique<transports::zlib::Inflater>(limits_, hits_); break;
  }
  return State::message;
}

MessageReader::State MessageReader::next_plain(base::Buffer& in, Incoming& out) {
  if (mode_ == Mode::unknown) {
    const State opened = open(in);
    if (opened != State::message) return opened;
  }
  return mode_ == Mode::framed ? next_frame(in, out) : next_unframed(in, out);
}

MessageReader::State MessageReader::next_frame(base::Buffer& in, Incoming& out) {
  if (in.size() < framed::header_bytes) return State::need_more;
  std::array<std::uint8_t, framed::header_bytes + theader::prologue_bytes> copied;
  base::Bytes front = in.front();
  if (front.size() < copied.size()) front = base::Bytes(copied.data(), in.copy_to(copied));
  const std::size_t seen = std::min(front.size(), copied.size());
  // A frame of one byte has no mark: the next byte is another frame's.
  const bool marked = seen >= 6 && load_be32(front.data()) >= 2 && front[4] == theader::magic_first &&
                      front[5] == theader::magic_second;
  // A provider's frame is held to what it should be, so that how many bytes have come changes no limit.
  const bool header = provider_ ? expected_ == ThriftTransport::header : marked;
  // The limit is the message's; a THeader comes on top.
  const framed::FrameHead head =
      framed::peek(in, limits_.message_bytes_max + (header ? theader::header_bytes_max : 0));
  if (head.state == framed::FrameState::malformed) {
    return fail(Status(Reason::wire_malformed, "frame with a length that is zero or negative"));
  }
  if (head.state == framed::FrameState::too_large)
    return seen < 6 && !provider_ ? State::need_more : too_large(head.length);
  if (head.state == framed::FrameState::need_more) {
    // What no compression explains is not waited for: incompressible bytes grow by less than this.
    const std::size_t payload_max = limits_.message_bytes_max + limits_.message_bytes_max / 256 + 64;
    const bool known = header && marked && seen == copied.size();
    if (!known || head.length <= payload_max) return State::need_more;
    const std::size_t header_bytes = theader::header_bytes(front.subspan(framed::header_bytes));
    return head.length > payload_max + header_bytes ? too_large(head.length) : State::need_more;
  }
  if (provider_ && marked != header) {
    return fail(Status(Reason::wire_malformed, marked ? "a THeader where none is expected"
                                                      : "a frame without the THeader that is expected"));
  }
  base::Buffer frame = framed::take(in, head);
  ++messages_;
  if (header) return take_header_frame(std::move(frame), out);
  out.envelope.transport = ThriftTransport::framed;
  out.message = std::move(frame);
  return State::message;
}

MessageReader::State MessageReader::next_unframed(base::Buffer& in, Incoming& out) {
  if (walker_.length() == 0) {
    if (dialect_ == Dialect::json) drop_space(in);
    if (in.empty()) return State::need_more;
    // Every library's servers answer in strict form or in the older one, as they please.
    const bool older = provider_ && dialect_ == Dialect::binary && (in.front()[0] & 0x80) == 0;
    walker_.start(older ? unframed::Encoding::binary_lax : encoding_of(dialect_));
  }
  switch (walker_.walk(in)) {
    case unframed::State::need_more: return State::need_more;
    case unframed::State::complete: break;
    case unframed::State::too_large: return too_large(0);
    case unframed::State::too_deep:
      base::count_hit(hits_, base::Limit::nesting_max);
      return fail(Status(Reason::limit_depth, std::string(walker_.fault())));
    case unframed::State::malformed:
      return fail(Status(Reason::wire_malformed, std::string(walker_.fault())));
  }
  ++messages_;
  out.envelope.transport = ThriftTransport::unframed;
  out.message = in.take_front(walker_.length());
  walker_.start(encoding_of(dialect_));
  return State::message;
}

MessageReader::State MessageReader::take_header_frame(base::Buffer frame, Incoming& out) {
  out.envelope.transport = ThriftTransport::header;
  std::array<std::uint8_t, theader::prologue_bytes> prologue{};
  if (frame.copy_to(prologue) < prologue.size()) {
    return fail(Status(Reason::wire_malformed, "a frame ends inside its THeader"));
  }
  const std::size_t header_bytes = theader::header_bytes(prologue);
  out.envelope.out_of_order = (prologue[3] & theader::flag_out_of_order) != 0;
  out.envelope.seqid = static_cast<std::uint32_t>(prologue[4]) << 24 |
                       static_cast<std::uint32_t>(prologue[5]) << 16 |
                       static_cast<std::uint32_t>(prologue[6]) << 8 | prologue[7];
  if (header_bytes > frame.size()) {
    out.refusal = Incoming::Refusal::malformed;
    out.why = "the THeader says it is longer than its frame";
    return State::message;
  }
  out.header = frame.take_front(header_bytes).linearize();
  const theader::InfoLimits info_limits = {limits_.headers_count_max, limits_.headers_bytes_max};
  theader::Header header = theader::parse(out.header.bytes(), info_limits);
  out.protocol_id = header.protocol_id;
  if (!header.fault.empty()) {
    out.refusal = Incoming::Refusal::malformed;
    out.why = header.fault;
    return State::message;
  }
  undo_transforms(header, std::move(frame), out);
  out.infos = std::move(header.infos);
  out.persistent = std::move(header.persistent);
  if (out.refusal == Incoming::Refusal::none && header.protocol_id != theader::protocol_binary &&
      header.protocol_id != theader::protocol_compact) {
    out.refusal = Incoming::Refusal::protocol;
    out.why = "protocol id " + std::to_string(header.protocol_id) +
              " in a THeader, which carries binary (0) and compact (2) here";
  }
  if (out.refusal == Incoming::Refusal::none && header.infos_too_large) {
    base::count_hit(hits_,
                    header.infos_too_many ? base::Limit::headers_count_max : base::Limit::headers_bytes_max);
    out.refusal = Incoming::Refusal::infos;
    out.why = "the headers are more than headers_count_max (" + std::to_string(limits_.headers_count_max) +
              ") or headers_bytes_max (" + std::to_string(limits_.headers_bytes_max) + ") allow";
  }
  return State::message;
}

// From the last to the first that is listed, as Go's and Facebook's libraries do.
void MessageReader::undo_transforms(const theader::Header& header, base::Buffer payload, Incoming& out) {
  for (std::size_t i = header.transforms.size(); i-- > 0;) {
    if (header.transforms[i] != theader::transform_zlib) {
      out.refusal = Incoming::Refusal::transform;
      out.why = "transform " + std::to_string(header.transforms[i]) + " of a THeader; only zlib (1) is known";
      return;
    }
    out.envelope.zlib = true;
    base::Buffer plain(pool_);
    const Status status = transports::zlib::inflate_whole(std::move(payload), limits_, plain, hits_);
    if (!status.ok()) {
      out.refusal = status.reason() == Reason::limit_message ? Incoming::Refusal::too_large
                                                             : Incoming::Refusal::compressed;
      out.why = status.message();
      return;
    }
    payload = std::move(plain);
  }
  if (payload.size() > limits_.message_bytes_max) {
    base::count_hit(hits_, base::Limit::message_bytes_max);
    out.refusal = Incoming::Refusal::too_large;
    out.why = "message of " + std::to_string(payload.size()) + " bytes is longer than message_bytes_max, " +
              std::to_string(limits_.message_bytes_max) + ", allows";
    return;
  }
  out.message = std::move(payload);
}

base::Slice MessageReader::peek_front(const base::Buffer& in, std::size_t bytes, std::size_t& claimed) const {
  base::Buffer front = inflater_ != nullptr ? plain_ : in;
  claimed = 0;
  if (mode_ == Mode::framed) {
    claimed = framed::peek(front, limits_.message_bytes_max).length;
    front.consume(framed::header_bytes);
  }
  return front.take_front(bytes).linearize();
}

bool MessageReader::unfinished(const base::Buffer& in) const {
  if (inflater_ == nullptr) return !in.empty();
  return !plain_.empty() || mode_ == Mode::unknown;
}

void MessageReader::release_memory() {
  if (plain_.empty()) plain_ = base::Buffer(pool_);
  if (walker_.length() == 0) walker_.release_memory();
}

}  // namespace koine::codecs::calls::thrift
