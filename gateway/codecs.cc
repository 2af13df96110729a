// The list of call codecs.
#include "gateway/codecs.h"

#include "codecs/calls/dubbo/dubbo_codec.h"
#include "codecs/calls/grpc/grpc_codec.h"
#include "codecs/calls/thrift/thrift_codec.h"
#include "codecs/calls/triple/triple_codec.h"

namespace koine::gateway {

std::shared_ptr<const Codecs> make_codecs() {
  auto all = std::make_shared<Codecs>();
  all->set(router::Protocol::thrift, std::make_unique<codecs::calls::thrift::ThriftCodec>());
  all->set(router::Protocol::grpc, std::make_unique<codecs::calls::grpc::GrpcCodec>());
  all->set(router::Protocol::dubbo, std::make_unique<codecs::calls::dubbo::DubboCodec>());
  all->set(router::Protocol::triple, std::make_unique<codecs::calls::triple::TripleCodec>());
  return all;
}

}  // namespace koine::gateway
