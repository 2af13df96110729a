package delivery;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;

public class Quote implements Serializable {
    public BigDecimal price;
    public Integer days;
    public List<String> carriers;
}
