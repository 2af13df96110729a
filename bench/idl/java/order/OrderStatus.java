package order;

public enum OrderStatus {
  UNKNOWN,
  PLACED,
  PAID,
  SHIPPED
}
