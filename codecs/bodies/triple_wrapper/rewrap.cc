// Streams joined, and taken apart.
#include "codecs/bodies/triple_wrapper/rewrap.h"

#include <utility>

#include "base/result.h"
#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/triple_wrapper/type_names.h"
#include "codecs/bodies/triple_wrapper/wrapper.h"

namespace koine::codecs::bodies::triple_wrapper {
namespace {

using base::Reason;
using base::Status;

constexpr std::uint8_t null_value[] = {hessian2::lead_null};
constexpr std::size_t kept_max = 1 << 16;

// Where a part of `whole` lies in it.
base::Slice part_of(const base::Slice& whole, base::Bytes part) {
  return whole.part(static_cast<std::size_t>(part.data() - whole.data()), part.size());
}

}  // namespace

Status Rewrapper::wrap_arguments(const base::Slice& stream, std::string_view signature,
                                 const base::Limits& limits, base::Buffer& out) {
  append_field(out, Field::serialization, java_serialization);
  use(limits);
  copier_.start_source(stream.bytes());
  for (std::size_t i = 0; !copier_.at_end(); ++i) {
    scratch_.clear();
    copier_.start_target(scratch_);
    if (!copier_.copy()) return why();
    if (i == 0 && copier_.at_end()) {
      append_field_head(out, Field::value, stream.size());
      out.append(stream);
    } else {
      append_field(out, Field::value, scratch_);
    }
  }
  for (const std::string& type : type_names(signature)) append_field(out, Field::type, type);
  return {};
}

Status Rewrapper::unwrap_arguments(const base::Slice& message, const base::Limits& limits,
                                   base::Buffer& out) {
  FieldReader fields(message.bytes());
  use(limits);
  copier_.start_target(scratch_);
  base::Bytes first;
  std::size_t count = 0;
  while (fields.next()) {
    if (fields.field() != Field::value) continue;
    if (++count == 1) first = fields.content();
    copier_.start_source(fields.content());
    if (!copier_.copy()) return why();
    if (!copier_.at_end())
      return Status(Reason::wire_malformed, "there are bytes behind the end of an argument");
  }
  KOINE_RETURN_IF_ERROR(fields.status());
  if (count == 1) {
    out.append(part_of(message, first));
  } else {
    out.append(scratch_);
  }
  return {};
}

void Rewrapper::wrap_value(base::Buffer&& stream, std::string_view type, base::Buffer& out) {
  append_field(out, Field::serialization, java_serialization);
  append_field_head(out, Field::value, stream.size());
  out.append(std::move(stream));
  append_field(out, Field::type, type);
}

Status Rewrapper::unwrap_value(const base::Slice& message, base::Buffer& out) {
  FieldReader fields(message.bytes());
  base::Bytes value;
  while (fields.next()) {
    if (fields.field() == Field::value) value = fields.content();
  }
  KOINE_RETURN_IF_ERROR(fields.status());
  if (value.empty()) {
    out.append(base::Bytes(null_value));
  } else {
    out.append(part_of(message, value));
  }
  return {};
}

void Rewrapper::use(const base::Limits& limits) {
  copier_.start(limits.nesting_max, limits.message_bytes_max);
  scratch_.clear();
  if (scratch_.capacity() > kept_max) scratch_.shrink_to_fit();
}

Status Rewrapper::why() const {
  if (copier_.is_too_long()) {
    return Status(Reason::limit_message, "what is referred to is longer than message_bytes_max");
  }
  switch (copier_.fault()) {
    case Fault::too_deep:
      return Status(Reason::limit_depth, "objects, lists and maps are nested deeper than nesting_max");
    case Fault::truncated: return Status(Reason::wire_truncated, "the arguments end inside a value");
    default: return Status(Reason::wire_malformed, "an argument is no value of Hessian2");
  }
}

}  // namespace koine::codecs::bodies::triple_wrapper
