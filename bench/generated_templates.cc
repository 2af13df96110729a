// The opponents with Thrift's code made by `cpp:templates`: the protocol's calls are not virtual.
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>

#include "generated.h"
#include "order_templates/order_templates_types.h"
#include "order_templates/order_templates_types.tcc"
#include "shapes_templates/shapes_templates_types.h"
#include "shapes_templates/shapes_templates_types.tcc"

namespace koine::bench {

using apache::thrift::transport::TMemoryBuffer;
using Compact = apache::thrift::protocol::TCompactProtocolT<TMemoryBuffer>;
using Binary = apache::thrift::protocol::TBinaryProtocolT<TMemoryBuffer>;

std::unique_ptr<Contender> make_generated_templates(std::string_view type, Format from, Format to,
                                                    Objects objects) {
#define KOINE_MAKE(file, name)                                                                        \
  if (type == #name) {                                                                                \
    return make_generated_of<file##_templates::name, file::name, Compact, Binary>(from, to, objects); \
  }
  KOINE_BENCH_TYPES(KOINE_MAKE)
#undef KOINE_MAKE
  return nullptr;
}

}  // namespace koine::bench
