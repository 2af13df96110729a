// The list.
#include "model/protocol.h"

namespace koine::model {

const ProtocolInfo& info(Protocol protocol) {
  // In the order of Protocol.
  static constexpr std::array<ProtocolInfo, protocol_count> list = {{
      {"thrift",
       "thrift",
       {BodyFormat::thrift_binary, BodyFormat::thrift_compact, BodyFormat::thrift_json},
       BodyFormat::none,
       false,
       false,
       false,
       Protocol::thrift},
      {"grpc",
       "proto",
       {BodyFormat::protobuf, BodyFormat::json, BodyFormat::none},
       BodyFormat::none,
       true,
       true,
       false,
       Protocol::grpc},
      {"dubbo",
       "java",
       {BodyFormat::hessian2, BodyFormat::none, BodyFormat::none},
       BodyFormat::hessian2,
       true,
       true,
       true,
       Protocol::dubbo},
      // Of Java interfaces. With a .proto it is gRPC with a few headers of its own, and its callers are
      // gRPC's.
      {"triple",
       "java",
       {BodyFormat::triple_wrapper, BodyFormat::none, BodyFormat::none},
       BodyFormat::triple_wrapper,
       true,
       true,
       true,
       Protocol::grpc},
  }};
  return list[static_cast<std::size_t>(protocol)];
}

Protocol protocol_named(std::string_view name, Protocol otherwise) {
  if (name == info(otherwise).name) return otherwise;
  for (std::size_t i = 0; i < protocol_count; ++i) {
    const auto one = static_cast<Protocol>(i);
    if (name == info(one).name) return one;
  }
  return otherwise;
}

}  // namespace koine::model
