package quickstart;

import delivery.DeliveryService;
import delivery.NotDeliveredException;
import delivery.Parcel;
import delivery.Quote;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ProtocolConfig;
import org.apache.dubbo.config.RegistryConfig;
import org.apache.dubbo.config.ServiceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;

/** An ordinary Dubbo provider. */
public final class Deliveries implements DeliveryService {
    private static final BigDecimal PRICE_OF_A_KG = new BigDecimal("1.25");

    @Override
    public Quote estimate(String country, List<Parcel> parcels) throws NotDeliveredException {
        if (country.equals("AQ")) {
            throw new NotDeliveredException(country, "no carrier goes to " + country);
        }
        Quote quote = new Quote();
        double weight = parcels.stream().mapToDouble(parcel -> parcel.weightKg).sum();
        quote.price = PRICE_OF_A_KG.multiply(BigDecimal.valueOf(weight)).setScale(2, RoundingMode.HALF_UP);
        quote.days = 3;
        quote.carriers = List.of("Malle-poste");
        return quote;
    }

    /** `serve PORT` */
    public static void main(String[] arguments) {
        ApplicationConfig application = new ApplicationConfig("deliveries");
        application.setQosEnable(false);
        ServiceConfig<DeliveryService> service = new ServiceConfig<>();
        service.setInterface(DeliveryService.class);
        service.setRef(new Deliveries());
        DubboBootstrap dubbo = DubboBootstrap.getInstance().application(application).registry(new RegistryConfig("N/A"));
        dubbo.protocol(new ProtocolConfig("dubbo", Integer.parseInt(arguments[0]))).service(service).start();
        System.out.println("READY " + arguments[0]);
        dubbo.await();
    }
}
