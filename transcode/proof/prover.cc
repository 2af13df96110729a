// See prover.h.
#include "transcode/proof/prover.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "transcode/proof/disguises.h"
#include "transcode/proof/json_shape.h"
#include "transcode/referees/protobuf_wire.h"

namespace koine::transcode::proof {
namespace {

using referees::print;

std::string text_of(const std::vector<base::Reason>& reasons) {
  std::string text;
  for (const base::Reason reason : reasons) {
    const std::string one(base::to_string(reason));
    if (text.find(one) == std::string::npos) text += (text.empty() ? "" : " or ") + one;
  }
  return text.empty() ? "a value" : text;
}

// As text formats and their referees tell doubles apart: one NaN; libprotobuf's JSON has one zero.
void loosen(Value& value, bool one_zero) {
  if (std::isnan(value.real)) value.real = std::numeric_limits<double>::quiet_NaN();
  if (one_zero && value.real == 0) value.real = 0;
  for (Value& item : value.items) loosen(item, one_zero);
  for (auto& [id, field] : value.fields) loosen(field, one_zero);
}

bool is_text(Format format) { return format == Format::thrift_json || format == Format::json; }

void drop_equal_structs(const idl::StructType& type, Value& value);
void drop_equal_structs(const idl::Type& type, Value& value) {
  if (type.kind == idl::Kind::structure) return drop_equal_structs(*type.structure, value);
  if (type.kind < idl::Kind::list) return;
  std::vector<Value> kept;
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    Value item = value.items[i];
    drop_equal_structs(type.kind == idl::Kind::map && i % 2 == 0 ? *type.key : *type.element, item);
    const bool of_structs = type.kind == idl::Kind::set && type.element->kind == idl::Kind::structure;
    if (of_structs && std::find(kept.begin(), kept.end(), item) != kept.end()) continue;
    kept.push_back(std::move(item));
  }
  value.items = std::move(kept);
}
void drop_equal_structs(const idl::StructType& type, Value& value) {
  for (auto& [id, field] : value.fields) drop_equal_structs(*type.find_field(id)->type, field);
}

// Does `holds` for any field, however deep?
template <class Holds>
bool any_field(const idl::Type& type, std::vector<const idl::StructType*>& seen, Holds holds);
template <class Holds>
bool any_field(const idl::StructType& type, std::vector<const idl::StructType*>& seen, Holds holds) {
  if (std::find(seen.begin(), seen.end(), &type) != seen.end()) return false;
  seen.push_back(&type);
  return std::any_of(type.fields.begin(), type.fields.end(), [&](const idl::Field& field) {
    return holds(field) || any_field(*field.type, seen, holds);
  });
}
template <class Holds>
bool any_field(const idl::Type& type, std::vector<const idl::StructType*>& seen, Holds holds) {
  return (type.structure != nullptr && any_field(*type.structure, seen, holds)) ||
         (type.key != nullptr && any_field(*type.key, seen, holds)) ||
         (type.element != nullptr && any_field(*type.element, seen, holds));
}

}  // namespace

namespace {

// Maps with keys that are structs or hold some.
bool has_deep_keys(const idl::Type& type) {
  if (type.kind == idl::Kind::map && type.key->kind >= idl::Kind::structure) return true;
  return (type.kind == idl::Kind::map && has_deep_keys(*type.key)) ||
         (type.kind >= idl::Kind::list && has_deep_keys(*type.element));
}

}  // namespace

