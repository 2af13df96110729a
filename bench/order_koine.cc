// Our contender: the order message's schema, once as Thrift and once as the proto derived from it, and plans
// between them.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "order.h"
#include "transcode/plan.h"

namespace koine::bench {
namespace {

struct Schemas {
  idl::Schema schema;
  idl::StructType* thrift = nullptr;
  idl::StructType* proto = nullptr;

  Schemas() {
    idl::EnumType& status = make_enum(nullptr);
    thrift = &make_order(status, nullptr, nullptr);
    idl::EnumType& derived_status = make_enum(&status);
    proto = &make_order(derived_status, thrift, thrift_item);
  }

 private:
  idl::EnumType& make_enum(const idl::EnumType* origin) {
    idl::EnumType& type = schema.add_enum();
    type.name = type.full_name = origin == nullptr ? "order.OrderStatus" : "order_proto.OrderStatus";
    const char* names[] = {"UNKNOWN", "PLACED", "PAID", "SHIPPED"};
    for (int i = 0; i < 4; ++i) type.values.push_back({names[i], i, {}, {}});
    type.origin = origin;
    return type;
  }
  void add(idl::StructType& to, int id, const char* name, const idl::Type* type) {
    idl::Field& field = to.fields.emplace_back();
    field.id = field.origin_id = id;
    field.name = name;
    field.type = type;
  }
  idl::StructType& make_order(const idl::EnumType& status, const idl::StructType* origin,
                              const idl::StructType* item_origin) {
    idl::StructType& item = schema.add_struct();
    item.name = item.full_name = "Item";
    item.origin = item_origin;
    if (item_origin == nullptr) thrift_item = &item;
    add(item, 1, "sku", schema.scalar(idl::Kind::string));
    add(item, 2, "quantity", schema.scalar(idl::Kind::i32));
    add(item, 3, "price_cents", schema.scalar(idl::Kind::i64));
    idl::Type& item_type = schema.add_type();
    item_type.kind = idl::Kind::structure;
    item_type.structure = &item;
    idl::Type& items = schema.add_type();
    items.kind = idl::Kind::list;
    items.element = &item_type;
    idl::Type& tags = schema.add_type();
    tags.kind = idl::Kind::map;
    tags.key = tags.element = schema.scalar(idl::Kind::string);
    idl::Type& status_type = schema.add_type();
    status_type.kind = idl::Kind::enumeration;
    status_type.enumeration = &status;

    idl::StructType& order = schema.add_struct();
    order.name = order.full_name = "Order";
    order.origin = origin;
    add(order, 1, "id", schema.scalar(idl::Kind::i64));
    add(order, 2, "customer", schema.scalar(idl::Kind::string));
    add(order, 3, "address", schema.scalar(idl::Kind::string));
    add(order, 4, "status", &status_type);
    add(order, 5, "express", schema.scalar(idl::Kind::boolean));
    add(order, 6, "total", schema.scalar(idl::Kind::f64));
    add(order, 7, "items", &items);
    add(order, 8, "tags", &tags);
    add(order, 9, "note", schema.scalar(idl::Kind::string));
    return order;
  }
  idl::StructType* thrift_item = nullptr;
};

model::BodyFormat body_format(Format format) {
  switch (format) {
    case Format::compact: return model::BodyFormat::thrift_compact;
    case Format::binary: return model::BodyFormat::thrift_binary;
    case Format::protobuf: return model::BodyFormat::protobuf;
  }
  return model::BodyFormat::none;
}

class Koine final : public Contender {
 public:
  Koine(Format from, Format to) {
    const transcode::Side source{body_format(from), root(from), {}};
    const transcode::Side target{body_format(to), root(to), {}};
    auto plan = transcode::Plan::compile(source, target, transcode::OriginPairing(), {});
    if (!plan) {
      std::fprintf(stderr, "%s\n", plan.error().to_string().c_str());
      std::abort();
    }
    plan_ = std::move(*plan);
  }
  std::string_view run(std::string_view in) override {
    const base::Status status = plan_->run(base::as_bytes(in), context_, context_.output);
    return status.ok() ? base::as_text(context_.output.bytes()) : std::string_view();
  }

 private:
  const idl::StructType* root(Format format) const {
    return format == Format::protobuf ? schemas_.proto : schemas_.thrift;
  }
  Schemas schemas_;
  std::unique_ptr<const transcode::Plan> plan_;
  base::SlabPool pool_;
  transcode::Context context_{&pool_};
};

class Copy final : public Contender {
 public:
  std::string_view run(std::string_view in) override {
    if (out_.size() < in.size()) out_.resize(in.size());
    std::memcpy(out_.data(), in.data(), in.size());
    return {out_.data(), in.size()};
  }

 private:
  std::string out_;
};

}  // namespace

std::unique_ptr<Contender> make_koine(Format from, Format to) { return std::make_unique<Koine>(from, to); }
std::unique_ptr<Contender> make_copy() { return std::make_unique<Copy>(); }

}  // namespace koine::bench
