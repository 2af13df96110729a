package delivery;

import java.util.List;

/** What it costs to send parcels, and how long it takes: the Java team's service, on Dubbo. */
public interface DeliveryService {
    Quote estimate(String country, List<Parcel> parcels) throws NotDeliveredException;
}
