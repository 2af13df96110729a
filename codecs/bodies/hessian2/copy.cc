// Runs of bytes that are the same in both streams, and what comes between them.
#include "codecs/bodies/hessian2/copy.h"

#include <utility>

#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"

namespace koine::codecs::bodies::hessian2 {
namespace {

bool is_object_lead(std::uint8_t lead) {
  return lead == lead_object || (lead >= lead_object_short && lead < lead_typed_list_short);
}

}  // namespace

void Copier::start(std::size_t nesting_max, std::size_t target_bytes_max) noexcept {
  nesting_max_ = nesting_max;
  room_ = target_bytes_max;
  fault_ = Fault::none;
  too_long_ = false;
  for (Numbers* const numbers : {&references_, &definitions_, &types_}) numbers->forget();
}

void Copier::start_source(base::Bytes stream) {
  at_ = stream.data();
  end_ = stream.data() + stream.size();
  walker_.start_keeping(stream.data(), nesting_max_);
  again_ = false;
  for (Numbers* const numbers : {&references_, &definitions_, &types_}) numbers->of.clear();
}

void Copier::start_target(std::string& out) noexcept {
  out_ = &out;
  for (Numbers* const numbers : {&references_, &definitions_, &types_}) numbers->before = numbers->handed_out;
}

bool Copier::copy() {
  unwritten_ = at_;
  const std::uint8_t* const behind = copy_value(at_, nesting_max_);
  if (behind == nullptr) return false;
  flush(behind, behind);
  at_ = behind;
  return !too_long_;
}

bool Copier::skip() {
  const std::uint8_t* const behind = walker_.skip(at_, end_);
  if (behind == nullptr) return stop(walker_.fault()) != nullptr;
  at_ = behind;
  return true;
}

std::size_t Copier::enter_list() {
  const std::uint8_t* const lead = walker_.find_lead(at_, end_);
  const ListHead head = lead == nullptr ? ListHead() : walker_.open_list(lead, end_);
  if (head.values == nullptr) return no_list;
  at_ = head.values;
  return head.is_open ? open_list : head.count;
}

const std::uint8_t* Copier::copy_value(const std::uint8_t* p, std::size_t levels) {
  if (p == end_) return stop(Fault::truncated);
  if (*p == lead_definition) {
    const std::uint8_t* const behind = walker_.find_lead(p, end_);
    if (behind == nullptr) return stop(walker_.fault());
    flush(p, behind);
    p = behind;
  }
  const std::uint8_t lead = *p;
  if (const std::size_t bytes = scalar_bytes(lead); bytes != 0) {
    return bytes <= static_cast<std::size_t>(end_ - p) ? p + bytes : stop(Fault::truncated);
  }
  if (is_text_lead(lead) || is_octets_lead(lead)) {
    const std::uint8_t* const next = is_text_lead(lead) ? skip_text(p, end_) : skip_octets(p, end_);
    return next == nullptr ? stop(Fault::malformed) : next;
  }
  if (lead == lead_reference) return copy_referred(p, levels);
  if (again_ && references_.knows(walker_.reference_at(p))) return refer_again(p);
  if (too_long_) return nullptr;
  if (levels == 0) return stop(Fault::too_deep);
  references_.add(again_ ? walker_.reference_at(p) : walker_.references());
  if (is_object_lead(lead)) return copy_object(p, levels - 1);
  return lead == lead_map || lead == lead_typed_map ? copy_map(p, levels - 1) : copy_list(p, levels - 1);
}

const std::uint8_t* Copier::copy_values(const std::uint8_t* p, std::size_t count, std::size_t levels) {
  for (; count != 0 && p != nullptr; --count) p = copy_value(p, levels);
  return p;
}

const std::uint8_t* Copier::copy_to_end(const std::uint8_t* p, std::size_t levels) {
  while (p != nullptr) {
    if (p == end_) return stop(Fault::truncated);
    if (*p == lead_end) return p + 1;
    p = copy_value(p, levels);
  }
  return nullptr;
}

const std::uint8_t* Copier::copy_referred(const std::uint8_t* p, std::size_t levels) {
  const Walker::Reference reference = walker_.read_reference(p, end_);
  if (reference.next == nullptr) return stop(walker_.fault());
  const std::size_t index = reference.index;
  if (references_.knows(index)) {
    if (references_[index] == index) return reference.next;
    flush(p, reference.next);
    put_reference(references_[index]);
    return reference.next;
  }
  const std::uint8_t* const place = walker_.place(index);
  flush(p, place);
  const bool was_again = std::exchange(again_, true);
  walker_.set_again(true);
  const std::uint8_t* const behind = copy_value(place, levels);
  if (behind == nullptr) return nullptr;
  flush(behind, reference.next);
  again_ = was_again;
  walker_.set_again(was_again);
  return reference.next;
}

const std::uint8_t* Copier::refer_again(const std::uint8_t* p) {
  const std::uint8_t* const behind = walker_.skip(p, end_);
  if (behind == nullptr) return stop(walker_.fault());
  flush(p, behind);
  put_reference(references_[walker_.reference_at(p)]);
  return behind;
}

const std::uint8_t* Copier::copy_object(const std::uint8_t* p, std::size_t levels) {
  const ObjectHead head = walker_.open_object(p, end_);
  if (head.values == nullptr) return stop(walker_.fault());
  if (!definitions_.knows(head.definition)) {
    flush(p, p);
    const std::uint8_t definition = lead_definition;
    put(&definition, 1);
    put(head.class_name, head.bytes);
    definitions_.add(head.definition);
  }
  if (const std::uint32_t number = definitions_[head.definition]; number != head.definition) {
    flush(p, head.values);
    const bool is_short = number < 16;
    const auto lead = static_cast<std::uint8_t>(is_short ? lead_object_short + number : +lead_object);
    put(&lead, 1);
    if (!is_short) put_int(number);
  }
  return copy_values(head.values, head.fields, levels);
}

const std::uint8_t* Copier::copy_list(const std::uint8_t* p, std::size_t levels) {
  const ListHead head = walker_.open_list(p, end_);
  if (head.values == nullptr) return stop(walker_.fault());
  if (head.type != nullptr) copy_type(p + 1, head.type, head.type_index);
  return head.is_open ? copy_to_end(head.values, levels) : copy_values(head.values, head.count, levels);
}

const std::uint8_t* Copier::copy_map(const std::uint8_t* p, std::size_t levels) {
  const MapHead head = walker_.open_typed_map(p, end_);
  if (head.values == nullptr) return stop(walker_.fault());
  if (head.type != nullptr) copy_type(p + 1, head.type, head.type_index);
  return copy_to_end(head.values, levels);
}

void Copier::copy_type(const std::uint8_t* p, const std::uint8_t* text, std::size_t index) {
  const bool is_text = is_text_lead(*p);
  const bool known = types_.knows(index);
  if (!known) types_.add(index);
  // A type that is written out gets the next number wherever it is read.
  if (is_text ? !known : known && types_[index] == index) return;
  flush(p, is_text ? skip_text(p, end_) : read_integer(p, end_).next);
  if (known) return put_int(types_[index]);
  put(text, static_cast<std::size_t>(skip_text(text, end_) - text));
}

void Copier::flush(const std::uint8_t* p, const std::uint8_t* next) {
  put(unwritten_, static_cast<std::size_t>(p - unwritten_));
  unwritten_ = next;
}

void Copier::put(const std::uint8_t* bytes, std::size_t size) {
  if (size > room_) {
    too_long_ = true;
    return;
  }
  room_ -= size;
  out_->append(reinterpret_cast<const char*>(bytes), size);
}

void Copier::put_int(std::size_t value) {
  std::uint8_t bytes[scalar_bytes_max];
  put(bytes, static_cast<std::size_t>(write_int(bytes, static_cast<std::int32_t>(value)) - bytes));
}

void Copier::put_reference(std::size_t number) {
  const std::uint8_t lead = lead_reference;
  put(&lead, 1);
  put_int(number);
}

}  // namespace koine::codecs::bodies::hessian2
