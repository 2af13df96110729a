// Values of Hessian2, by their first byte.
#include "cli/hessian_json.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/log.h"
#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/bodies/json/base64.h"
#include "codecs/bodies/json/numbers.h"
#include "codecs/bodies/json/time_text.h"

namespace koine::cli {
namespace {

namespace hessian2 = codecs::bodies::hessian2;
namespace json = codecs::bodies::json;
using base::Reason;

// Of what references name, and of what is written for all that: references make much of a few bytes.
constexpr std::size_t room = 4u << 20;
constexpr std::size_t times_max = 16;

// Of a key that is no text: quotes in quotes grow with every level.
constexpr std::size_t key_max = 4096;

bool is_list_lead(std::uint8_t lead) {
  return (lead >= hessian2::lead_typed_list_open && lead <= hessian2::lead_list) ||
         (lead >= hessian2::lead_typed_list_short && lead < hessian2::lead_list_short + 8);
}

template <class Write>
void append_number(std::string& out, Write write) {
  std::array<std::uint8_t, 64> text;
  const std::uint8_t* end = write(text.data());
  out.append(base::as_text(std::span(text).first(static_cast<std::size_t>(end - text.data()))));
}

void append_date(std::string& out, std::int64_t milliseconds) {
  const std::int64_t part = (milliseconds % 1000 + 1000) % 1000;
  const json::SecondsNanos time{(milliseconds - part) / 1000, static_cast<std::int32_t>(part * 1'000'000)};
  if (!json::valid_timestamp(time)) {
    out.append(std::to_string(milliseconds));
    return;
  }
  out.append("\"");
  append_number(out, [time](std::uint8_t* to) { return json::write_timestamp(to, time); });
  out.append("\"");
}

}  // namespace

HessianJson::HessianJson(base::Bytes stream, std::size_t nesting_max)
    : begin_(stream.data()),
      at_(stream.data()),
      end_(stream.data() + stream.size()),
      size_max_(room + times_max * stream.size()),
      nesting_max_(nesting_max) {
  walker_.start_keeping(begin_, nesting_max);
}

base::Status HessianJson::append_next(std::string& out) {
  return append_value(out) ? base::Status() : failure_;
}

bool HessianJson::append_value(std::string& out) {
  at_ = walker_.find_lead(at_, end_);
  if (at_ == nullptr) return fail_wire();
  if (at_ == end_) return fail(Reason::wire_truncated, "the values end too early");
  if (out.size() > size_max_) return fail(Reason::limit_message, "the values are too long to be shown");
  const std::uint8_t lead = *at_;
  if (hessian2::scalar_bytes(lead) != 0) return append_scalar(out, lead);
  if (hessian2::is_text_lead(lead)) return append_text(out);
  if (hessian2::is_octets_lead(lead)) return append_octets(out);
  if (lead == hessian2::lead_reference) return append_reference(out);
  return append_held(out);
}

bool HessianJson::append_scalar(std::string& out, std::uint8_t lead) {
  const std::size_t size = hessian2::scalar_bytes(lead);
  if (size > static_cast<std::size_t>(end_ - at_)) {
    return fail(Reason::wire_truncated, "the values end inside a number");
  }
  if (lead == hessian2::lead_null) {
    out.append("null");
  } else if (lead == hessian2::lead_true || lead == hessian2::lead_false) {
    out.append(lead == hessian2::lead_true ? "true" : "false");
  } else if (const hessian2::Number number = hessian2::read_integer(at_, end_); number.next != nullptr) {
    out.append(std::to_string(number.value));
  } else if (const hessian2::Number date = hessian2::read_date(at_, end_); date.next != nullptr) {
    append_date(out, date.value);
  } else {
    const double value = hessian2::read_double(at_, end_).value;
    append_number(out, [value](std::uint8_t* to) { return json::write_f64(to, value); });
  }
  at_ += size;
  return true;
}

bool HessianJson::append_text(std::string& out) {
  const hessian2::Extent extent = hessian2::measure_text(at_, end_);
  if (extent.next == nullptr) return fail(Reason::wire_malformed, "a text cannot be read");
  std::string text(extent.bytes + hessian2::copy_slack_bytes, '\0');
  hessian2::copy_text(at_, end_, reinterpret_cast<std::uint8_t*>(text.data()));
  text.resize(extent.bytes);
  base::append_json_quoted(out, text);
  at_ = extent.next;
  return true;
}

bool HessianJson::append_octets(std::string& out) {
  const hessian2::Extent extent = hessian2::measure_octets(at_, end_);
  if (extent.next == nullptr) return fail(Reason::wire_malformed, "bytes cannot be read");
  std::vector<std::uint8_t> octets(extent.bytes + hessian2::copy_slack_bytes);
  hessian2::copy_octets(at_, end_, octets.data());
  const std::size_t before = out.size();
  out.resize(before + json::base64_bytes(extent.bytes) + 2, '"');
  json::write_base64(reinterpret_cast<std::uint8_t*>(out.data()) + before + 1,
                     base::Bytes(octets).first(extent.bytes));
  at_ = extent.next;
  return true;
}

bool HessianJson::append_reference(std::string& out) {
  const hessian2::Walker::Reference reference = walker_.read_reference(at_, end_);
  if (reference.next == nullptr) return fail_wire();
  const std::uint8_t* const place = walker_.place(reference.index);
  if (const auto open = std::find(open_.begin(), open_.end(), place); open != open_.end()) {
    out.append("{\"cycle\":").append(std::to_string(open_.end() - open)).append("}");
    at_ = reference.next;
    return true;
  }
  at_ = place;
  const bool was_again = std::exchange(again_, true);
  walker_.set_again(true);
  if (!append_value(out)) return false;
  read_again_ += static_cast<std::size_t>(at_ - place);
  if (read_again_ > size_max_) {
    return fail(Reason::limit_message, "references make the values too long to be shown");
  }
  at_ = reference.next;
  again_ = was_again;
  walker_.set_again(was_again);
  return true;
}

bool HessianJson::append_held(std::string& out) {
  if (open_.size() == nesting_max_) return fail(Reason::limit_depth, "the values are nested too deeply");
  open_.push_back(at_);
  const std::uint8_t lead = *at_;
  const bool is_map = lead == hessian2::lead_map || lead == hessian2::lead_typed_map;
  const bool good = is_map ? append_map(out) : is_list_lead(lead) ? append_list(out) : append_object(out);
  open_.pop_back();
  return good;
}

bool HessianJson::append_object(std::string& out) {
  const hessian2::ObjectHead head = walker_.open_object(at_, end_);
  if (head.values == nullptr) return fail_wire();
  at_ = head.values;
  out.append("{\"class\":");
  if (!append_name(out, head.class_name)) return false;
  const std::uint8_t* name = head.field_names;
  for (std::size_t i = 0; i < head.fields; ++i) {
    out.append(",");
    if (head.names == 0) {
      out.append("\"value\"");  // of the two classes of java.time that name none
    } else {
      if (!append_name(out, name)) return false;
      name = hessian2::skip_text(name, end_);
    }
    out.append(":");
    if (!append_value(out)) return false;
  }
  out.append("}");
  return true;
}

bool HessianJson::append_list(std::string& out) {
  const hessian2::ListHead head = walker_.open_list(at_, end_);
  if (head.values == nullptr) return fail_wire();
  at_ = head.values;
  out.append("[");
  for (std::size_t i = 0; head.is_open || i < head.count; ++i) {
    if (head.is_open && at_ != end_ && *at_ == hessian2::lead_end) {
      ++at_;
      break;
    }
    if (i != 0) out.append(",");
    if (!append_value(out)) return false;
  }
  out.append("]");
  return true;
}

bool HessianJson::append_map(std::string& out) {
  const hessian2::MapHead head = walker_.open_typed_map(at_, end_);
  if (head.values == nullptr) return fail_wire();
  at_ = head.values;
  out.append("{");
  if (head.type != nullptr) {
    out.append("\"class\":");
    if (!append_name(out, head.type)) return false;
  }
  while (at_ != end_ && *at_ != hessian2::lead_end) {
    if (out.back() != '{') out.append(",");
    if (!append_key(out)) return false;
    out.append(":");
    if (!append_value(out)) return false;
  }
  if (at_ == end_) return fail(Reason::wire_truncated, "the values end inside a map");
  ++at_;
  out.append("}");
  return true;
}

bool HessianJson::append_key(std::string& out) {
  std::string key;
  if (!append_value(key)) return false;
  if (key.starts_with('"')) {
    out.append(key);
    return true;
  }
  if (key.size() > key_max) return fail(Reason::limit_message, "the key of a map is too long to be shown");
  base::append_json_quoted(out, key);
  return true;
}

bool HessianJson::append_name(std::string& out, const std::uint8_t* text) {
  const std::uint8_t* const back = std::exchange(at_, text);
  const bool good = append_text(out);
  at_ = back;
  return good;
}

bool HessianJson::fail(Reason reason, const char* what) {
  failure_ = base::Status(reason, what);
  return false;
}

bool HessianJson::fail_wire() {
  switch (walker_.fault()) {
    case codecs::Fault::too_deep: return fail(Reason::limit_depth, "the values are nested too deeply");
    case codecs::Fault::truncated: return fail(Reason::wire_truncated, "the values end too early");
    default: return fail(Reason::wire_malformed, "a value cannot be read");
  }
}

}  // namespace koine::cli
