// The corpus: orders of about 290 bytes, all different, the same in every run.
#include <google/protobuf/util/message_differencer.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include "idl/order.pb.h"
#include "order.h"
#include "order_thrift/order_thrift_types.h"

namespace koine::bench {
namespace {

using apache::thrift::protocol::TBinaryProtocol;
using apache::thrift::protocol::TCompactProtocol;
using apache::thrift::transport::TMemoryBuffer;

class Random {
 public:
  std::uint64_t next() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return state_ >> 33;
  }
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  std::string word(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text.push_back(static_cast<char>('a' + below(26)));
    return text;
  }

 private:
  std::uint64_t state_ = 20260801;
};

order_thrift::Order make_order(Random& random, int items) {
  order_thrift::Order order;
  order.id = static_cast<std::int64_t>(1000000000 + random.below(9000000000));
  order.customer = random.word(6) + ' ' + random.word(7);
  order.address = std::to_string(random.below(300)) + ' ' + random.word(9) + " Street, " + random.word(8);
  order.status = static_cast<order_thrift::OrderStatus::type>(1 + random.below(3));
  order.express = random.below(2) == 1;
  order.total = static_cast<double>(random.below(1000000)) / 100 + 0.01;
  for (int i = 0; i < items; ++i) {
    order_thrift::Item item;
    item.sku = "SKU-" + std::to_string(10000 + random.below(90000));
    item.quantity = static_cast<std::int32_t>(1 + random.below(80));
    item.price_cents = static_cast<std::int64_t>(99 + random.below(200000));
    order.items.push_back(item);
  }
  static constexpr const char* keys[] = {"channel", "campaign", "region", "warehouse"};
  for (const char* key : keys) order.tags[key] = random.word(4 + random.below(5));
  order.note = "leave at the " + random.word(5) + " door";
  return order;
}

template <class Protocol>
std::string write_thrift(const order_thrift::Order& order) {
  auto buffer = std::make_shared<TMemoryBuffer>();
  Protocol protocol(buffer);
  order.write(&protocol);
  return buffer->getBufferAsString();
}

template <class Protocol>
order_thrift::Order read_thrift(std::string_view bytes) {
  auto buffer =
      std::make_shared<TMemoryBuffer>(reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data())),
                                      static_cast<std::uint32_t>(bytes.size()), TMemoryBuffer::OBSERVE);
  Protocol protocol(buffer);
  order_thrift::Order order;
  order.read(&protocol);
  return order;
}

std::string write_protobuf(const order_thrift::Order& from) {
  order_proto::Order order;
  order.set_id(from.id);
  order.set_customer(from.customer);
  order.set_address(from.address);
  order.set_status(static_cast<order_proto::OrderStatus>(from.status));
  order.set_express(from.express);
  order.set_total(from.total);
  for (const order_thrift::Item& item : from.items) {
    order_proto::Item* added = order.add_items();
    added->set_sku(item.sku);
    added->set_quantity(item.quantity);
    added->set_price_cents(item.price_cents);
  }
  for (const auto& [key, value] : from.tags) (*order.mutable_tags())[key] = value;
  order.set_note(from.note);
  return order.SerializeAsString();
}

}  // namespace

Messages make_orders(std::size_t count, int items) {
  Random random;
  Messages messages;
  for (std::size_t i = 0; i < count; ++i) {
    const order_thrift::Order order = make_order(random, items);
    messages.compact.push_back(write_thrift<TCompactProtocol>(order));
    messages.binary.push_back(write_thrift<TBinaryProtocol>(order));
    messages.protobuf.push_back(write_protobuf(order));
  }
  return messages;
}

bool same_order(Format format, std::string_view a, std::string_view b) {
  if (format == Format::compact) return read_thrift<TCompactProtocol>(a) == read_thrift<TCompactProtocol>(b);
  if (format == Format::binary) return read_thrift<TBinaryProtocol>(a) == read_thrift<TBinaryProtocol>(b);
  order_proto::Order x;
  order_proto::Order y;
  return x.ParseFromArray(a.data(), static_cast<int>(a.size())) &&
         y.ParseFromArray(b.data(), static_cast<int>(b.size())) &&
         google::protobuf::util::MessageDifferencer::Equals(x, y);
}

}  // namespace koine::bench
