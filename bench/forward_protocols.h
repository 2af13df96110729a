// The protocols of bench/forward, by name.
#pragma once

#include "forward_dubbo.h"
#include "forward_thrift.h"

namespace forward {

inline Protocol protocol(std::string_view name) {
  if (name == "thrift") return thrift::protocol();
  if (name == "dubbo") return dubbo::protocol();
  std::fprintf(stderr, "there is no protocol %s\n", std::string(name).c_str());
  std::exit(2);
}

}  // namespace forward
