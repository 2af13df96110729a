// An order between the provider's own class and those that thrift and protoc generate: what somebody who bridges the two writes.
package bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import order.Item;
import order.Order;
import order.OrderOuterClass;
import order.OrderStatus;

final class Copies {
  private static final OrderStatus[] STATUSES = OrderStatus.values();

  private Copies() {}

  static Order fromThrift(order_thrift.Order from) {
    Order to = new Order();
    to.setId(from.getId());
    to.setCustomer(from.getCustomer());
    to.setAddress(from.getAddress());
    to.setStatus(STATUSES[from.getStatus().getValue()]);
    to.setExpress(from.isExpress());
    to.setTotal(from.getTotal());
    List<Item> items = new ArrayList<>(from.getItems().size());
    for (order_thrift.Item one : from.getItems()) {
      items.add(item(one.getSku(), one.getQuantity(), one.getPrice_cents()));
    }
    to.setItems(items);
    to.setTags(from.getTags());
    to.setNote(from.getNote());
    return to;
  }

  static order_thrift.Order toThrift(Order from) {
    order_thrift.Order to = new order_thrift.Order();
    to.setId(from.getId());
    to.setCustomer(from.getCustomer());
    to.setAddress(from.getAddress());
    to.setStatus(order_thrift.OrderStatus.findByValue(from.getStatus().ordinal()));
    to.setExpress(from.isExpress());
    to.setTotal(from.getTotal());
    List<order_thrift.Item> items = new ArrayList<>(from.getItems().size());
    for (Item one : from.getItems()) {
      order_thrift.Item item = new order_thrift.Item();
      item.setSku(one.getSku());
      item.setQuantity(one.getQuantity());
      item.setPrice_cents(one.getPriceCents());
      items.add(item);
    }
    to.setItems(items);
    to.setTags(from.getTags());
    to.setNote(from.getNote());
    return to;
  }

  static Order fromProtobuf(OrderOuterClass.Order from) {
    Order to = new Order();
    to.setId(from.getId());
    to.setCustomer(from.getCustomer());
    to.setAddress(from.getAddress());
    to.setStatus(STATUSES[from.getStatusValue()]);
    to.setExpress(from.getExpress());
    to.setTotal(from.getTotal());
    List<Item> items = new ArrayList<>(from.getItemsCount());
    for (OrderOuterClass.Item one : from.getItemsList()) {
      items.add(item(one.getSku(), one.getQuantity(), one.getPriceCents()));
    }
    to.setItems(items);
    to.setTags(new HashMap<>(from.getTagsMap()));  // theirs is of a class that no consumer takes
    to.setNote(from.getNote());
    return to;
  }

  static OrderOuterClass.Order toProtobuf(Order from) {
    OrderOuterClass.Order.Builder to = OrderOuterClass.Order.newBuilder();
    to.setId(from.getId());
    to.setCustomer(from.getCustomer());
    to.setAddress(from.getAddress());
    to.setStatusValue(from.getStatus().ordinal());
    to.setExpress(from.isExpress());
    to.setTotal(from.getTotal());
    for (Item one : from.getItems()) {
      to.addItems(OrderOuterClass.Item.newBuilder()
          .setSku(one.getSku())
          .setQuantity(one.getQuantity())
          .setPriceCents(one.getPriceCents()));
    }
    to.putAllTags(from.getTags());
    to.setNote(from.getNote());
    return to.build();
  }

  private static Item item(String sku, int quantity, long priceCents) {
    Item item = new Item();
    item.setSku(sku);
    item.setQuantity(quantity);
    item.setPriceCents(priceCents);
    return item;
  }
}
