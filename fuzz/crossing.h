// The schemas of fuzz/schemas and plans between all their forms, made when they are first asked for; and a
// plan whose two executors can be run apart. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/status.h"
#include "fuzz/target.h"
#include "idl/schema.h"
#include "transcode/plan.h"
#include "transcode/program.h"

namespace koine::fuzz {

// One struct in all languages.
struct Twin {
  const idl::StructType* thrift = nullptr;
  const idl::StructType* proto = nullptr;
  const idl::StructType* java = nullptr;  // null: what is derived of Thrift's has its very fields
};
struct TwinMethod {
  const idl::Method* thrift = nullptr;  // null: it has no form in Thrift (streams)
  const idl::Method* proto = nullptr;
};

class Schemas {
 public:
  // Reads KOINE_SOURCE_DIR/fuzz/schemas; a mistake there ends the process.
  Schemas();
  const std::vector<Twin>& twins() const { return twins_; }
  const std::vector<TwinMethod>& methods() const { return methods_; }

 private:
  void pair(const idl::Schema& source, const idl::Schema& derived);
  void pair_java(const idl::Schema& source, const idl::Schema& thrift, const idl::Schema& proto);

  std::vector<std::unique_ptr<idl::Schema>> schemas_;
  std::vector<Twin> twins_;
  std::vector<TwinMethod> methods_;
};
// Read once, never changed.
const Schemas& schemas();

// A plan of binary formats whose executors run one at a time.
class TwoWays {
 public:
  // Null where the plan is refused.
  static std::unique_ptr<TwoWays> make(const transcode::Side& source, const transcode::Side& target,
                                       const transcode::PlanOptions& options);
  struct Told {
    base::Reason reason = base::Reason::none;
    bool irregular = false;  // straight: gave up
    std::string bytes;
    std::uint64_t dropped = 0;
  };
  Told straight(base::Bytes in) { return run(program_.executors->straight, in); }
  Told indexed(base::Bytes in) { return run(program_.executors->indexed, in); }

 private:
  Told run(transcode::Execute execute, base::Bytes in);

  transcode::Program program_;
  transcode::Context context_;
};

// Everything that is known of a pair of forms of one struct.
struct Crossing {
  std::unique_ptr<const transcode::Plan> there;  // null: there is no plan
  std::unique_ptr<const transcode::Plan> back;
  std::unique_ptr<TwoWays> apart;  // null: a text format is at an end
  std::unique_ptr<TwoWays> same;   // from the target to itself; null: it is text
};
class Crossings {
 public:
  // `strict`: unknown fields and duplicates are refused.
  Crossing& find(std::size_t twin, model::BodyFormat from, model::BodyFormat to, bool strict);

 private:
  std::map<std::tuple<std::size_t, model::BodyFormat, model::BodyFormat, bool>, Crossing> made_;
};

// A body of that form: crosses it and checks that both executors agree, that what came out is a body, that it
// goes back, and that going there again gives the same bytes.
void cross(Crossings& crossings, std::size_t twin, model::BodyFormat from, model::BodyFormat to, bool strict,
           base::Bytes body);
// The target's whole input: u8 struct · u8 form it becomes, 128 strict · the body. The plans are made before.
void prepare_crossing(Crossings& crossings, model::BodyFormat from, base::Bytes bytes);
void cross_input(Crossings& crossings, model::BodyFormat from, base::Bytes bytes);
// Seeds for it: bodies in which every field is set, and variations of each.
void add_bodies(model::BodyFormat from, const AddSeed& add);
// And hand-written ones, good and bad.
void add_texts(model::BodyFormat from, const AddSeed& add);

}  // namespace koine::fuzz
