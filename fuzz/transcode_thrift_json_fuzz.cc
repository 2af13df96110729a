// Bodies in Thrift's JSON protocol become any other form: fuzz/crossing.h has the input and what must hold.
#include "fuzz/crossing.h"

namespace koine::fuzz {
namespace {

Crossings& crossings() {
  static Crossings made;
  return made;
}
void prepare(base::Bytes input) { prepare_crossing(crossings(), model::BodyFormat::thrift_json, input); }
void run(base::Bytes input) { cross_input(crossings(), model::BodyFormat::thrift_json, input); }
void seeds(const AddSeed& add) {
  add_bodies(model::BodyFormat::thrift_json, add);
  add_texts(model::BodyFormat::thrift_json, add);
}

}  // namespace

extern const Target transcode_thrift_json;
const Target transcode_thrift_json = {
    .name = "transcode_thrift_json", .run = &run, .seeds = &seeds, .prepare = &prepare};

}  // namespace koine::fuzz
