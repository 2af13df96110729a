// Objects of Hessian2 and their class definitions.
#include <algorithm>

#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/bodies/thrift_binary/primitives.h"
#include "codecs/utf8.h"
#include "transcode/hessian_leaf.h"
#include "transcode/hessian_reader.h"

namespace koine::transcode {
namespace {

namespace binary = codecs::bodies::thrift_binary;
namespace hessian2 = codecs::bodies::hessian2;
using base::Reason;

// What a Throwable has beside what its class declares: where it was thrown, not what it says.
bool is_trace(std::string_view name) {
  return name == "stackTrace" || name == "suppressedExceptions" || name == "cause" ||
         name == "serialVersionUID" || name == "detailMessage";
}

// Stands for those in a Binding.
const HessianField trace;

bool is_object_lead(std::uint8_t lead) {
  return lead == hessian2::lead_object ||
         (lead >= hessian2::lead_object_short && lead < hessian2::lead_typed_list_short);
}

}  // namespace

bool HessianReader::read_struct(const HessianStruct& type) {
  const std::uint8_t lead = *at_;
  if (lead == hessian2::lead_map || lead == hessian2::lead_typed_map) return read_struct_from_map(type);
  if (!is_object_lead(lead)) return fail_kind("an object");
  if (!enter(at_)) return false;
  const std::size_t index = std::size_t{lead} - hessian2::lead_object_short;
  if (index < bindings_capacity_ && bindings_[index].to == &type) [[likely]] {
    // One more of a class that was looked up before, in the short form.
    walker_.meet(at_++);
    if (!read_fields(bindings_[index])) return false;
  } else {
    const hessian2::ObjectHead head = walker_.open_object(at_, end_);
    if (head.values == nullptr) return fail_wire();
    const Binding* const bound = bind(head, type);
    if (bound == nullptr) return false;
    at_ = head.values;
    if (!read_fields(*bound)) return false;
  }
  leave();
  return put8(binary::type_stop);
}

// What is a leaf in one of its usual forms is read here, out of registers.
bool HessianReader::read_fields(const Binding bound) {
  if (bound.order != nullptr && take_leaves(bound)) return true;
  const std::uint8_t* p = at_;
  std::uint8_t* out = out_.at();
  for (std::size_t i = 0; i < bound.names; ++i) {
    const HessianField* const field = bound.fields[i];
    if (field != nullptr && field->leaf != HessianLeaf::none) {
      out = out_.room(out, leaf_head_bytes + leaf_bytes_max);
      if (out == nullptr) return too_long();
      put_leaf_head(out, *field);
      std::uint8_t* behind = out + leaf_head_bytes;
      if (take_leaf(field->leaf, p, end_, behind)) {
        out = behind;
        continue;
      }
    }
    at_ = p;
    out_.advance(out);
    if (!read_any_field(bound, i)) return false;
    p = at_;
    out = out_.at();
  }
  at_ = p;
  out_.advance(out);
  return true;
}

// The fields of an object in the order of the schema, in which the plan behind this one expects them: first
// where each one is, then what it is. False: nothing was done.
bool HessianReader::take_leaves(const Binding& bound) {
  const std::uint8_t* places[ordered_max];
  const std::uint8_t* const end = end_;
  const std::uint8_t* p = at_;
  for (std::size_t i = 0; i < bound.names; ++i) {
    places[bound.order[i]] = p;
    p = behind_leaf(p, end);
    if (p == nullptr) return false;
  }
  std::uint8_t* out = out_.room(out_.at(), bound.names * (leaf_head_bytes + leaf_bytes_max));
  if (out == nullptr) return false;
  const HessianField* const fields = static_cast<const HessianStruct*>(bound.to)->fields.data();
  for (std::size_t i = 0; i < bound.names; ++i) {
    const HessianField& field = fields[i];
    put_leaf_head(out, field);
    out += leaf_head_bytes;
    if (!take_leaf(field.leaf, places[i], end, out)) return false;  // null, or what is refused
  }
  at_ = p;
  out_.advance(out);
  return true;
}

// Of all fields of a struct, each once; null: they need no other order, or it would not be known where each
// one is.
const std::uint8_t* HessianReader::order_of(const HessianStruct& type, const HessianField* const* fields,
                                            std::size_t count) {
  if (count != type.fields.size() || count > ordered_max) return nullptr;
  std::uint8_t* const order = context_.arena.make_array<std::uint8_t>(count);
  bool in_order = true;
  std::uint64_t met = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (fields[i] == nullptr || fields[i]->leaf == HessianLeaf::none) return nullptr;
    const auto place = static_cast<std::size_t>(fields[i] - type.fields.data());
    order[i] = static_cast<std::uint8_t>(place);
    in_order = in_order && place == i;
    met |= std::uint64_t{1} << place;
  }
  return in_order || met != (std::uint64_t{1} << count) - 1 ? nullptr : order;
}

bool HessianReader::read_any_field(const Binding& bound, std::size_t index) {
  const HessianField* const field = bound.fields[index];
  if (field == &trace) {
    ++context_.counters.dropped_fields[static_cast<std::size_t>(model::Drop::unknown)];
    return skip();
  }
  if (field != nullptr) return read_field(*field);
  return skip_unknown() || at_name(field_name(bound.field_names, index));
}