Prover::Prover(SchemaPair& schemas, const Subject& subject, Totals& totals, Coverage& coverage)
    : schemas_(schemas), subject_(subject), totals_(totals), coverage_(coverage) {
  const OriginPairing pairing;
  for (const Format from : formats) {
    for (const Format to : formats) {
      auto plan = Plan::compile({body_format(from), &subject.in(view_of(from)), {}},
                                {body_format(to), &subject.in(view_of(to)), {}}, pairing, PlanOptions());
      if (plan) {
        plans_[index(from, to)] = std::move(*plan);
        continue;
      }
      // The documented X: maps with keys that are structs or containers.
      const bool no_form =
          plan.error().message().find("Thrift's JSON has no form for") != std::string_view::npos;
      if (!no_form) compile_error_ += plan.error().to_string() + "\n";
    }
  }
  std::vector<const idl::StructType*> seen;
  has_negative_ids_ = any_field(*subject.thrift, seen, [](const idl::Field& field) { return field.id < 0; });
  seen.clear();
  has_deep_keys_ =
      any_field(*subject.thrift, seen, [](const idl::Field& field) { return has_deep_keys(*field.type); });
  seen.clear();
  has_groups_ = any_field(*subject.protobuf, seen, [](const idl::Field& field) {
    return field.type->delimited || (field.type->element != nullptr && field.type->element->delimited);
  });
}

// ---- what is known of a tree

Prover::KnownPtr Prover::know(View view, Value tree) {
  auto known = std::make_shared<Known>();
  known->view = view;
  known->sorted = canonical(view, subject_.in(view), tree);
  known->owned = std::move(tree);
  return known;
}

const Crossed& Prover::crossed(Known& known, View to) {
  std::optional<Crossed>& made = known.crossed[static_cast<std::size_t>(to)];
  if (!made) made = cross(known.view, subject_.in(known.view), to, subject_.in(to), known.owned);
  return *made;
}

Prover::Known& Prover::reached(Known& known, View to) {
  KnownPtr& made = known.reached[static_cast<std::size_t>(to)];
  if (made == nullptr) {
    made = know(to, crossed(known, to).value);
    // Most trees arrive as they left: then their bytes are known.
    if (to == known.view && made->sorted == known.sorted) made->bytes = known.bytes;
  }
  return *made;
}

const std::optional<std::string>& Prover::written(Known& known, Format format) {
  std::optional<std::string>& made = known.bytes[index(format)];
  if (made) return made;
  const idl::StructType& type = subject_.in(known.view);
  if (format == Format::protobuf) {
    made = schemas_.protobuf().to_bytes(type, known.owned);
  } else if (format == Format::json) {
    made = schemas_.protobuf().to_json(type, *written(known, Format::protobuf));
  } else {
    made = referees::to_bytes(body_format(format), type, known.owned);
  }
  return made;
}

// ---- the proof

std::optional<Failure> Prover::prove(View view, const Value& tree) {
  ++totals_.values;
  const KnownPtr first = know(view, tree);
  std::vector<Known*> sources = {first.get()};
  // What the other view makes of it is a source as well, where it is one.
  const View other = view == View::thrift ? View::protobuf : View::thrift;
  if (crossed(*first, other).issues.empty()) sources.push_back(&reached(*first, other));
  for (const Format from : formats) {
    for (Known* source : sources) {
      if (source->view != view_of(from)) continue;
      if (plans_[index(from, from)] == nullptr || (from == Format::json && has_groups_)) continue;
      const std::optional<std::string>& bytes = written(*source, from);
      // libprotobuf has no JSON for it, or other JSON.
      if (!bytes || (from == Format::json && crossed(*source, View::protobuf).unwritten_in_json())) continue;
      if (auto failure = prove_from(*source, from, *bytes, sources)) return failure;
    }
  }
  return std::nullopt;
}

std::optional<Failure> Prover::prove_disguised(View view, const Value& tree, const Value& other,
                                               std::uint32_t seed) {
  disguised_ = true;
  auto failure = prove_other_bytes(view, tree, other, seed);
  disguised_ = false;
  return failure;
}

