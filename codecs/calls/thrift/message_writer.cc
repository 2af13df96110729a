// Wrapping messages.
#include "codecs/calls/thrift/message_writer.h"

#include <utility>

#include "base/result.h"
#include "codecs/transports/framed/framed.h"

namespace koine::codecs::calls::thrift {
namespace {

namespace theader = transports::theader;

// All that stands before a body is written in one piece.
void append_bare(base::Buffer& out, const Outgoing& what, base::Buffer&& body, bool framed) {
  const std::string_view end = message_end(what.dialect);
  const std::size_t begin = message_begin_bytes(what.dialect, what.type, what.name, what.seqid);
  const std::size_t frame = framed ? transports::framed::header_bytes : 0;
  std::uint8_t* at = out.prepare(frame + begin).data();
  if (framed) at = transports::framed::write_header(at, begin + body.size() + end.size());
  write_message_begin(at, what.dialect, what.type, what.name, what.seqid);
  out.commit(frame + begin);
  out.append(std::move(body));
  if (!end.empty()) out.append(end);
}

}  // namespace

std::size_t message_bytes(const Outgoing& what, std::size_t body_bytes) {
  return message_begin_bytes(what.dialect, what.type, what.name, what.seqid) + body_bytes +
         message_end(what.dialect).size();
}

base::Status append_message(base::Buffer& out, const Outgoing& what, base::Buffer&& body) {
  switch (what.envelope.transport) {
    case ThriftTransport::unframed: append_bare(out, what, std::move(body), false); return {};
    case ThriftTransport::framed: append_bare(out, what, std::move(body), true); return {};
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
  append_bare(payload, what, std::move(body), false);
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
  if (stream == nullptr && from.size() <= bytes_max) {
    to.append(std::move(from));
    return {};
  }
  base::Buffer part =
      from.size() <= bytes_max ? std::exchange(from, base::Buffer(from.pool())) : from.take_front(bytes_max);
  if (part.empty()) return {};
  if (stream != nullptr) return stream->deflate(std::move(part), to);
  to.append(std::move(part));
  return {};
}

}  // namespace koine::codecs::calls::thrift
