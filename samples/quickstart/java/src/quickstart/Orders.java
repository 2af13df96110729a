package quickstart;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.server.TThreadedSelectorServer;
import org.apache.thrift.transport.TNonblockingServerSocket;
import org.apache.thrift.transport.layered.TFramedTransport;
import shop.Item;
import shop.Order;
import shop.OrderNotFound;
import shop.OrderService;
import shop.OrderStatus;

/** An ordinary Thrift provider: framed, compact, Apache's own server. */
final class Orders implements OrderService.Iface {
    private final Map<Long, Order> orders = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong(7);

    Orders() {
        Order first = new Order(7, "Ada Lovelace", OrderStatus.SHIPPED,
                List.of(new Item("ENGINE-1", 1, 1_999_900L), new Item("CARD-50", 2, 350L)),
                Map.of("channel", "post", "priority", "high"), 2_000_600L);
        first.setNote("Für Ada ☂");
        orders.put(first.getId(), first);
    }

    @Override
    public Order getOrder(long id) throws OrderNotFound {
        Order order = orders.get(id);
        if (order == null) {
            throw new OrderNotFound(id, "no order " + id);
        }
        return order;
    }

    @Override
    public long placeOrder(String customer, List<Item> items) {
        long total = items.stream().mapToLong(item -> item.getQuantity() * item.getPriceCents()).sum();
        long id = lastId.incrementAndGet();
        orders.put(id, new Order(id, customer, OrderStatus.PENDING, items, Map.of(), total));
        return id;
    }

    static void serve(int port) throws Exception {
        TNonblockingServerSocket socket =
                new TNonblockingServerSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        TThreadedSelectorServer server = new TThreadedSelectorServer(new TThreadedSelectorServer.Args(socket)
                .transportFactory(new TFramedTransport.Factory())
                .protocolFactory(new TCompactProtocol.Factory())
                .processor(new OrderService.Processor<>(new Orders())));
        Thread ready = new Thread(() -> {
            while (!server.isServing()) {
                Thread.onSpinWait();
            }
            System.out.println("READY " + socket.getPort());
        });
        ready.setDaemon(true);
        ready.start();
        server.serve();
    }
}
