// proto -> Thrift. Internal to this module; the rules are at the head of to_thrift.cc.
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "idl/derive/lock.h"
#include "idl/diagnostics.h"
#include "idl/schema.h"

namespace koine::idl::derive {

base::Result<std::unique_ptr<Schema>> to_thrift(const Schema& source, std::vector<Diagnostic>* diagnostics,
                                                Lock* lock);
// By way of the .proto that Java becomes; what is derived knows Java as what it was derived from.
base::Result<std::unique_ptr<Schema>> java_to_thrift(const Schema& source,
                                                     std::vector<Diagnostic>* diagnostics, Lock* lock);

}  // namespace koine::idl::derive
