// The protocol families that are spoken here: the one list of them, and what everybody else has to know of
// each. A codec for each is in gateway/codecs.cc; configuration has the same names (config.proto, Protocol).
//
// Plain data, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/call.h"

namespace koine::model {

// Of callers and of providers.
enum class Protocol : std::uint8_t { thrift, grpc, dubbo, triple };
inline constexpr std::size_t protocol_count = 4;

struct ProtocolInfo {
  std::string_view name;      // "thrift": the codec's, in configuration, metrics and CallHead::protocol
  std::string_view language;  // in which its services are written: "thrift", "proto", "java"
  // In which of these callers may write bodies; none ends the list. Providers write the first one, where
  // their dialect says nothing else.
  std::array<BodyFormat, 3> formats;
  // How bodies of a service without a schema are written; none: there is no such service, or its dialect
  // says.
  BodyFormat untyped_format;
  // Does every call name its service in full? Else by any of its names, or not at all.
  bool names_services;
  // Has every connection room for metadata beside a call?
  bool carries_metadata;
  // Do callers end a call at their own deadline by themselves, and are not told? dubbo-go drops a connection
  // on which an answer comes after that.
  bool gives_up_alone;
  // Whose wire it is spoken on: its own, or that of another whose calls come on the same connections. Its
  // sessions take the other's calls as well, and a call is whichever its service is.
  Protocol wire;
};

const ProtocolInfo& info(Protocol protocol);
inline std::string_view to_string(Protocol protocol) { return info(protocol).name; }
// The one of that name; `otherwise` when that is what it is called, or nothing is.
Protocol protocol_named(std::string_view name, Protocol otherwise);

}  // namespace koine::model
