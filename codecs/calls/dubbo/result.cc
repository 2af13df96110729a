// Answer bodies, read and begun.
#include "codecs/calls/dubbo/result.h"

#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/calls/dubbo/attachments.h"

namespace koine::codecs::calls::dubbo {
namespace {

namespace hessian2 = bodies::hessian2;
using base::Reason;
using base::Status;

Status failed(const hessian2::Walker& walker, std::string_view what) {
  if (walker.fault() == Fault::too_deep) {
    return Status(Reason::limit_depth, std::string(what) + " is nested deeper than nesting_max");
  }
  return Status(Reason::wire_malformed, std::string(what) + " cannot be read");
}

}  // namespace

Status read_result(base::Bytes body, hessian2::Walker& walker, const base::Limits& limits, Result& out) {
  const std::uint8_t* p = body.data();
  const std::uint8_t* const end = p + body.size();
  const hessian2::Number number = hessian2::read_integer(p, end);
  if (number.next == nullptr || number.value < 0 || number.value >= result_types) {
    return Status(Reason::wire_malformed, "the answer does not say what it is");
  }
  const bool has_attachments = number.value >= result_attachments_from;
  const std::int64_t type = number.value % result_attachments_from;
  p = number.next;
  walker.start(p);
  out.is_exception = type == result_exception;
  out.is_null = type == result_null;
  out.value_at = static_cast<std::size_t>(p - body.data());
  if (!out.is_null) {
    p = walker.skip(p, end);
    if (p == nullptr) return failed(walker, "the answer's value");
  }
  out.value_size = static_cast<std::size_t>(p - body.data()) - out.value_at;
  if (!has_attachments) return {};
  switch (read_reply_attachments(p, end, walker, limits, out.metadata)) {
    case AttachmentsRead::good: return {};
    case AttachmentsRead::too_many:
      return Status(Reason::limit_headers,
                    "more attachments than headers_count_max or headers_bytes_max allow");
    case AttachmentsRead::malformed:
    case AttachmentsRead::too_deep: break;
  }
  return failed(walker, "the answer's attachments");
}

void append_result_begin(std::string& out, bool is_exception, bool is_null, bool with_attachments) {
  std::uint8_t type = is_exception ? result_exception : is_null ? result_null : result_value;
  if (with_attachments) type = static_cast<std::uint8_t>(type + result_attachments_from);
  out.push_back(static_cast<char>(hessian2::lead_int_zero + type));
}

}  // namespace koine::codecs::calls::dubbo