bool HessianReader::read_struct_from_map(const HessianStruct& type) {
  if (!enter(at_)) return false;
  const hessian2::MapHead head = walker_.open_typed_map(at_, end_);
  if (head.values == nullptr) return fail_wire();
  if (head.type != nullptr && !is_class(head.type, type.class_name)) {
    return fail(Reason::map_type, "a map of another type where an object of " + type.class_name + " belongs");
  }
  at_ = head.values;
  while (at_ != end_ && *at_ != hessian2::lead_end) {
    std::string_view name;
    if (!read_name(name)) return false;
    const HessianField* field = type.find(name);
    if (schema_.is_generic()) {
      bool is_it = false;
      if (field == nullptr && !is_class_entry(type, name, is_it)) return false;
      if (is_it) continue;
      // null leaves a field as it is.
      at_ = walker_.find_lead(at_, end_);
      if (at_ == nullptr) return fail_wire();
      if (field != nullptr && comes_null()) {
        ++at_;
        continue;
      }
    }
    if (field != nullptr) {
      if (!read_field(*field)) return false;
    } else if (!skip_unknown()) {
      return at_name(codecs::to_utf8(codecs::utf8_prefix(name, 64)));
    }
  }
  if (at_ == end_) return fail(Reason::wire_truncated, "the map is cut off");
  ++at_;
  leave();
  return put8(binary::type_stop);
}

bool HessianReader::read_enum(const HessianEnum& type) {
  const std::size_t index = std::size_t{*at_} - hessian2::lead_object_short;
  std::string_view value;
  if (index < bindings_capacity_ && bindings_[index].to == &type) {
    walker_.meet(at_++);
    if (!read_name(value)) return false;
  } else if (!open_enum(type, value)) {
    return false;
  }
  const std::int32_t* const number = type.number_of(value);
  if (number == nullptr) return fail(Reason::map_enum_unknown, "the enum has no value of this name");
  return put32(static_cast<std::uint32_t>(*number));
}

bool HessianReader::open_enum(const HessianEnum& type, std::string_view& value) {
  bool there = false;
  if (!is_object_lead(*at_)) return fail_kind("an object of " + type.class_name);
  const hessian2::ObjectHead head = walker_.open_object(at_, end_);
  if (head.values == nullptr) return fail_wire();
  const HessianBindings::Owner owner = {schema_.stamp(), type.class_index};
  const base::Bytes definition(head.class_name, head.bytes);
  if (context_.bindings.find(owner, definition) != nullptr) {
    binding(head.definition).to = &type;
    at_ = head.values;
    return read_name(value);
  }
  const bool good = read_values(head, type.class_name, [&](std::string_view name) {
    if (name != "name") return skip();
    there = true;
    return read_name(value);
  });
  if (!good) return false;
  if (!there) return fail(Reason::map_type, "an object of the enum's class without a name");
  // Its only field: where other values are, they have to be stepped over.
  const HessianField* const none = nullptr;
  if (head.names == 1) context_.bindings.keep(owner, definition, &none, 1);
  return true;
}

HessianReader::Binding& HessianReader::binding(std::size_t definition) {
  if (definition >= bindings_capacity_) {
    const std::size_t capacity = std::max<std::size_t>(definition + 1, 2 * bindings_capacity_ + 8);
    Binding* more = context_.arena.make_array<Binding>(capacity);
    std::copy_n(bindings_, bindings_capacity_, more);
    bindings_ = more;
    bindings_capacity_ = capacity;
  }
  return bindings_[definition];
}

// Null: an object of another class.
const HessianReader::Binding* HessianReader::bind(const hessian2::ObjectHead& head,
                                                  const HessianStruct& type) {
  Binding& found = binding(head.definition);
  if (found.to == &type) return &found;
  const HessianBindings::Owner owner = {schema_.stamp(), type.class_index};
  const base::Bytes definition(head.class_name, head.bytes);
  // (Another struct's fields may be being read from it, further out.)
  const HessianField** const fields = context_.arena.make_array<const HessianField*>(head.names);
  if (const auto* known = context_.bindings.find(owner, definition); known != nullptr) {
    std::copy_n(known, head.names, fields);
  } else {
    if (!is_class(head.class_name, type.class_name)) {
      fail_class(head, type.class_name);
      return nullptr;
    }
    const std::uint8_t* p = head.field_names;
    for (std::size_t i = 0; i < head.names; ++i) {
      std::string_view name;
      p = hessian2::read_text(p, end_, name_, name);
      if (p == nullptr) {
        fail_wire();
        return nullptr;
      }
      fields[i] = type.find(name);
      if (fields[i] == nullptr && type.is_exception && is_trace(name)) fields[i] = &trace;
    }
    context_.bindings.keep(owner, definition, fields, head.names);
  }
  found = {&type, fields, head.names, head.field_names, order_of(type, fields, head.names)};
  return &found;
}

}  // namespace koine::transcode
