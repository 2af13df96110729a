// google.rpc.Status, google.rpc.ErrorInfo and google.protobuf.Any, read and written by hand
// (googleapis/googleapis: google/rpc/status.proto, error_details.proto). What travels in
// grpc-status-details-bin. Plain values, any thread.
//
//   Status    { int32 code = 1; string message = 2; repeated Any details = 3; }
//   Any       { string type_url = 1; bytes value = 2; }
//   ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }
//
// Reading takes what any protobuf reader takes: fields in any order, the last of a repeated scalar, unknown
// fields skipped. Strings are not checked for UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace koine::codecs::bodies::protobuf {

struct RpcAny {
  std::string type_url;
  std::string value;
};

struct RpcStatus {
  std::int32_t code = 0;
  std::string message;
  std::vector<RpcAny> details;
};

struct RpcErrorInfo {
  std::string reason;
  std::string domain;
  std::vector<std::pair<std::string, std::string>> metadata;
};

// What stands before a message's full name in Any.type_url (google/protobuf/any.proto).
inline constexpr std::string_view type_url_prefix = "type.googleapis.com/";
inline constexpr std::string_view error_info_type_url = "type.googleapis.com/google.rpc.ErrorInfo";
// Details that one status may hold.
inline constexpr std::size_t status_details_max = 64;

std::string encode(const RpcStatus& status);
std::string encode(const RpcErrorInfo& info);
// wire_malformed when the bytes are no such message.
base::Result<RpcStatus> decode_rpc_status(std::string_view bytes);
base::Result<RpcErrorInfo> decode_error_info(std::string_view bytes);

}  // namespace koine::codecs::bodies::protobuf
