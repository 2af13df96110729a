// Bodies in protobuf become any other form: fuzz/crossing.h has the input and what must hold.
#include "fuzz/crossing.h"

namespace koine::fuzz {
namespace {

Crossings& crossings() {
  static Crossings made;
  return made;
}
void prepare(base::Bytes input) { prepare_crossing(crossings(), model::BodyFormat::protobuf, input); }
void run(base::Bytes input) { cross_input(crossings(), model::BodyFormat::protobuf, input); }
void seeds(const AddSeed& add) {
  add_bodies(model::BodyFormat::protobuf, add);
  add_texts(model::BodyFormat::protobuf, add);
}

}  // namespace

extern const Target transcode_protobuf;
const Target transcode_protobuf = {
    .name = "transcode_protobuf", .run = &run, .seeds = &seeds, .prepare = &prepare};

}  // namespace koine::fuzz
