// google.rpc.Status and what it holds, for grpc-status-details-bin; the messages themselves are
// codecs/bodies/protobuf's.
#pragma once

#include <string_view>

#include "codecs/bodies/protobuf/rpc_status.h"

namespace koine::codecs::calls::grpc {

using bodies::protobuf::decode_error_info;
using bodies::protobuf::decode_rpc_status;
using bodies::protobuf::encode;
using bodies::protobuf::error_info_type_url;
using bodies::protobuf::RpcAny;
using bodies::protobuf::RpcErrorInfo;
using bodies::protobuf::RpcStatus;
using bodies::protobuf::status_details_max;

// ErrorInfo.domain of the gateway's own errors.
inline constexpr std::string_view error_domain = "koine";

}  // namespace koine::codecs::calls::grpc
