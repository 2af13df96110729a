// The order in which a .thrift file's structs have to stand for languages that hold a struct's fields by
// value: the compiler's C++ wants a field's type complete before the struct that has it. What holds itself,
// directly or through others, can only be held by reference (`Node & next`, which other languages read as
// `Node next`). Used by the writer; one thread.
#pragma once

#include <set>
#include <vector>

#include "idl/schema.h"

namespace koine::idl::thrift {

struct HoldingOrder {
  std::vector<const StructType*> structs;  // the file's, otherwise as they stand there
  std::set<const Field*> by_reference;     // fields on a circle of structs that hold each other
};

HoldingOrder holding_order(const File& file);

}  // namespace koine::idl::thrift
