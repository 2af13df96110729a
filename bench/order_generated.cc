// The opponents: generated code on both sides and a copy between the objects.
#include <array>

#include <google/protobuf/arena.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include "idl/order.pb.h"
#include "order.h"
#include "order_templates/order_templates_types.h"
#include "order_templates/order_templates_types.tcc"
#include "order_thrift/order_thrift_types.h"

namespace koine::bench {
namespace {

using apache::thrift::protocol::TBinaryProtocolT;
using apache::thrift::protocol::TCompactProtocolT;
using apache::thrift::transport::TMemoryBuffer;

// A protobuf message: new in an arena each time, or one that is cleared and keeps its memory.
class ProtobufObject {
 public:
  explicit ProtobufObject(Objects objects) : objects_(objects), arena_(options()) {}
  order_proto::Order* fresh() {
    if (objects_ == Objects::reused) {
      reused_.Clear();
      return &reused_;
    }
    arena_.Reset();
    return google::protobuf::Arena::CreateMessage<order_proto::Order>(&arena_);
  }

 private:
  google::protobuf::ArenaOptions options() {
    google::protobuf::ArenaOptions options;
    options.initial_block = block_.data();
    options.initial_block_size = block_.size();
    return options;
  }
  Objects objects_;
  alignas(16) std::array<char, 262144> block_{};
  google::protobuf::Arena arena_;
  order_proto::Order reused_;
};

template <class Order>
void copy_to_protobuf(Order& from, order_proto::Order* to) {
  to->set_id(from.id);
  to->set_customer(std::move(from.customer));
  to->set_address(std::move(from.address));
  to->set_status(static_cast<order_proto::OrderStatus>(from.status));
  to->set_express(from.express);
  to->set_total(from.total);
  to->mutable_items()->Reserve(static_cast<int>(from.items.size()));
  for (auto& item : from.items) {
    order_proto::Item* added = to->add_items();
    added->set_sku(std::move(item.sku));
    added->set_quantity(item.quantity);
    added->set_price_cents(item.price_cents);
  }
  for (auto& [key, value] : from.tags) (*to->mutable_tags())[key] = std::move(value);
  to->set_note(std::move(from.note));
}

template <class Order>
void copy_to_thrift(const order_proto::Order& from, Order& to) {
  to.id = from.id();
  to.customer = from.customer();
  to.address = from.address();
  to.status = static_cast<decltype(to.status)>(from.status());
  to.express = from.express();
  to.total = from.total();
  to.items.resize(static_cast<std::size_t>(from.items_size()));
  for (std::size_t i = 0; i < to.items.size(); ++i) {
    const order_proto::Item& item = from.items(static_cast<int>(i));
    to.items[i].sku = item.sku();
    to.items[i].quantity = item.quantity();
    to.items[i].price_cents = item.price_cents();
  }
  to.tags.clear();
  for (const auto& [key, value] : from.tags()) to.tags[key] = value;
  to.note = from.note();
}

// A transport for one message after the other: libthrift counts what a transport has read in all, and must be
// told where a message begins.
class MessageBuffer final : public TMemoryBuffer {
 public:
  using TMemoryBuffer::TMemoryBuffer;
  void read_from(std::uint8_t* bytes, std::size_t size) {
    resetBuffer(bytes, static_cast<std::uint32_t>(size));
    resetConsumedMessageSize();
  }
};

std::uint8_t* bytes_of(std::string_view in) {
  return reinterpret_cast<std::uint8_t*>(const_cast<char*>(in.data()));
}

template <class Order, class Protocol>
class FromThrift final : public Contender {
 public:
  explicit FromThrift(Objects objects) : object_(objects) {}
  std::string_view run(std::string_view in) override {
    buffer_->read_from(bytes_of(in), in.size());
    order_.read(&protocol_);
    order_proto::Order* to = object_.fresh();
    copy_to_protobuf(order_, to);
    const std::size_t size = to->ByteSizeLong();
    if (out_.size() < size) out_.resize(size * 2);
    to->SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(out_.data()));
    return {out_.data(), size};
  }

 private:
  std::shared_ptr<MessageBuffer> buffer_ = std::make_shared<MessageBuffer>();
  Protocol protocol_{buffer_};
  Order order_;
  ProtobufObject object_;
  std::string out_;
};

template <class Order, class Protocol>
class ToThrift final : public Contender {
 public:
  explicit ToThrift(Objects objects) : object_(objects) {}
  std::string_view run(std::string_view in) override {
    order_proto::Order* from = object_.fresh();
    if (!from->ParseFromArray(in.data(), static_cast<int>(in.size()))) return {};
    copy_to_thrift(*from, order_);
    buffer_->resetBuffer();
    order_.write(&protocol_);
    std::uint8_t* bytes = nullptr;
    std::uint32_t size = 0;
    buffer_->getBuffer(&bytes, &size);
    return {reinterpret_cast<const char*>(bytes), size};
  }

 private:
  std::shared_ptr<TMemoryBuffer> buffer_ = std::make_shared<TMemoryBuffer>(1 << 16);
  Protocol protocol_{buffer_};
  Order order_;
  ProtobufObject object_;
};

// One Thrift protocol to the other: decode and encode, nothing to copy.
template <class Order, class Reader, class Writer>
class BetweenThrifts final : public Contender {
 public:
  std::string_view run(std::string_view in) override {
    from_->read_from(bytes_of(in), in.size());
    order_.read(&reader_);
    to_->resetBuffer();
    order_.write(&writer_);
    std::uint8_t* bytes = nullptr;
    std::uint32_t size = 0;
    to_->getBuffer(&bytes, &size);
    return {reinterpret_cast<const char*>(bytes), size};
  }

 private:
  std::shared_ptr<MessageBuffer> from_ = std::make_shared<MessageBuffer>();
  std::shared_ptr<TMemoryBuffer> to_ = std::make_shared<TMemoryBuffer>(1 << 16);
  Reader reader_{from_};
  Writer writer_{to_};
  Order order_;
};

template <class Order, class Compact, class Binary>
std::unique_ptr<Contender> make(Format from, Format to, Objects objects) {
  if (from == Format::compact && to == Format::protobuf) {
    return std::make_unique<FromThrift<Order, Compact>>(objects);
  }
  if (from == Format::binary && to == Format::protobuf) {
    return std::make_unique<FromThrift<Order, Binary>>(objects);
  }
  if (from == Format::protobuf && to == Format::compact) {
    return std::make_unique<ToThrift<Order, Compact>>(objects);
  }
  if (from == Format::protobuf && to == Format::binary) {
    return std::make_unique<ToThrift<Order, Binary>>(objects);
  }
  if (from == Format::compact) return std::make_unique<BetweenThrifts<Order, Compact, Binary>>();
  return std::make_unique<BetweenThrifts<Order, Binary, Compact>>();
}

}  // namespace

std::unique_ptr<Contender> make_generated(Format from, Format to, Thrift thrift, Objects objects) {
  if (thrift == Thrift::templates) {  // the protocol's calls are not virtual
    return make<order_templates::Order, TCompactProtocolT<TMemoryBuffer>, TBinaryProtocolT<TMemoryBuffer>>(
        from, to, objects);
  }
  return make<order_thrift::Order, apache::thrift::protocol::TCompactProtocol,
              apache::thrift::protocol::TBinaryProtocol>(from, to, objects);
}

}  // namespace koine::bench
