// The opponents with Thrift's code as its compiler makes it by default.
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>

#include "generated.h"
#include "order_thrift/order_thrift_types.h"
#include "shapes_thrift/shapes_thrift_types.h"

namespace koine::bench {

using apache::thrift::protocol::TBinaryProtocol;
using apache::thrift::protocol::TCompactProtocol;

std::unique_ptr<Contender> make_generated_standard(std::string_view type, Format from, Format to,
                                                   Objects objects) {
#define KOINE_MAKE(file, name)                                                                             \
  if (type == #name) {                                                                                     \
    return make_generated_of<file##_thrift::name, file::name, TCompactProtocol, TBinaryProtocol>(from, to, \
                                                                                                 objects); \
  }
  KOINE_BENCH_TYPES(KOINE_MAKE)
#undef KOINE_MAKE
  return nullptr;
}

std::unique_ptr<Contender> make_generated(std::string_view type, Format from, Format to, Thrift thrift,
                                          Objects objects) {
  return thrift == Thrift::standard ? make_generated_standard(type, from, to, objects)
                                    : make_generated_templates(type, from, to, objects);
}

}  // namespace koine::bench
