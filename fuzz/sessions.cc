// See sessions.h.
#include "fuzz/sessions.h"

#include <algorithm>

#include "codecs/conformance/probes.h"

namespace koine::fuzz {
namespace {

using codecs::conformance::ClientProbe;
using codecs::conformance::joined;
using codecs::conformance::ServerProbe;
using codecs::conformance::status_text;

// How much of a stream is cut finely: to cut all of a long one takes longer than everything else that is done
// with it.
constexpr std::size_t fine_bytes_max = 64;

// Pieces of up to about 120 bytes; with an even `cut` of one to five somewhere among them. Where, and how,
// is drawn from `cut`. Ends when `feed` says that no more is looked at.
template <class Feed>
void in_pieces(std::string_view stream, std::uint8_t cut, Feed feed) {
  std::uint32_t state = cut * 2654435761u + 1;
  const std::size_t places = stream.size() > fine_bytes_max ? stream.size() - fine_bytes_max + 1 : 1;
  const std::size_t fine = cut % 2 == 0 ? (state >> 8) % places : stream.size();
  for (std::size_t at = 0; at < stream.size();) {
    state = state * 1664525u + 1013904223u;
    const std::size_t most = at >= fine && at < fine + fine_bytes_max ? 5 : 121;
    std::size_t piece = 1 + (state >> 16) % most;
    if (at < fine) piece = std::min(piece, fine - at);
    if (!feed(stream.substr(at, piece))) return;
    at += piece;
  }
}

// What the cuts may change.
template <class Probe>
bool loose(const codecs::CallCodec& codec, const Probe& whole, const Probe& pieces) {
  return codec.traits().multiplexed && (whole.ending() || pieces.ending());
}

// A call that its caller broke off in the middle of a frame, by more bytes than its content-length said, was
// cancelled, and of its messages those have come that were whole before: with a frame in one piece, fewer.
bool is_cut_shorter(std::string_view whole, std::string_view pieces) {
  constexpr std::string_view end = " cancelled";
  if (!whole.ends_with(end) || !pieces.ends_with(end)) return false;
  whole.remove_suffix(end.size());
  return pieces.starts_with(whole);
}

bool same_calls(const codecs::CallCodec& codec, const ServerProbe& whole, const ServerProbe& pieces) {
  const auto matches = [&codec](const std::string& one, const std::string& other) {
    return one == other || (codec.traits().multiplexed && is_cut_shorter(one, other));
  };
  return whole.ending() == pieces.ending() && std::ranges::equal(whole.calls(), pieces.calls(), matches);
}

}  // namespace

void serve(const codecs::CallCodec& codec, const codecs::ServerOptions& options, std::string_view stream,
           std::uint8_t cut) {
  ServerProbe whole(codec, options, ServerProbe::Answer::echo);
  whole.feed_first(stream);
  whole.pump();
  ServerProbe pieces(codec, options, ServerProbe::Answer::echo);
  in_pieces(stream, cut, [&](std::string_view piece) {
    pieces.feed_first(piece);
    return pieces.status().ok();
  });
  pieces.pump();
  check(loose(codec, whole, pieces) || same_calls(codec, whole, pieces),
        "bytes mean the same however they are cut", [&] {
          return "whole:  " + joined(whole.calls()) + ", " + status_text(whole.status()) +
                 "\npieces: " + joined(pieces.calls()) + ", " + status_text(pieces.status());
        });
  for (ServerProbe* probe : {&whole, &pieces}) {
    probe->eof();
    check(probe->violation().empty(), "the order of events", [&] { return probe->violation(); });
    check(probe->status().ok() || probe->session().wants_close(), "a session that failed wants to close");
  }
}

void receive(const codecs::CallCodec& codec, const codecs::ClientOptions& options, const Started& started,
             std::string_view stream, std::uint8_t cut) {
  const auto begin = [&](ClientProbe& probe) {
    for (const auto& call : started.calls) {
      check(probe.start(call, started.format).ok(), "start() within capacity() works");
    }
    probe.pump();
    if (started.cancelled == 0) return;
    (void)probe.session().cancel(started.cancelled);
    probe.cancelled(started.cancelled);
  };
  ClientProbe whole(codec, options);
  begin(whole);
  whole.feed_first(stream);
  whole.pump();
  ClientProbe pieces(codec, options);
  begin(pieces);
  in_pieces(stream, cut, [&](std::string_view piece) {
    pieces.feed_first(piece);
    return pieces.status().ok();
  });
  pieces.pump();
  check(loose(codec, whole, pieces) ||
            (whole.replies() == pieces.replies() && whole.ending() == pieces.ending()),
        "bytes mean the same however they are cut", [&] {
          return "whole:  " + joined(whole.replies()) + ", " + status_text(whole.status()) +
                 "\npieces: " + joined(pieces.replies()) + ", " + status_text(pieces.status());
        });
  for (ClientProbe* probe : {&whole, &pieces}) {
    probe->closed();
    check(probe->violation().empty(), "the order of events", [&] { return probe->violation(); });
    check(probe->finished_calls() == probe->started_calls() - (started.cancelled != 0 ? 1 : 0),
          "every call ends with its connection");
  }
}

std::string http2_frames(Input& input) {
  std::string out;
  while (!input.empty()) {
    const std::uint8_t type = input.byte();
    if (type > 0x10) break;
    const std::uint8_t flags = input.byte();
    const std::uint8_t stream = input.byte();
    const base::Bytes payload = input.take(input.byte());
    const char head[9] = {0,
                          static_cast<char>(payload.size() >> 8),
                          static_cast<char>(payload.size()),
                          static_cast<char>(type),
                          static_cast<char>(flags),
                          0,
                          0,
                          0,
                          static_cast<char>(stream)};
    out.append(head, sizeof(head)).append(base::as_text(payload));
  }
  return out.append(base::as_text(input.rest()));
}

std::string from_http2_frames(std::string_view stream) {
  std::string out;
  while (stream.size() >= 9) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(stream[at]); };
    const std::size_t length = std::size_t{byte(0)} << 16 | std::size_t{byte(1)} << 8 | byte(2);
    if (length > 255 || stream.size() < 9 + length) break;
    out += stream[3];
    out += stream[4];
    out += stream[8];
    out += static_cast<char>(length);
    out += stream.substr(9, length);
    stream.remove_prefix(9 + length);
  }
  return out;
}

