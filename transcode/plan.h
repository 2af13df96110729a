// Plan: a pair of schemas compiled for one direction of a method, and run for every message.
//
//   compile(source, target, pairing)  once, when the configuration loads: every field, conversion and check
//   is
//                                     decided here; what has no faithful form is refused here, with its path
//   run(bytes in, context, output)    body bytes in, body bytes out: no message objects, no reflection, and
//                                     no heap allocation once context and output are warm
//
// A run is one forward pass (*straight*) over what real writers emit. When a message is legal but not
// writable in one pass (a singular protobuf field given twice, a repeated field in several places, a second
// member of a oneof) it is read again by the *indexed* executor, which finds every field first. Both give
// what the format's reference library would have read.
//
// A Plan is immutable and shared by threads; Context and Output belong to one thread each. The schemas and
// nothing else of what compile() was given must outlive the plan.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/result.h"
#include "base/status.h"
#include "idl/schema.h"
#include "model/call.h"
#include "transcode/context.h"
#include "transcode/output.h"
#include "transcode/pairing.h"

namespace koine::transcode {

class Allowances;
struct Program;
class FormatStep;

// One side of a plan: the format its bytes are in, and what they are.
struct Side {
  model::BodyFormat format = model::BodyFormat::none;
  const idl::StructType* root = nullptr;
  // Set: this side's value is the field of that id in `root` (a Thrift result's success is field 0, the only
  // argument of a direct method field 1), while the other side's root is that value itself. As a source, the
  // field must be there (MAP_REQUIRED).
  std::optional<std::int32_t> envelope;
  // Of Hessian2: values are those of generic calls (HessianStyle::generic).
  bool generic = false;
};

// What happens to fields that the source schema does not know (a newer peer's).
enum class NotInSchema : std::uint8_t { drop_and_count, reject };

struct PlanOptions {
  base::Limits limits;  // message_bytes_max, nesting_max and plan_fields_max are used
  NotInSchema not_in_schema = NotInSchema::drop_and_count;
  // Strict: a duplicate going into a set or map is MAP_DUPKEY instead of being dropped and counted, or left
  // for the receiver to drop.
  bool reject_duplicates = false;
  // Strict: a singular field that comes twice is MAP_DUPKEY, a second member of a protobuf oneof MAP_UNION.
  // Otherwise the last one counts, as for the format's own readers.
  bool reject_repeats = false;
  // Lenient: what may be lost, by field. Read while a plan is compiled, not afterwards; null: nothing.
  const Allowances* allowances = nullptr;
  // How `false` is written as element of a Thrift compact container. 0 is read right by every runtime but
  // Rust 0.17; the specification's 2 arrives as true in PHP.
  std::uint8_t compact_false_element = 0;
};

class Plan {
 public:
  // Errors: MAP_TYPE naming every field (by path) without a faithful form and why; LIMIT_MEMORY when the
  // schemas need more than limits.plan_fields_max fields; USAGE for formats nobody here can read or write.
  static base::Result<std::unique_ptr<const Plan>> compile(const Side& source, const Side& target,
                                                           const Pairing& pairing,
                                                           const PlanOptions& options);
  ~Plan();
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  // Transcodes one message. On success `output` holds the target's bytes (what it held before is gone unless
  // it was taken); on failure it is empty. Errors: MAP_*, WIRE_MALFORMED, WIRE_TRUNCATED, LIMIT_DEPTH,
  // LIMIT_MESSAGE (input or output too long), with the path of the value (order.items[2].sku) and never the
  // value. `in` may be overwritten by nobody during the call and is not referred to after it.
  base::Status run(base::Bytes in, Context& context, Output& output) const;
  // The same for a message in a slab: the target's bytes are put behind `out`, and of a long message a text
  // or binary that is a good part of it is not copied but stays where it is, as a reference to `in`. `out` is
  // as it was when it fails.
  base::Status run(const base::Slice& in, Context& context, base::Buffer& out) const;

  // How many fields were compiled, recursive types counted once.
  std::size_t field_count() const;
  model::BodyFormat source_format() const;
  model::BodyFormat target_format() const;

 private:
  explicit Plan(std::unique_ptr<const Program> program);
  // With a step at an end, or both.
  [[gnu::noinline]] base::Status run_steps(base::Bytes in, Context& context, Output& output) const;
  // The program itself; ends that take a step have the program's format here.
  base::Status run_program(base::Bytes in, Context& context, Output& output,
                           std::size_t gap_bytes_min = SIZE_MAX) const;

  std::unique_ptr<const Program> program_;
  model::BodyFormat source_format_ = model::BodyFormat::none;
  model::BodyFormat target_format_ = model::BodyFormat::none;
  std::unique_ptr<const FormatStep> source_step_;  // null: the source's format is the program's
  std::unique_ptr<const FormatStep> target_step_;
  std::unique_ptr<const PlanOptions> step_options_;  // null when neither end takes a step
};

}  // namespace koine::transcode
