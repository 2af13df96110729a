// Thrift and protobuf -> Java. Internal to this module; the rules are at the head of to_java.cc.
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "idl/derive/lock.h"
#include "idl/diagnostics.h"
#include "idl/schema.h"

namespace koine::idl::derive {

base::Result<std::unique_ptr<Schema>> thrift_to_java(const Schema& source,
                                                     std::vector<Diagnostic>* diagnostics, Lock* lock);
// By way of the Thrift that protobuf becomes; what is derived knows protobuf as what it was derived from.
base::Result<std::unique_ptr<Schema>> proto_to_java(const Schema& source,
                                                    std::vector<Diagnostic>* diagnostics, Lock* lock);

}  // namespace koine::idl::derive
