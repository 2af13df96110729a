// Between the objects of generated Thrift code and of libprotobuf, field by field, as one writes it in a
// bridge. `Thrift` is the class of either flavour of Thrift's compiler; it may be moved from.
#pragma once

#include <utility>

#include "idl/order.pb.h"
#include "idl/shapes.pb.h"

// X(file, type): everything that is translated.
#define KOINE_BENCH_TYPES(X) \
  X(order, Order)            \
  X(shapes, Flat)            \
  X(shapes, Texts)           \
  X(shapes, Node)            \
  X(shapes, Maps)            \
  X(shapes, Blob)            \
  X(shapes, Sparse)

// clang-format off
// Flat's fields, and Sparse's: I(n) are integers, S(n) strings.
#define KOINE_BENCH_FLAT(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) \
  X(11) X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19) X(20)
#define KOINE_BENCH_TEN(I, S, tens) I(tens##0) S(tens##1) I(tens##2) S(tens##3) I(tens##4) \
  S(tens##5) I(tens##6) S(tens##7) I(tens##8) S(tens##9)
#define KOINE_BENCH_SPARSE(I, S) KOINE_BENCH_TEN(I, S, ) KOINE_BENCH_TEN(I, S, 1) \
  KOINE_BENCH_TEN(I, S, 2) KOINE_BENCH_TEN(I, S, 3) \
  KOINE_BENCH_TEN(I, S, 4) KOINE_BENCH_TEN(I, S, 5) \
  KOINE_BENCH_TEN(I, S, 6) KOINE_BENCH_TEN(I, S, 7) \
  KOINE_BENCH_TEN(I, S, 8) KOINE_BENCH_TEN(I, S, 9) \
  KOINE_BENCH_TEN(I, S, 10) KOINE_BENCH_TEN(I, S, 11) \
  KOINE_BENCH_TEN(I, S, 12) KOINE_BENCH_TEN(I, S, 13) \
  KOINE_BENCH_TEN(I, S, 14) KOINE_BENCH_TEN(I, S, 15) \
  KOINE_BENCH_TEN(I, S, 16) KOINE_BENCH_TEN(I, S, 17) \
  KOINE_BENCH_TEN(I, S, 18) KOINE_BENCH_TEN(I, S, 19)
// clang-format on

namespace koine::bench {

template <class Thrift>
void to_proto(Thrift& from, order::Order* to) {
  to->set_id(from.id);
  to->set_customer(std::move(from.customer));
  to->set_address(std::move(from.address));
  to->set_status(static_cast<order::OrderStatus>(from.status));
  to->set_express(from.express);
  to->set_total(from.total);
  to->mutable_items()->Reserve(static_cast<int>(from.items.size()));
  for (auto& item : from.items) {
    order::Item* added = to->add_items();
    added->set_sku(std::move(item.sku));
    added->set_quantity(item.quantity);
    added->set_price_cents(item.price_cents);
  }
  for (auto& [key, value] : from.tags) (*to->mutable_tags())[key] = std::move(value);
  to->set_note(std::move(from.note));
}
template <class Thrift>
void to_thrift(const order::Order& from, Thrift& to) {
  to.id = from.id();
  to.customer = from.customer();
  to.address = from.address();
  to.status = static_cast<decltype(to.status)>(from.status());
  to.express = from.express();
  to.total = from.total();
  to.items.resize(static_cast<std::size_t>(from.items_size()));
  for (std::size_t i = 0; i < to.items.size(); ++i) {
    const order::Item& item = from.items(static_cast<int>(i));
    to.items[i].sku = item.sku();
    to.items[i].quantity = item.quantity();
    to.items[i].price_cents = item.price_cents();
  }
  to.tags.clear();
  for (const auto& [key, value] : from.tags()) to.tags[key] = value;
  to.note = from.note();
}

template <class Thrift>
void to_proto(Thrift& from, shapes::Flat* to) {
#define KOINE_SET(i) to->set_n##i(from.n##i);
  KOINE_BENCH_FLAT(KOINE_SET)
#undef KOINE_SET
}
template <class Thrift>
void to_thrift(const shapes::Flat& from, Thrift& to) {
#define KOINE_SET(i) to.n##i = from.n##i();
  KOINE_BENCH_FLAT(KOINE_SET)
#undef KOINE_SET
}

template <class Thrift>
void to_proto(Thrift& from, shapes::Texts* to) {
  to->set_title(std::move(from.title));
  to->set_author(std::move(from.author));
  to->set_summary(std::move(from.summary));
  to->set_language(std::move(from.language));
  to->mutable_paragraphs()->Reserve(static_cast<int>(from.paragraphs.size()));
  for (auto& text : from.paragraphs) to->add_paragraphs(std::move(text));
  to->mutable_keywords()->Reserve(static_cast<int>(from.keywords.size()));
  for (auto& text : from.keywords) to->add_keywords(std::move(text));
}
template <class Thrift>
void to_thrift(const shapes::Texts& from, Thrift& to) {
  to.title = from.title();
  to.author = from.author();
  to.summary = from.summary();
  to.language = from.language();
  to.paragraphs.assign(from.paragraphs().begin(), from.paragraphs().end());
  to.keywords.assign(from.keywords().begin(), from.keywords().end());
}

template <class Thrift>
void to_proto(Thrift& from, shapes::Node* to) {
  to->set_value(from.value);
  to->set_name(std::move(from.name));
  if (from.__isset.child) to_proto(*from.child, to->mutable_child());
}
template <class Thrift>
void to_thrift(const shapes::Node& from, Thrift& to) {
  to.value = from.value();
  to.name = from.name();
  to.__isset.child = from.has_child();
  if (!from.has_child()) return;
  if (to.child == nullptr) to.child = std::make_shared<Thrift>();
  to_thrift(from.child(), *to.child);
}

template <class Thrift>
void to_proto(Thrift& from, shapes::Maps* to) {
  for (auto& [key, value] : from.labels) (*to->mutable_labels())[key] = std::move(value);
  for (auto& [key, value] : from.counts) (*to->mutable_counts())[key] = value;
  for (auto& [key, value] : from.totals) (*to->mutable_totals())[key] = value;
}
template <class Thrift>
void to_thrift(const shapes::Maps& from, Thrift& to) {
  to.labels.clear();
  for (const auto& [key, value] : from.labels()) to.labels[key] = value;
  to.counts.clear();
  for (const auto& [key, value] : from.counts()) to.counts[key] = value;
  to.totals.clear();
  for (const auto& [key, value] : from.totals()) to.totals[key] = value;
}

template <class Thrift>
void to_proto(Thrift& from, shapes::Blob* to) {
  to->set_id(from.id);
  to->set_data(std::move(from.data));
}
template <class Thrift>
void to_thrift(const shapes::Blob& from, Thrift& to) {
  to.id = from.id();
  to.data = from.data();
}

template <class Thrift>
void to_proto(Thrift& from, shapes::Sparse* to) {
#define KOINE_SET(n) \
  if (from.__isset.f##n) to->set_f##n(std::move(from.f##n));
  KOINE_BENCH_SPARSE(KOINE_SET, KOINE_SET)
#undef KOINE_SET
}
template <class Thrift>
void to_thrift(const shapes::Sparse& from, Thrift& to) {
#define KOINE_SET(n)                 \
  to.__isset.f##n = from.has_f##n(); \
  if (from.has_f##n()) to.f##n = from.f##n();
  KOINE_BENCH_SPARSE(KOINE_SET, KOINE_SET)
#undef KOINE_SET
}

// What generated reading leaves as it was: which fields are set.
template <class Thrift>
void forget(Thrift& object) {
  if constexpr (requires { object.__isset; }) object.__isset = {};
}

}  // namespace koine::bench
