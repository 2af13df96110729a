// The C++ Thrift peer of the interop matrix: a server of contract.thrift and a client that calls every case
// and checks every answer, both with Apache's own C++ library as Debian ships it.
#include <csignal>

#ifdef KOINE_DERIVED
#include "derived.h"
#include "derived_from_java.h"
#else
#include "own.h"
#endif

namespace {

void call(const peer::Target& target) {
  if (target.contract == "own") return thrift_peer::Suite<thrift_peer::Own>(target).run();
#ifdef KOINE_DERIVED
  if (target.contract == "java") return thrift_peer::Suite<thrift_peer::DerivedFromJava>(target).run();
  return thrift_peer::Suite<thrift_peer::Derived>(target).run();
#else
  throw std::runtime_error("built without the derived contract: build it with a koine binary");
#endif
}

}  // namespace

int main(int count, char** arguments) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGTERM, [](int) { _exit(0); });  // TThreadedServer waits for its connections to close
  apache::thrift::GlobalOutput.setOutputFunction(
      [](const char*) {});  // callers come and go in mid-call on purpose
  return peer::main_of(count, arguments, thrift_peer::serve, call);
}