std::optional<Failure> Prover::prove_other_bytes(View view, const Value& tree, const Value& other,
                                                 std::uint32_t seed) {
  idl::derive::testing::Random random(seed);
  const KnownPtr known = know(view, tree);
  if (view == View::thrift) {
    const Format from = formats[random.below(3)];
    if (plans_[index(from, from)] == nullptr) return std::nullopt;
    // What is replaced must not be what is refused.
    const bool whole = crossed(*know(view, other), View::protobuf).issues.empty();
    const Value value = shuffled(random, *subject_.thrift, tree, whole ? other : Value());
    return prove_from(*known, from, referees::to_bytes(body_format(from), *subject_.thrift, value), {});
  }
  if (has_groups_ || random.once_in(2)) return prove_rewritten(*known, other, seed);
  const std::optional<std::string>& text = written(*known, Format::json);
  if (!text || crossed(*known, View::protobuf).unwritten_in_json()) return std::nullopt;
  return prove_from(*known, Format::json, shuffled_json(random, *text), {});
}

// Bytes of protobuf as libprotobuf reads them; of two messages in a row, where nothing is wrong with either.
std::optional<Failure> Prover::prove_rewritten(Known& known, const Value& other, std::uint32_t seed) {
  referees::Rewriter rewriter(seed);
  const idl::StructType& type = *subject_.protobuf;
  std::string bytes = *written(known, Format::protobuf);
  const KnownPtr second = know(View::protobuf, other);
  const bool whole =
      crossed(known, View::thrift).issues.empty() && crossed(*second, View::thrift).issues.empty();
  if (whole && rewriter.below(3) == 0) bytes += *written(*second, Format::protobuf);
  bytes = rewriter.rewrite(*schemas_.pool().find(type.full_name), bytes);
  std::optional<Value> meant = schemas_.protobuf().from_bytes(type, bytes);
  if (!meant) return std::nullopt;
  return prove_from(*know(View::protobuf, std::move(*meant)), Format::protobuf, bytes, {});
}

std::optional<Failure> Prover::prove_bytes(Format from, const std::string& bytes, const Value& tree) {
  return prove_from(*know(view_of(from), tree), from, bytes, {});
}

std::optional<Failure> Prover::prove_from(Known& known, Format from, const std::string& bytes,
                                          const std::vector<Known*>& sources) {
  const std::vector<Cell> met = cells(known.view, subject_.in(known.view), known.owned);
  for (const Format to : formats) {
    if (plans_[index(from, to)] == nullptr) continue;
    if (auto failure = prove_pair(known, from, to, bytes, sources, met)) {
      failure->source = from;
      failure->bytes = bytes;
      failure->tree = known.owned;
      return failure;
    }
  }
  return std::nullopt;
}

std::optional<Failure> Prover::prove_pair(Known& known, Format from, Format to, const std::string& bytes,
                                          const std::vector<Known*>& sources, const std::vector<Cell>& met) {
  std::string out;
  bool refused = false;
  if (auto failure = run(known, from, to, bytes, out, refused)) return failure;
  coverage_.add(from, to, met, refused);
  if (refused) return std::nullopt;
  // Back again: bytes that are one of the sources' are proven there.
  const bool proven = std::any_of(sources.begin(), sources.end(), [&](Known* source) {
    return source->view == view_of(to) && written(*source, to) == out;
  });
  // Of what comes twice in a map no JSON is left to come back.
  const bool one_way =
      to == Format::json && repeats_a_key(*subject_.protobuf, reached(known, View::protobuf).owned);
  if (proven || one_way) return std::nullopt;
  std::string again;
  auto failure = run(reached(known, view_of(to)), to, from, out, again, refused);
  if (failure) failure->what = "on the way back from " + std::string(name(to)) + ": " + failure->what;
  return failure;
}

