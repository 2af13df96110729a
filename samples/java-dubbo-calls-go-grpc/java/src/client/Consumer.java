package client;

import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ReferenceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
import warehouse.Reservation;
import warehouse.StockService;

/** An ordinary Dubbo consumer. It takes Koine for the provider. */
public final class Consumer {
    public static void main(String[] arguments) {
        ApplicationConfig application = new ApplicationConfig("shop");
        application.setQosEnable(false);
        ReferenceConfig<StockService> reference = new ReferenceConfig<>();
        reference.setInterface(StockService.class);
        reference.setUrl("dubbo://" + arguments[0]);
        DubboBootstrap.getInstance().application(application).reference(reference).start();

        StockService stock = reference.get();
        Reservation reservation = stock.reserve("ENGINE-1", 2);
        System.out.println(reservation.left + " left, from " + reservation.shelves + " until " + reservation.heldUntil);
        try {
            stock.reserve("ENGINE-1", 8);
        } catch (RuntimeException refused) {
            System.out.println("refused: " + refused.getMessage());
        }
        System.exit(0);
    }
}
