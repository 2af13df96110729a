// Values of a Hessian2 stream to the binary bytes of their schema.
//
// Found by name, in whatever order a class definition has them; a map stands for an object as well, as Java
// takes it. What is referred to is read again where it began: what is expected there may be of another type,
// and nothing has to be kept of it. Refused, with the path: an object of another class than the schema's
// (MAP_TYPE), null for a primitive, an element or a key (MAP_NULL), a value that refers to what it lies in
// (MAP_CYCLE), numbers out of range (MAP_RANGE), enum values without a number (MAP_ENUM_UNKNOWN), a text with
// half of a surrogate pair (MAP_UTF8), values of another kind (MAP_TYPE). Fields that the schema does not
// have are dropped and counted, or refused (MAP_UNKNOWN_FIELD).
//
// Bytes that are read again count: more of them than message_bytes_max are refused (LIMIT_MESSAGE). No heap
// once the context is warm, but for BigInteger. Internal; one run on one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/bodies/hessian2/walk.h"
#include "transcode/context.h"
#include "transcode/hessian_schema.h"
#include "transcode/plan.h"
#include "transcode/step_failure.h"
#include "transcode/step_sink.h"

namespace koine::transcode {

class HessianReader : private StepFailure {
 public:
  HessianReader(const HessianSchema& schema, base::Bytes in, Context& context, Output& output,
                const PlanOptions& options);
  // What stands for the schema's root: arguments one behind the other, what a result's field 0 is, or an
  // object.
  base::Status run();
  // The same where arguments and values stand in a message of Triple's, each a stream of its own.
  base::Status run_wrapped();
  // An exception that was thrown as the result's field of its class, whose id becomes `field`; 0: of none.
  base::Status run_thrown(std::int32_t& field);

 private:
  // A class definition of the stream, looked up for the struct that its objects are read as.
  struct Binding {
    const void* to = nullptr;                     // or an enum, which needs no more than that
    const HessianField* const* fields = nullptr;  // null: the schema does not have it
    std::size_t names = 0;                        // how many they are
    const std::uint8_t* field_names = nullptr;
    // Set: all of them are leaves of the schema, in another order than there, and these their places in it.
    const std::uint8_t* order = nullptr;
  };
  static constexpr std::size_t ordered_max = 32;

  void start_stream(base::Bytes stream);
  base::Status finish(bool good);
  // Each of these reads what begins at at_; false: refused, see StepFailure.
  bool read_root();
  bool read_to_end();  // read_root(), and nothing is behind it
  // hessian_wrapped.cc
  bool read_wrapped(base::Bytes message);
  bool read_value(const HessianType& type);  // not null
  bool read_plain(const HessianType& type);  // nor a reference
  bool read_referred(const HessianType& type);
  bool read_field(const HessianField& field);  // its header too; nothing where it is null
  bool read_struct(const HessianStruct& type);
  bool read_fields(Binding bound);
  bool take_leaves(const Binding& bound);
  const std::uint8_t* order_of(const HessianStruct& type, const HessianField* const* fields,
                               std::size_t count);
  bool read_any_field(const Binding& bound, std::size_t index);
  bool read_struct_from_map(const HessianStruct& type);
  bool read_list(const HessianType& type);
  bool take_usual(const HessianType& type);
  std::size_t take_entries(const HessianType& type);
  bool read_element(const HessianType& type, std::string_view null_text);
  bool read_map(const HessianType& type);
  bool read_integer(const HessianType& type);
  bool read_real(const HessianType& type);
  bool read_text(bool one_unit);
  bool read_octets();
  bool read_enum(const HessianEnum& type);
  bool open_enum(const HessianEnum& type, std::string_view& value);

  // hessian_reader_generic.cc: what a generic call has in place of a value of that type. Nothing was done
  // where `done` stays false.
  bool read_generic(const HessianType& type, bool& done);
  bool read_generic_number(const HessianType& type, std::string_view text);
  bool read_generic_time(const HessianType& type, std::string_view text);
  bool is_class_entry(const HessianStruct& type, std::string_view name, bool& is_it);

  // hessian_reader_known.cc
  bool read_known(const HessianType& type);
  bool read_uuid();
  bool read_decimal();
  bool read_big_integer();
  bool read_duration();
  bool read_local_date(char*& out);  // moves behind what it prints
  bool read_local_time(char*& out);
  bool read_local_date_time(char*& out);
  // An object of that class: `take` is given the name of each field, and reads its value or skips it.
  template <class Take>
  bool read_handle(std::string_view class_name, Take&& take);
  template <class Take>
  bool read_values(const codecs::bodies::hessian2::ObjectHead& head, std::string_view class_name,
                   Take&& take);
  bool read_handle_int(std::int32_t& value);

  bool skip();
  bool skip_unknown();
  std::string field_name(const std::uint8_t* names, std::size_t index);
  const Binding* bind(const codecs::bodies::hessian2::ObjectHead& head, const HessianStruct& type);
  Binding& binding(std::size_t definition);
  bool is_class(const std::uint8_t* name, std::string_view wanted);
  bool read_name(std::string_view& name);  // a text that is a name, at at_

  bool enter(const std::uint8_t* begin);
  void leave() noexcept { --depth_; }
  bool comes_null() const noexcept { return at_ != end_ && *at_ == 0x4e; }

  bool put8(std::uint8_t value);
  bool put_head(std::uint8_t type, std::int16_t id);
  bool put32(std::uint32_t value);
  bool put64(std::uint64_t value);
  bool put_text(std::string_view text);

  bool fail_kind(std::string_view wanted);
  bool fail_class(const codecs::bodies::hessian2::ObjectHead& head, std::string_view wanted);
  bool fail_wire();
  bool too_long() {
    return fail(base::Reason::limit_message, "the message is longer than message_bytes_max");
  }

  static constexpr std::size_t open_max = 256;  // nesting_max is no more

  const HessianSchema& schema_;
  Context& context_;
  codecs::bodies::hessian2::Walker& walker_;
  const base::Bytes in_;
  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  StepSink out_;
  const PlanOptions& options_;
  Binding* bindings_ = nullptr;
  std::size_t bindings_capacity_ = 0;
  // Where the lists, maps and objects begin that are being read, from the outermost.
  std::array<const std::uint8_t*, open_max> open_;
  std::size_t depth_ = 0;
  bool again_ = false;
  std::size_t read_again_ = 0;
  std::string name_;  // where a name is not ASCII of one piece
};

template <class Take>
bool HessianReader::read_handle(std::string_view class_name, Take&& take) {
  if (*at_ != 0x4f && (*at_ < 0x60 || *at_ > 0x6f))
    return fail_kind("an object of " + std::string(class_name));
  const codecs::bodies::hessian2::ObjectHead head = walker_.open_object(at_, end_);
  return head.values == nullptr ? fail_wire() : read_values(head, class_name, take);
}

template <class Take>
bool HessianReader::read_values(const codecs::bodies::hessian2::ObjectHead& head, std::string_view class_name,
                                Take&& take) {
  if (!is_class(head.class_name, class_name)) return fail_class(head, class_name);
  at_ = head.values;
  const std::uint8_t* names = head.field_names;
  for (std::size_t i = 0; i < head.names; ++i) {
    std::string_view name;
    names = codecs::bodies::hessian2::read_text(names, end_, name_, name);
    if (names == nullptr) return fail_wire();
    at_ = walker_.find_lead(at_, end_);
    if (at_ == nullptr) return fail_wire();
    if (!take(name)) return false;
  }
  return true;
}

}  // namespace koine::transcode