std::optional<Failure> Prover::run(Known& known, Format from, Format to, const std::string& bytes,
                                   std::string& out, bool& refused) {
  const std::vector<base::Reason> expected = crossed(known, view_of(to)).reasons(from, to);
  // A copy of exactly this size, so that a sanitizer sees every byte read too far.
  const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
  const base::Status status = plans_[index(from, to)]->run(exact, context_, context_.output);
  ++totals_.crossings;
  refused = !status.ok();
  if (refused) ++totals_.refusals;
  const bool right = status.ok()
                         ? !crossed(known, view_of(to)).refused(from, to)
                         : std::find(expected.begin(), expected.end(), status.reason()) != expected.end();
  Failure failure{from, to, {}, from, {}, {}};
  // Keys that are structs are told apart by their bytes, like elements of sets.
  if (!right && status.ok() && disguised_ && has_deep_keys_ &&
      std::all_of(expected.begin(), expected.end(), [](auto r) { return r == base::Reason::map_dupkey; })) {
    refused = true;
    return std::nullopt;
  }
  if (!right) {
    failure.what =
        "expected " + text_of(expected) + ", got " + (status.ok() ? "a value" : status.to_string());
    return failure;
  }
  if (!status.ok()) return std::nullopt;
  out = std::string(base::as_text(context_.output.bytes()));
  Known& target = reached(known, view_of(to));
  if (written(target, to) == out) return std::nullopt;
  std::string& accepted = target.accepted[index(to)];
  if (!out.empty() && accepted == out) return std::nullopt;
  std::optional<std::string> difference = compare(target, to, out);
  if (!difference && to == Format::json) difference = compare_text(target, from, exact, out);
  if (!difference) {
    accepted = out;
    return std::nullopt;
  }
  failure.what = std::move(*difference);
  return failure;
}

// Other bytes than the referee's: they must mean the same to it.
std::optional<std::string> Prover::compare(Known& expected, Format to, const std::string& out) {
  // What the referees do not read.
  if (to == Format::thrift_json && has_negative_ids_) return std::nullopt;
  if (to == Format::json && has_groups_) return std::nullopt;
  std::string why;
  std::optional<Value> read_back = read(to, out, why);
  if (!read_back) return "the referee refuses " + why;
  const idl::StructType& type = subject_.in(expected.view);
  Value actual = std::move(*read_back);
  Value wanted = expected.sorted;
  if (is_text(to)) {
    loosen(actual, to == Format::json);
    loosen(wanted, to == Format::json);
  }
  actual = canonical(expected.view, type, actual);
  wanted = canonical(expected.view, type, wanted);
  if (actual == wanted) return std::nullopt;
  // Structs in sets are told apart by their bytes: what came in another order, defaults among it, is another.
  drop_equal_structs(type, actual);
  drop_equal_structs(type, wanted);
  if (actual == wanted) return std::nullopt;
  return "expected " + print(wanted) + "\n     got " + print(actual);
}

// What libprotobuf reads alike it may still write otherwise: numbers for texts, other names of enum values.
std::optional<std::string> Prover::compare_text(Known& expected, Format from,
                                                const std::vector<std::uint8_t>& in, const std::string& out) {
  if (has_groups_ || repeats_a_key(*subject_.protobuf, expected.owned)) return std::nullopt;
  const std::string ours = json_shape(out);
  const std::optional<std::string>& theirs = written(expected, Format::json);
  if (!theirs || json_shape(*theirs) == ours) return std::nullopt;
  // Zeros in entries may be written or not; theirs of the message that we make.
  if (!plans_[index(from, Format::protobuf)]->run(in, context_, context_.output).ok()) return std::nullopt;
  const std::string message(base::as_text(context_.output.bytes()));
  const std::optional<std::string> same = schemas_.protobuf().to_json(*subject_.protobuf, message);
  if (!same || json_shape(*same) == ours) return std::nullopt;
  return "expected " + *same + "\n     got " + out;
}

std::optional<Value> Prover::read(Format format, const std::string& bytes, std::string& why) {
  const idl::StructType& type = subject_.in(view_of(format));
  why = is_text(format) ? bytes : "its bytes";
  if (view_of(format) == View::thrift) {
    try {
      return last_of_each(referees::from_bytes(body_format(format), type, bytes));
    } catch (const std::exception& e) {
      why += std::string(": ") + e.what();
      return std::nullopt;
    }
  }
  if (format == Format::protobuf) return schemas_.protobuf().from_bytes(type, bytes);
  const std::optional<std::string> message = schemas_.protobuf().from_json(type, bytes);
  if (!message) return std::nullopt;
  return schemas_.protobuf().from_bytes(type, *message);
}

}  // namespace koine::transcode::proof