namespace {

std::string file_name(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == ' ' || c == '/' || c == ':'; }, '-');
  return name;
}

}  // namespace

AddSeed one_in_six(const AddSeed& add, int number) {
  return [&add, number, at = 0](const std::string& name, const std::string& bytes) mutable {
    if (++at % 6 == number % 6) add(name, bytes);
  };
}

void add_callers(const codecs::conformance::CodecUnderTest& codec, const std::string& prefix,
                 const AddSeed& add) {
  for (const auto& vector : codec.callers) add(file_name(vector.name), prefix + vector.bytes);
}
void add_providers(const codecs::conformance::CodecUnderTest& codec, const std::string& prefix,
                   const AddSeed& add) {
  for (const auto& vector : codec.providers) add(file_name(vector.name), prefix + vector.bytes);
}

std::vector<std::string> deeds_of_servers() {
  const auto counted = [](char piece, std::string deeds) {
    return static_cast<char>(deeds.size() + 1) + std::string(1, piece) + deeds;
  };
  std::vector<std::string> out;
  // All that comes, then each way to answer.
  for (const char answer :
       std::string_view("\x04\x05\x06\x15\x16\x26\x36\x46\x0c\x1c\x2c\x3c\x4c\x0f\xf4\xe4\xd4")) {
    out.push_back(counted('\0', std::string{answer, '\3', answer, '\3', '\2'}));
  }
  out.push_back(counted('\0', "\x07\x08\x03\x09\x03\x0a\x0b\x03\x0c\x03"));
  out.push_back(counted('\0', "\x0a\x08\x0b\x03\x1c\x03" + std::string(1, '\0') + "\x01"));
  out.push_back(counted('\0', std::string(1, '\0') + "\x03\x01\x03"));
  out.push_back(counted('\x09', std::string(16, '\x0a') + "\x0b\x03\x04\x0b\x03\x0c"));
  out.push_back(counted('\x15', "\x03\x03\x03\x09\x09\x03\x04\x0a\x03\x0b\x03\x0c\x01"));
  return out;
}

std::vector<std::string> deeds_of_clients() {
  const auto counted = [](char piece, std::string deeds) {
    return static_cast<char>(deeds.size() + 1) + std::string(1, piece) + deeds;
  };
  std::vector<std::string> out;
  for (const char piece : {'\0', '\x09', '\x40'}) {
    for (const char* deeds :
         {"\x03\x05\x05\x05\x05\x05\x03\x02", "\x08\x03\x29\x03\x2a\x03\x2c\x2d\x03",
          "\x07\x04\x03\x1e\x0e\x03\x01\x03", "\x08\xa9\x03\x2b\x03\x80\x03\x05",
          "\xf5\x03\x0c\x03\x0d\x03\x02\x01\x03", "\x18\x03\x28\x03\x2e\x3e\x03", "\xe5\xd5\x37\x23\x03"}) {
      out.push_back(counted(piece, deeds));
    }
  }
  return out;
}

}  // namespace koine::fuzz
