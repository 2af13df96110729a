package shop;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.LocalDate;

public class Receipt implements Serializable {
    public long number;
    public BigDecimal total;
    public LocalDate ships;
}
