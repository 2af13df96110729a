// What every session target checks: bytes mean the same however they are cut, every call ends once, a session
// stops when it failed. The probes are the conformance kit's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codecs/call_codec.h"
#include "codecs/conformance/call_kit.h"
#include "codecs/conformance/probes.h"
#include "fuzz/target.h"

namespace koine::fuzz {

// Feeds `stream` to two server sessions, whole and cut by `cut`; both must tell the same calls (a multiplexed
// codec's: where neither connection breaks, see CodecUnderTest::writes_while_reading).
void serve(const codecs::CallCodec& codec, const codecs::ServerOptions& options, std::string_view stream,
           std::uint8_t cut);

// The same for the client half, with these calls started before.
struct Started {
  std::vector<codecs::conformance::StartedCall> calls;
  std::size_t cancelled = 0;  // the call (from 1) that is cancelled before the first byte; 0 = none
  model::BodyFormat format = model::BodyFormat::none;
};
void receive(const codecs::CallCodec& codec, const codecs::ClientOptions& options, const Started& started,
             std::string_view stream, std::uint8_t cut);

// HTTP/2 frames out of bytes that a fuzzer can hit: u8 type, u8 flags, u8 stream id, u8 length, payload; the
// length is that of what is there. A type beyond the known ones ends the frames: the rest goes out as it is.
std::string http2_frames(Input& input);
// The reverse, for seeds; what is no whole frame is left out.
std::string from_http2_frames(std::string_view stream);

// Every sixth of what is added, another sixth for each `number`: many ways to drive many streams.
AddSeed one_in_six(const AddSeed& add, int number);
// Every vector of the kit as a seed: `prefix` (what chooses) and the vector's bytes.
void add_callers(const codecs::conformance::CodecUnderTest& codec, const std::string& prefix,
                 const AddSeed& add);
void add_providers(const codecs::conformance::CodecUnderTest& codec, const std::string& prefix,
                   const AddSeed& add);

// Some orders of deeds for driven runs (fuzz/driven.h), each with its number in front.
std::vector<std::string> deeds_of_servers();
std::vector<std::string> deeds_of_clients();

}  // namespace koine::fuzz
