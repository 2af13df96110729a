package quickstart;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ReferenceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
import shop.dubbo.CatalogService;
import shop.dubbo.Product;
import stock.dubbo.ReserveReply;
import stock.dubbo.ReserveRequest;
import stock.dubbo.RpcStatus;
import stock.dubbo.StockService;

/** An ordinary Dubbo consumer, of a PHP Thrift service and a Go gRPC service. */
public final class Couriers {
    private static DubboBootstrap dubbo;

    /** `HOST:PORT` */
    public static void main(String[] arguments) throws RpcStatus {
        ApplicationConfig application = new ApplicationConfig("couriers");
        application.setQosEnable(false);
        dubbo = DubboBootstrap.getInstance().application(application);
        ReferenceConfig<CatalogService> toCatalog = reference(CatalogService.class, arguments[0]);
        ReferenceConfig<StockService> toStock = reference(StockService.class, arguments[0]);
        dubbo.start();
        CatalogService catalog = toCatalog.get();
        StockService stock = toStock.get();

        long started = System.nanoTime();
        Product product = catalog.find("CARD-50");
        print("PHP", "Thrift binary", "shop.CatalogService/find", "{\"sku\":\"CARD-50\"}",
                String.format("{\"title\":\"%s\",\"weightKg\":%s,\"colours\":%s}", product.getTitle(), product.getWeightKg(), quoted(product.getColours())),
                started, product.getTitle().equals("Punched cards, 50") && product.getColours().equals(List.of("chamois", "gris")));

        ReserveRequest request = new ReserveRequest();
        request.setSku("CARD-50");
        request.setQuantity(6);
        started = System.nanoTime();
        ReserveReply reply = stock.reserve(request);
        print("Go", "gRPC", "stock.StockService/Reserve", "{\"sku\":\"CARD-50\",\"quantity\":6}",
                String.format("{\"reserved\":%b,\"left\":%d,\"shelves\":%s}", reply.isReserved(), reply.getLeft(), quoted(reply.getShelves())),
                started, reply.isReserved() && reply.getLeft() == 1 && reply.getShelves().equals(List.of("A1", "B7")));
        System.exit(0);
    }

    private static <T> ReferenceConfig<T> reference(Class<T> service, String address) {
        ReferenceConfig<T> reference = new ReferenceConfig<>();
        reference.setInterface(service);
        reference.setUrl("dubbo://" + address);
        dubbo.reference(reference);
        return reference;
    }

    private static String quoted(List<String> texts) {
        return texts.stream().map(text -> '"' + text + '"').collect(Collectors.joining(",", "[", "]"));
    }

    private static void print(String provider, String wireOut, String method, String request, String answer, long started, boolean ok) {
        System.out.printf(
                "{\"caller\":\"Java\",\"wire_in\":\"Dubbo2\",\"wire_out\":\"%s\",\"provider\":\"%s\",\"method\":\"%s\",\"request\":%s,\"answer\":%s,"
                        + "\"elapsed_us\":%d,\"ok\":%b}%n",
                wireOut, provider, method, request, answer, (System.nanoTime() - started) / 1000, ok);
    }
}
