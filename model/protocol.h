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
enum class Protocol : std::uint8_t { thrift, grpc, dubbo };
inline constexpr std::size_t protocol_count = 3;

struct ProtocolInfo {
  std::string_view name;      // "thrift": the codec's, in configuration, metrics and CallHead::protocol
  std::string_view language;  // in which its services are written: "thrift", "proto", "java"
  // In which of these callers may write bodies; none ends the list. Providers write the first one, where
  // their dialect says nothing else.
  std::array<BodyFormat, 3> formats;
  // Does every call name its service in full? Else by any of its names, or not at all.
  bool names_services;
  // Has every connection room for metadata beside a call?
  bool carries_metadata;
  // Do callers end a call at their own deadline by themselves, and are not told? dubbo-go drops a connection
  // on which an answer comes after that.
  bool gives_up_alone;
};

const ProtocolInfo& info(Protocol protocol);
inline std::string_view to_string(Protocol protocol) { return info(protocol).name; }

}  // namespace koine::model
