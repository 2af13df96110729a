// Bodies in Thrift's binary protocol become any other form: fuzz/crossing.h has the input and what must hold.
#include "fuzz/crossing.h"

namespace koine::fuzz {
namespace {

Crossings& crossings() {
  static Crossings made;
  return made;
}
void prepare(base::Bytes input) { prepare_crossing(crossings(), model::BodyFormat::thrift_binary, input); }
void run(base::Bytes input) { cross_input(crossings(), model::BodyFormat::thrift_binary, input); }
void seeds(const AddSeed& add) {
  add_bodies(model::BodyFormat::thrift_binary, add);
  add_texts(model::BodyFormat::thrift_binary, add);
}

}  // namespace

extern const Target transcode_binary;
const Target transcode_binary = {
    .name = "transcode_binary", .run = &run, .seeds = &seeds, .prepare = &prepare};

}  // namespace koine::fuzz
