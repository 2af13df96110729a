// The executors from Thrift binary to Thrift binary.
#include "transcode/executors.h"
#include "transcode/shape_thrift.h"
#include "transcode/shape_thrift_indexed.h"
#include "transcode/source_thrift.h"
#include "transcode/target_thrift.h"

namespace koine::transcode {

constinit const Executors binary_to_binary =
    make_executors<ThriftBinarySource, ThriftBinaryTarget, ThriftShape, ThriftIndexedShape>(
        model::BodyFormat::thrift_binary, model::BodyFormat::thrift_binary);

}  // namespace koine::transcode
