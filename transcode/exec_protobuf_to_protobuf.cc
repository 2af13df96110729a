// The executors from protobuf to protobuf.
#include "transcode/executors.h"
#include "transcode/shape_protobuf.h"
#include "transcode/shape_protobuf_indexed.h"
#include "transcode/source_protobuf.h"
#include "transcode/target_protobuf.h"

namespace koine::transcode {

constinit const Executors protobuf_to_protobuf =
    make_executors<ProtobufSource, ProtobufTarget, ProtobufShape, ProtobufIndexedShape>(
        model::BodyFormat::protobuf, model::BodyFormat::protobuf);

}  // namespace koine::transcode
