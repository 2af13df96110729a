// The executors from Thrift binary to Thrift compact.
#include "transcode/executors.h"
#include "transcode/shape_thrift.h"
#include "transcode/shape_thrift_indexed.h"
#include "transcode/source_thrift.h"
#include "transcode/target_thrift.h"

namespace koine::transcode {

constinit const Executors binary_to_compact =
    make_executors<ThriftBinarySource, ThriftCompactTarget, ThriftShape, ThriftIndexedShape>(
        model::BodyFormat::thrift_binary, model::BodyFormat::thrift_compact);

}  // namespace koine::transcode
