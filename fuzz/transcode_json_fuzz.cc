// Bodies in JSON become any other form: fuzz/crossing.h has the input and what must hold.
#include "fuzz/crossing.h"

namespace koine::fuzz {
namespace {

Crossings& crossings() {
  static Crossings made;
  return made;
}
void prepare(base::Bytes input) { prepare_crossing(crossings(), model::BodyFormat::json, input); }
void run(base::Bytes input) { cross_input(crossings(), model::BodyFormat::json, input); }
void seeds(const AddSeed& add) {
  add_bodies(model::BodyFormat::json, add);
  add_texts(model::BodyFormat::json, add);
}

}  // namespace

extern const Target transcode_json;
const Target transcode_json = {.name = "transcode_json", .run = &run, .seeds = &seeds, .prepare = &prepare};

}  // namespace koine::fuzz
