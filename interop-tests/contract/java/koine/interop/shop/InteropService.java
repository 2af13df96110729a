package koine.interop.shop;

import java.util.List;

/**
 * The interop contract as the Java team wrote it: the service of cases.yaml as an API jar would have it. contract.thrift and
 * contract.proto are other teams' versions; none was made from another.
 */
public interface InteropService extends Greeter {
  Scalars scalars(Scalars request);

  Payload payload(Payload request);

  Lists lists(Lists request);

  Sets sets(Sets request);

  Maps maps(Maps request);

  Order placeOrder(Order order);

  Node grow(Node root);

  Optionals optionals(Optionals request);

  Paint paint(Paint request);

  Pick pick(Pick request);

  Times times(Times request);

  Days days(Days request);

  Odds odds(Odds request);

  Document document(Document request);

  Page<Item> browse(Page<Item> request);

  Page<String> leaf(Page<String> request);

  Basket pack(Basket request);

  GiftItem wrap(Item item, String paper);

  Object anything(String caseId, Object value);

  String several(int first, String second, List<Long> third, Colour fourth, Item fifth);

  long add(long left, long right);

  List<String> listNames(String prefix);

  /** Gives null for some names, and takes null as one. */
  Item findItem(String sku);

  String label(int number);

  String label(long number);

  String label(Integer number);

  String label(String text);

  String label(Item item);

  String label(Item item, int copies);

  void reset(long nonce);

  /** Called without waiting for an answer. */
  void post(long nonce, String note);

  Seen seen(long nonce);

  Ticket fail(String caseId) throws NotFoundException, OverQuotaException;

  long linger(long nonce, int waitMillis);

  /** Attachments both ways, see the metadata_roundtrip case. */
  long exchangeAttachments(long nonce);

  long stamp(long nonce);
}
