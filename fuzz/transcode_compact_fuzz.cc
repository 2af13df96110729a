// Bodies in Thrift's compact protocol become any other form: fuzz/crossing.h has the input and what must
// hold.
#include "fuzz/crossing.h"

namespace koine::fuzz {
namespace {

Crossings& crossings() {
  static Crossings made;
  return made;
}
void prepare(base::Bytes input) { prepare_crossing(crossings(), model::BodyFormat::thrift_compact, input); }
void run(base::Bytes input) { cross_input(crossings(), model::BodyFormat::thrift_compact, input); }
void seeds(const AddSeed& add) {
  add_bodies(model::BodyFormat::thrift_compact, add);
  add_texts(model::BodyFormat::thrift_compact, add);
}

}  // namespace

extern const Target transcode_compact;
const Target transcode_compact = {
    .name = "transcode_compact", .run = &run, .seeds = &seeds, .prepare = &prepare};

}  // namespace koine::fuzz
