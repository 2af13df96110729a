// Which pairs of formats can be transcoded.
#include "transcode/executors.h"

namespace koine::transcode {

const Executors* find_executors(model::BodyFormat source, model::BodyFormat target) {
  static constexpr const Executors* all[] = {
      &binary_to_binary,   &binary_to_compact,   &binary_to_protobuf,
      &compact_to_binary,  &compact_to_compact,  &compact_to_protobuf,
      &protobuf_to_binary, &protobuf_to_compact, &protobuf_to_protobuf,
  };
  for (const Executors* executors : all) {
    if (executors->source == source && executors->target == target) return executors;
  }
  return nullptr;
}

}  // namespace koine::transcode
