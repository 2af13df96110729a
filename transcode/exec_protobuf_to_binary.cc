// The executors from protobuf to Thrift binary.
#include "transcode/executors.h"
#include "transcode/shape_protobuf.h"
#include "transcode/shape_protobuf_indexed.h"
#include "transcode/source_protobuf.h"
#include "transcode/target_thrift.h"

namespace koine::transcode {

constinit const Executors protobuf_to_binary =
    make_executors<ProtobufSource, ThriftBinaryTarget, ProtobufShape, ProtobufIndexedShape>(
        model::BodyFormat::protobuf, model::BodyFormat::thrift_binary);

}  // namespace koine::transcode
