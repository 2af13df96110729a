// The executors from protobuf to Thrift compact.
#include "transcode/executors.h"
#include "transcode/shape_protobuf.h"
#include "transcode/shape_protobuf_indexed.h"
#include "transcode/source_protobuf.h"
#include "transcode/target_thrift.h"

namespace koine::transcode {

constinit const Executors protobuf_to_compact =
    make_executors<ProtobufSource, ThriftCompactTarget, ProtobufShape, ProtobufIndexedShape>(
        model::BodyFormat::protobuf, model::BodyFormat::thrift_compact);

}  // namespace koine::transcode
