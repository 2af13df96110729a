// Wrapping messages.
#include "codecs/calls/thrift/message_writer.h"

#include <utility>

#include "base/result.h"
#include "codecs/transports/framed/framed.h"

namespace koine::codecs::calls::thrift {
namespace {

namespace theader = transports::theader;

// Bodies up to this size are copied: a reference to a few bytes would hold a whole slab while they wait to
// leave.
constexpr std::size_t copied_bytes_max = 512;

void append_bare(base::Buffer& out, const Outgoing& what, base::Buffer&& body) {
  append_message_begin(out, what.dialect, what.type, what.name, what.seqid);
  if (body.size() <= copied_bytes_max) {
    for (const base::Slice& slice : body.slices()) out.append(slice.bytes());
  } else {
    out.append(std::move(body));
  }
  out.append(message_end(what.dialect));
}

}  // namespace

std::size_t message_bytes(const Outgoing& what, std::size_t body_bytes) {
  return message_begin_bytes(what.dialect, what.type, what.name, what.seqid) + body_bytes +
         message_end(what.dialect).size();
}

base::Status append_message(base::Buffer& out, const Outgoing& what, base::Buffer&& body) {
  switch (what.envelope.transport) {
    case ThriftTransport::unframed: append_bare(out, what, std::move(body)); return {};
    case ThriftTransport::framed:
      transports::framed::append_header(out, message_bytes(what, body.size()));
      append_bare(out, what, std::move(body));
      return {};
    case ThriftTransport::header: break;
  }
  theader::Outgoing head;
  head.flags = what.envelope.out_of_order ? theader::flag_out_of_order : std::uint16_t{0};
  head.seqid = what.envelope.seqid;
  head.protocol_id = what.dialect == Dialect::compact ? theader::protocol_compact : theader::protocol_binary;
  head.zlib = what.envelope.zlib;
  head.infos = what.infos;
  if (theader::head_bytes(head) == 0) {
    return base::Status(base::Reason::limit_headers, "the metadata does not fit a THeader (64 KiB)");
  }
  base::Buffer payload(out.pool());
  append_bare(payload, what, std::move(body));
  if (head.zlib) {
    base::Buffer packed(out.pool());
    KOINE_RETURN_IF_ERROR(transports::zlib::deflate_whole(std::move(payload), packed));
    payload = std::move(packed);
  }
  theader::append_frame(out, head, std::move(payload));
  return {};
}

base::Status move_out(base::Buffer& from, std::size_t bytes_max, base::Buffer& to,
                      transports::zlib::Deflater* stream) {
  base::Buffer part =
      from.size() <= bytes_max ? std::exchange(from, base::Buffer(from.pool())) : from.take_front(bytes_max);
  if (part.empty()) return {};
  if (stream != nullptr) return stream->deflate(std::move(part), to);
  to.append(std::move(part));
  return {};
}

}  // namespace koine::codecs::calls::thrift
