// Binary bytes of a schema to values of Hessian2, as hessian-lite writes them.
//
// An object's fields stand in the order of their class's definition, the schema's: one that is not there is
// null, or zero where it is a primitive. What a plan has written nearly always comes in that order; when it
// does not, the message is written once more, with a look for the fields of each struct first. Enum values,
// BigDecimal and the like are written out each time; nothing is referred to.
//
// The bytes come from a plan of ours; others are still read safely. Refused, with the path: enum numbers
// without a name (MAP_ENUM_UNKNOWN), texts that are no char, decimal, date or time (MAP_TYPE). No heap once
// the context is warm, but for BigInteger. Internal; one run on one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "codecs/bodies/triple_wrapper/wrapper.h"
#include "transcode/context.h"
#include "transcode/hessian_schema.h"
#include "transcode/plan.h"
#include "transcode/step_failure.h"
#include "transcode/step_sink.h"

namespace koine::transcode {

struct LocalDate;
struct LocalTime;

class HessianWriter : private StepFailure {
 public:
  HessianWriter(const HessianSchema& schema, base::Bytes in, Context& context, Output& output,
                const PlanOptions& options);
  // Arguments one behind the other, a result's field 0, or an object.
  base::Status run();
  // The same in a message of Triple's, each a stream of its own. `types`: of each, as Class.getName() has it.
  base::Status run_wrapped(const std::vector<std::string>& types);
  // The exception that is the result's field of that id, as an object.
  base::Status run_thrown(std::int32_t field, bool in_wrapper);

 private:
  // Runs `write`, and once more with care where it has to be.
  template <class Write>
  base::Status run_carefully(Write&& write);
  bool write_root();
  bool write_thrown(std::int32_t field);
  void start();
  void start_stream();
  // hessian_wrapped.cc
  bool write_wrapped_arguments();
  template <class Write>
  bool write_wrapped(Write&& write);
  bool put_field(codecs::bodies::triple_wrapper::Field field, std::string_view content);
  // Where each field of a struct has its value; behind it is at_.
  bool find_fields(const HessianStruct& type, const std::uint8_t** places);
  // Each of these writes what begins at at_, which moves behind it; false: refused, see StepFailure.
  bool write_value(const HessianType& type);
  bool write_struct(const HessianStruct& type);
  bool write_as_map(const HessianStruct& type);
  bool write_fields(const HessianStruct& type);  // in the order of the definition
  bool write_next_field(const HessianStruct& type, std::size_t& next);
  bool put_usual(const HessianType& type);
  std::size_t put_entries(const HessianType& type, std::size_t count);
  bool write_fields_found(const HessianStruct& type);
  bool write_field(const HessianField& field);
  bool write_absent(const HessianField& field);
  bool write_empty(const HessianType& type);
  bool write_list(const HessianType& type);
  bool write_map(const HessianType& type);
  bool write_text(const HessianType& type);
  bool write_octets();
  bool write_enum(const HessianEnum& type);
  bool write_uuid();
  bool write_real(bool narrow);
  // hessian_writer_known.cc
  bool write_known(const HessianType& type, std::string_view text);
  bool write_duration();
  bool write_big_integer(std::string_view text);
  bool write(const LocalDate& date);
  bool write(const LocalTime& time);

  // The front of an object: its class's definition where it is the first one of it.
  bool put_object(std::uint32_t index, std::string_view definition);
  bool put_object(Handle handle) {
    return put_object(static_cast<std::uint32_t>(schema_.index_of(handle)), definition(handle));
  }
  bool put_type(const HessianType& type);
  bool put8(std::uint8_t value);
  bool put_int(std::int32_t value);
  bool put_long(std::int64_t value);
  bool put_text(std::string_view text);

  bool take(std::size_t bytes, const std::uint8_t*& value);
  bool fail_wire() { return fail(base::Reason::wire_malformed, "these bytes are no struct of the schema"); }
  bool too_long() {
    return fail(base::Reason::limit_message, "the message is longer than message_bytes_max");
  }

  const HessianSchema& schema_;
  Context& context_;
  const base::Bytes in_;
  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  Output& output_;
  StepSink out_;
  const PlanOptions& options_;
  // By HessianStruct::class_index and the like: 1 + the number that the definition has in this stream; 0:
  // none yet.
  std::uint32_t* definitions_ = nullptr;
  std::uint32_t* types_ = nullptr;  // the same for HessianType::type_index
  std::uint32_t definition_count_ = 0;
  std::uint32_t type_count_ = 0;
  std::size_t depth_ = 0;
  bool careful_ = false;    // fields are looked for first
  bool irregular_ = false;  // they have to be
};

template <class Write>
base::Status HessianWriter::run_carefully(Write&& write) {
  start();
  bool good = write();
  if (irregular_) {
    careful_ = true;
    start();
    good = write();
  }
  if (good && !out_.finish()) good = too_long();
  return good ? base::Status() : failure();
}

}  // namespace koine::transcode
