// The executors from Thrift compact to Thrift binary.
#include "transcode/executors.h"
#include "transcode/shape_thrift.h"
#include "transcode/shape_thrift_indexed.h"
#include "transcode/source_thrift.h"
#include "transcode/target_thrift.h"

namespace koine::transcode {

constinit const Executors compact_to_binary =
    make_executors<ThriftCompactSource, ThriftBinaryTarget, ThriftShape, ThriftIndexedShape>(
        model::BodyFormat::thrift_compact, model::BodyFormat::thrift_binary);

}  // namespace koine::transcode
