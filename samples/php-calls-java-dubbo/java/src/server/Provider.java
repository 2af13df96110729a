package server;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ProtocolConfig;
import org.apache.dubbo.config.RegistryConfig;
import org.apache.dubbo.config.ServiceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
import shop.Line;
import shop.OrderService;
import shop.OutOfStockException;
import shop.Receipt;

/** An ordinary Dubbo provider. It knows nothing of Koine. */
public final class Provider implements OrderService {
    private static final int ON_SHELF = 7;

    @Override
    public Receipt place(String customer, List<Line> lines) throws OutOfStockException {
        Receipt receipt = new Receipt();
        receipt.number = 4711;
        receipt.total = BigDecimal.ZERO;
        receipt.ships = LocalDate.of(2027, 1, 4);
        for (Line line : lines) {
            if (line.quantity > ON_SHELF) {
                throw new OutOfStockException(line.sku, ON_SHELF);
            }
            receipt.total = receipt.total.add(new BigDecimal("19.90").multiply(BigDecimal.valueOf(line.quantity)));
        }
        return receipt;
    }

    public static void main(String[] arguments) {
        ApplicationConfig application = new ApplicationConfig("orders");
        application.setQosEnable(false);
        ServiceConfig<OrderService> service = new ServiceConfig<>();
        service.setInterface(OrderService.class);
        service.setRef(new Provider());
        DubboBootstrap dubbo = DubboBootstrap.getInstance().application(application).registry(new RegistryConfig("N/A"));
        dubbo.protocol(new ProtocolConfig("dubbo", Integer.parseInt(arguments[0]))).service(service).start();
        System.out.println("READY " + arguments[0]);
        dubbo.await();
    }
}
