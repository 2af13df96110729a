// The executors from Thrift compact to protobuf.
#include "transcode/executors.h"
#include "transcode/shape_thrift.h"
#include "transcode/shape_thrift_indexed.h"
#include "transcode/source_thrift.h"
#include "transcode/target_protobuf.h"

namespace koine::transcode {

constinit const Executors compact_to_protobuf =
    make_executors<ThriftCompactSource, ProtobufTarget, ThriftShape, ThriftIndexedShape>(
        model::BodyFormat::thrift_compact, model::BodyFormat::protobuf);

}  // namespace koine::transcode
