// The list.
#include "model/protocol.h"

namespace koine::model {

const ProtocolInfo& info(Protocol protocol) {
  // In the order of Protocol.
  static constexpr std::array<ProtocolInfo, protocol_count> list = {{
      {"thrift",
       "thrift",
       {BodyFormat::thrift_binary, BodyFormat::thrift_compact, BodyFormat::thrift_json},
       false,
       false,
       false},
      {"grpc", "proto", {BodyFormat::protobuf, BodyFormat::json, BodyFormat::none}, true, true, false},
      {"dubbo", "java", {BodyFormat::hessian2, BodyFormat::none, BodyFormat::none}, true, true, true},
  }};
  return list[static_cast<std::size_t>(protocol)];
}

}  // namespace koine::model
