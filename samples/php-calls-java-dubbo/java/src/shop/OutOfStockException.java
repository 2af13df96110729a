package shop;

public class OutOfStockException extends Exception {
    public String sku;
    public int left;

    public OutOfStockException(String sku, int left) {
        super("only " + left + " of " + sku + " left");
        this.sku = sku;
        this.left = left;
    }
}
