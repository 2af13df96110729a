// gRPC as a variant of itself.
#include "codecs/calls/grpc/variant.h"

#include "codecs/calls/grpc/status_mapping.h"

namespace koine::codecs::calls::grpc {

std::string_view Variant::protocol() const { return native_grpc; }

HeaderUse Variant::header_use(std::string_view name) const { return grpc::header_use(name); }

const Variant& plain_grpc() {
  static const Variant plain;
  return plain;
}

}  // namespace koine::codecs::calls::grpc
