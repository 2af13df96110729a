// The C++ gRPC peer of the interop matrix: a server of contract.proto and a client that calls every case and
// checks every answer, both with gRPC's own C++ library as Debian ships it.
#ifdef KOINE_DERIVED
#include "derived.h"
#include "derived_from_java.h"
#else
#include "own.h"
#endif

namespace {

void call(const peer::Target& target) {
  if (target.contract == "own") return grpc_peer::Suite<grpc_peer::Own>(target).run();
#ifdef KOINE_DERIVED
  if (target.contract == "java") return grpc_peer::Suite<grpc_peer::DerivedFromJava>(target).run();
  return grpc_peer::Suite<grpc_peer::Derived>(target).run();
#else
  throw std::runtime_error("built without the derived contract: build it with a koine binary");
#endif
}

}  // namespace

int main(int count, char** arguments) {
  std::signal(SIGTERM, [](int) { _exit(0); });
  return peer::main_of(count, arguments, grpc_peer::serve, call);
}
