// Cluster: one configured service, that is who provides it and how it is reached.
//
// Plain data of a Snapshot: built once, then immutable and shared between threads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "model/call.h"
#include "model/protocol.h"
#include "router/address.h"

namespace koine::router {

using model::Protocol;
using model::protocol_count;
using model::to_string;

// What a Thrift provider expects.
struct ThriftDialect {
  enum class Transport : std::uint8_t { framed, unframed, header };
  Transport transport = Transport::framed;
  model::BodyFormat encoding = model::BodyFormat::thrift_binary;  // or thrift_compact, thrift_json
  bool zlib = false;  // framed, unframed: a zlib stream around the connection; header: its zlib transform
  std::string multiplexed_name;  // non-empty: TMultiplexedProtocol's service name
};

struct Endpoint {
  Address address;
};

// The numbers that policies go by, after defaults, service, method and route were merged.
struct PolicyNumbers {
  // The longest that a call may take; the caller's own deadline wins when it is shorter. never_ns = no limit.
  base::Nanoseconds timeout_ns = base::default_call_timeout_ns;
  bool operator==(const PolicyNumbers&) const = default;
};

struct Cluster {
  std::uint32_t id = 0;   // index in Snapshot::clusters
  std::string name;       // what routes, policies, metrics and logs call it
  std::string interface;  // the provider's own interface, full name in its own schema
  // Of a service with a schema whose name on the wire is a key, group/interface:version. (Without a schema
  // `interface` is the key.)
  std::string group;
  std::string version;
  Protocol protocol = Protocol::thrift;
  // Its service is in the language of the wire that the protocol is spoken on, and is as there (Triple's with
  // a .proto are gRPC's).
  bool as_on_wire = false;
  // Without a schema: every method of it is there, for callers who write as it does: those of its own
  // protocol, and of Dubbo's two those of both.
  bool untyped = false;
  ThriftDialect thrift;   // when protocol is thrift
  std::string authority;  // gRPC: HTTP/2's :authority; empty = the endpoint's address
  std::vector<Endpoint> endpoints;
  // To each endpoint, over all workers.
  std::uint32_t connections_max = 64;
  // Ordered protocols: calls in flight on one connection.
  std::uint32_t pipelined_max = 1;
  // A connection without calls is closed after this.
  base::Nanoseconds idle_close_ns = 30 * base::second_ns;
  base::Nanoseconds connect_timeout_ns = base::connect_timeout_ns;
  // Calls in flight to the whole service, over all workers; 0 = no limit.
  std::uint32_t concurrency_max = 1024;

  // What an interface of that name is called on the wire.
  std::string key(std::string_view full_name) const {
    std::string whole;
    if (!group.empty()) whole.append(group).append("/");
    whole.append(full_name);
    if (!version.empty()) whole.append(":").append(version);
    return whole;
  }

  // Whether metadata can travel to the provider and back.
  bool carries_metadata() const {
    return model::info(protocol).carries_metadata ||
           (protocol == Protocol::thrift && thrift.transport == ThriftDialect::Transport::header);
  }

  // Whose bodies and names of services the provider has.
  Protocol bodies() const { return as_on_wire ? model::info(protocol).wire : protocol; }

  // How the provider writes bodies.
  model::BodyFormat body_format() const {
    if (protocol == Protocol::thrift) return thrift.encoding;
    const model::ProtocolInfo& known = model::info(bodies());
    return untyped ? known.untyped_format : known.formats[0];
  }
};

}  // namespace koine::router
