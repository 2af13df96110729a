// Bodies in Hessian2 become any other form: fuzz/crossing.h has the input and what must hold.
#include "fuzz/crossing.h"

namespace koine::fuzz {
namespace {

Crossings& crossings() {
  static Crossings made;
  return made;
}
void prepare(base::Bytes input) { prepare_crossing(crossings(), model::BodyFormat::hessian2, input); }
void run(base::Bytes input) { cross_input(crossings(), model::BodyFormat::hessian2, input); }
void seeds(const AddSeed& add) {
  add_bodies(model::BodyFormat::hessian2, add);
  add_texts(model::BodyFormat::hessian2, add);
}

}  // namespace

extern const Target transcode_hessian2;
const Target transcode_hessian2 = {
    .name = "transcode_hessian2", .run = &run, .seeds = &seeds, .prepare = &prepare};

}  // namespace koine::fuzz
