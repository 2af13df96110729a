// The executors from Thrift binary to protobuf.
#include "transcode/executors.h"
#include "transcode/shape_thrift.h"
#include "transcode/shape_thrift_indexed.h"
#include "transcode/source_thrift.h"
#include "transcode/target_protobuf.h"

namespace koine::transcode {

constinit const Executors binary_to_protobuf =
    make_executors<ThriftBinarySource, ProtobufTarget, ThriftShape, ThriftIndexedShape>(
        model::BodyFormat::thrift_binary, model::BodyFormat::protobuf);

}  // namespace koine::transcode
