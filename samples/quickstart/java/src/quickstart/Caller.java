package quickstart;

import java.util.List;
import org.apache.thrift.TSerializer;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TSimpleJSONProtocol;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.layered.TFramedTransport;
import shop.CatalogService;
import shop.Product;
import stock.thrift.ReserveReply;
import stock.thrift.ReserveRequest;
import stock.thrift.StockService;

/** A Java program that knows Thrift only, calling a Go gRPC service and a PHP Thrift service through the gateway. */
final class Caller {
    private Caller() {}

    static void run(int port) throws Exception {
        try (TFramedTransport transport = new TFramedTransport(new TSocket("127.0.0.1", port, 5000))) {
            transport.open();
            TCompactProtocol wire = new TCompactProtocol(transport);

            ReserveRequest request = new ReserveRequest("ENGINE-1", 2L);
            long started = System.nanoTime();
            ReserveReply reply = new StockService.Client(wire).reserve(request);
            print("Go", "gRPC", "stock.StockService/Reserve", json(request), json(reply), started,
                    reply.isReserved() && reply.getLeft() == 5 && reply.getShelves().equals(List.of("A1", "B7")));

            started = System.nanoTime();
            Product product = new CatalogService.Client(wire).find("CARD-50");
            print("PHP", "Thrift binary", "shop.CatalogService/find", "{\"sku\":\"CARD-50\"}", json(product), started,
                    product.getTitle().equals("Punched cards, 50") && product.getWeightKg() == 0.125
                            && product.getColours().equals(List.of("chamois", "gris")));
        }
    }

    private static String json(org.apache.thrift.TBase<?, ?> value) throws Exception {
        return new String(new TSerializer(new TSimpleJSONProtocol.Factory()).serialize(value), "UTF-8");
    }

    /** TSimpleJSONProtocol writes a bool as 0 or 1. */
    private static String json(ReserveReply reply) {
        List<String> shelves = reply.getShelves().stream().map(shelf -> '"' + shelf + '"').toList();
        return String.format("{\"reserved\":%b,\"left\":%d,\"shelves\":%s}", reply.isReserved(), reply.getLeft(), shelves);
    }

    private static void print(String provider, String wireOut, String method, String request, String answer,
            long started, boolean ok) {
        long micros = (System.nanoTime() - started) / 1000;
        System.out.printf(
                "{\"caller\":\"Java\",\"wire_in\":\"Thrift compact\",\"wire_out\":\"%s\",\"provider\":\"%s\",\"method\":\"%s\","
                        + "\"request\":%s,\"answer\":%s,\"elapsed_us\":%d,\"ok\":%b}%n",
                wireOut, provider, method, request, answer, micros, ok);
    }
}
