package koine.interop.peer;

import static koine.interop.derived.Color.COLOR_BLUE;
import static koine.interop.derived.Color.COLOR_GREEN;
import static koine.interop.derived.Color.COLOR_INFRARED;
import static koine.interop.derived.Color.COLOR_RED;
import static koine.interop.derived.Color.COLOR_UNSPECIFIED;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import koine.interop.derived.Blob;
import koine.interop.derived.Buyer;
import koine.interop.derived.Buyer_Contact;
import koine.interop.derived.Coating;
import koine.interop.derived.Color;
import koine.interop.derived.Dictionaries;
import koine.interop.derived.Duration;
import koine.interop.derived.LineItem;
import koine.interop.derived.LineItemList;
import koine.interop.derived.Moments;
import koine.interop.derived.NumberRow;
import koine.interop.derived.Numbers;
import koine.interop.derived.PostalAddress;
import koine.interop.derived.Presence;
import koine.interop.derived.Purchase;
import koine.interop.derived.Repeats;
import koine.interop.derived.RpcStatus;
import koine.interop.derived.Selection;
import koine.interop.derived.SeveralRequest;
import koine.interop.derived.Ticket;
import koine.interop.derived.Timestamp;
import koine.interop.derived.TreeNode;
import koine.interop.derived.WordList;

/**
 * The values of contract.proto's cases in the types of the Thrift that Koine derives from it: unsigned
 * numbers travel in the next wider signed type, messages and `optional` fields are optional, a oneof
 * is a group of them.
 */
final class DerivedSamples {
  private DerivedSamples() {}

  static LineItem item(String sku, int quantity, long priceCents, Color color) {
    return new LineItem().setSku(sku).setQuantity(quantity).setPriceCents(priceCents).setColor(color);
  }

  static List<Sample<Numbers>> numbers() {
    return List.of(
        new Sample<>("scalars_max",
            new Numbers().setOpen(true).setInt32Value(Integer.MAX_VALUE).setInt64Value(Long.MAX_VALUE).setUint32Value(4294967295L)
                .setUint64Value(Long.MAX_VALUE).setSint32Value(Integer.MAX_VALUE).setSint64Value(Long.MAX_VALUE).setFixed32Value(4294967295L)
                .setFixed64Value(Long.MAX_VALUE).setSfixed32Value(Integer.MAX_VALUE).setSfixed64Value(Long.MAX_VALUE)
                .setFloatValue(Float.MAX_VALUE).setDoubleValue(Double.MAX_VALUE),
            new Numbers().setShut(true).setInt32Value(2147483646).setInt64Value(9223372036854775806L).setUint32Value(4294967294L)
                .setUint64Value(9223372036854775806L).setSint32Value(2147483645).setSint64Value(9223372036854775805L).setFixed32Value(4294967293L)
                .setFixed64Value(9223372036854775804L).setSfixed32Value(2147483644).setSfixed64Value(9223372036854775803L)
                .setFloatValue(1.5).setDoubleValue(1.7976931348623155e308)),
        new Sample<>("scalars_min",
            new Numbers().setOpen(true).setInt32Value(Integer.MIN_VALUE).setInt64Value(Long.MIN_VALUE).setUint32Value(1)
                .setUint64Value(1).setSint32Value(Integer.MIN_VALUE).setSint64Value(Long.MIN_VALUE).setFixed32Value(1)
                .setFixed64Value(1).setSfixed32Value(Integer.MIN_VALUE).setSfixed64Value(Long.MIN_VALUE)
                .setFloatValue(Float.MIN_VALUE).setDoubleValue(Double.MIN_VALUE),
            new Numbers().setOpen(true).setShut(true).setInt32Value(-2147483647).setInt64Value(-9223372036854775807L).setUint32Value(2)
                .setUint64Value(3).setSint32Value(-2147483646).setSint64Value(-9223372036854775806L).setFixed32Value(4)
                .setFixed64Value(5).setSfixed32Value(-2147483645).setSfixed64Value(-9223372036854775805L)
                .setFloatValue(-Float.MIN_VALUE).setDoubleValue(-Double.MIN_VALUE)),
        new Sample<>("scalars_zero", new Numbers(), new Numbers().setInt32Value(-1)),
        // The answer is 2^64-1, which no Thrift type can hold.
        new Sample<>("uint64_beyond_i64", new Numbers().setUint64Value(7), new Numbers()));
  }

  private static Sample<Blob> texts(String name, String request, String answer) {
    return new Sample<>(name, new Blob().setText(request), new Blob().setText(answer));
  }

  private static Sample<Blob> blobs(String name, byte[] request, byte[] answer) {
    return new Sample<>(name, new Blob().setContent(request), new Blob().setContent(answer));
  }

  static List<Sample<Blob>> blobs() {
    return List.of(
        texts("text_empty", "", "not empty"),
        texts("text_to_empty", "not empty", ""),
        texts("text_cjk", "你好，世界", "さようなら 안녕"),
        texts("text_emoji", "😀 👩‍👩‍👧 𝄞", "🚀é\0\t\"\\ end"),
        texts("text_64k", "0123456789abcdef".repeat(4096), "fedcba987654321é".repeat(4096)),
        blobs("bytes_empty", new byte[0], new byte[1]),
        blobs("bytes_all", Samples.pattern(256, 1, 0), Samples.pattern(256, 255, 255)),
        blobs("body_1mib", Samples.pattern(1 << 20, 7, 3), Samples.pattern(1 << 20, 11, 5)));
  }

  private static NumberRow row(Integer... values) {
    return new NumberRow(List.of(values));
  }

  static List<Sample<Repeats>> repeats() {
    return List.of(
        new Sample<>("lists_full",
            new Repeats().setFlags(List.of(true, false, true)).setNumbers(List.of(1, -1, 0, Integer.MAX_VALUE))
                .setBigNumbers(List.of(Long.MAX_VALUE, Long.MIN_VALUE)).setRatios(List.of(0.5, -2.25))
                .setWords(List.of("alpha", "", "γάμμα"))
                .setChunks(List.of(ByteBuffer.wrap(Samples.hex("")), ByteBuffer.wrap(Samples.hex("00ff"))))
                .setColors(List.of(COLOR_RED, COLOR_INFRARED, COLOR_RED))
                .setItems(List.of(item("A-1", 3, 1999, COLOR_RED), item("B-2", -1, 1L << 62, COLOR_INFRARED)))
                .setGrid(List.of(row(1, 2, 3), row(), row(-4))),
            new Repeats().setFlags(List.of(false)).setNumbers(List.of(Integer.MIN_VALUE, 7))
                .setBigNumbers(List.of(1L, 2L, 3L)).setRatios(List.of(1e100)).setWords(List.of("ω", "beta"))
                .setChunks(List.of(ByteBuffer.wrap(Samples.hex("ff")), ByteBuffer.wrap(Samples.hex("")), ByteBuffer.wrap(Samples.hex("0102"))))
                .setColors(List.of(COLOR_BLUE, COLOR_GREEN)).setItems(List.of(item("C-3", 4, -5, COLOR_GREEN)))
                .setGrid(List.of(row(), row(9, 8), row()))),
        new Sample<>("lists_unpacked", new Repeats().setUnpacked(List.of(5, -6, 7)), new Repeats().setUnpacked(List.of(8))),
        new Sample<>("lists_empty", new Repeats(), new Repeats().setNumbers(List.of(0))),
        new Sample<>("lists_long", new Repeats().setNumbers(Samples.numbers(2000, i -> i * i)),
            new Repeats().setNumbers(Samples.numbers(2000, i -> -3 * i))),
        new Sample<>("doubles_special",
            new Repeats().setRatios(List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0.1)),
            new Repeats().setRatios(List.of(-0.0, Double.NEGATIVE_INFINITY, Double.NaN, Double.POSITIVE_INFINITY, 0.2, 0.0))));
  }

  private static LineItemList items(LineItem... items) {
    return new LineItemList(List.of(items));
  }

  static List<Sample<Dictionaries>> dictionaries() {
    return List.of(
        new Sample<>("maps_int_key",
            new Dictionaries().setByNumber(Map.of(0, "zero", -1, "", Integer.MAX_VALUE, "max"))
                .setByBigNumber(Map.of(Long.MAX_VALUE, item("M", 1, 2, COLOR_RED))),
            new Dictionaries().setByNumber(Map.of(Integer.MIN_VALUE, "min"))
                .setByBigNumber(Map.of(Long.MIN_VALUE, item("N", 3, 4, COLOR_BLUE), 5L, item("O", 5, 6, COLOR_GREEN)))),
        new Sample<>("maps_string_key",
            new Dictionaries().setByName(Map.of("", 1L, "ключ", Long.MIN_VALUE, "b", 0L)),
            new Dictionaries().setByName(Map.of("k", Long.MAX_VALUE))),
        new Sample<>("maps_bool_key", new Dictionaries().setByFlag(Map.of(true, "yes", false, "")),
            new Dictionaries().setByFlag(Map.of(false, "no"))),
        new Sample<>("maps_enum_value", new Dictionaries().setColorByName(Map.of("r", COLOR_RED, "i", COLOR_INFRARED)),
            new Dictionaries().setColorByName(Map.of("g", COLOR_GREEN))),
        new Sample<>("maps_nested",
            new Dictionaries().setGroups(Map.of("g", items(item("A", 1, 2, COLOR_RED)), "none", items())),
            new Dictionaries().setGroups(Map.of("h", items(item("B", 2, 3, COLOR_BLUE), item("C", 3, 4, COLOR_GREEN))))),
        new Sample<>("maps_empty", new Dictionaries(), new Dictionaries().setByName(Map.of("", 0L))));
  }

  private static PostalAddress address(String street, int zip) {
    return new PostalAddress().setStreet(street).setZip(zip);
  }

  static List<Sample<Purchase>> purchases() {
    return List.of(new Sample<>("nested",
        new Purchase().setBuyer(new Buyer().setName("Ada").setHome(address("Unter den Linden 1", 10117)))
            .setLines(List.of(item("A-1", 2, 1050, COLOR_GREEN))).setTotalCents(2100),
        new Purchase().setBuyer(new Buyer().setName("Bob").setHome(address("", 0))
            .setWork(new Buyer_Contact().setEmail("bob@example.com").setAddress(address("Main St", 94105))))
            .setLines(List.of()).setTotalCents(-1)),
      new Sample<>("nested_home",
        new Purchase().setBuyer(new Buyer().setName("Ada").setHome(address("Unter den Linden 1", 10117)))
            .setLines(List.of(item("A-1", 2, 1050, COLOR_GREEN))).setTotalCents(2100),
        new Purchase().setBuyer(new Buyer().setName("Bob").setHome(address("", 0)))
            .setLines(List.of()).setTotalCents(-1)));
  }

  private static TreeNode chain(String prefix, int sign, int count) {
    TreeNode root = null;
    for (int i = count - 1; i >= 0; i--) {
      root = new TreeNode().setLabel(prefix + i).setWeight(sign * i).setTail(root);
    }
    return root;
  }

  private static TreeNode node(String label, int weight, TreeNode... children) {
    return new TreeNode().setLabel(label).setWeight(weight).setChildren(List.of(children));
  }

  static List<Sample<TreeNode>> trees() {
    return List.of(
        new Sample<>("recursive_chain", chain("n", 1, 24), chain("a", -1, 20)),
        new Sample<>("recursive_bush",
            node("root", 1, node("l", 2, node("ll", 3)), node("r", 4)),
            node("ROOT", -1, node("only", -2, node("x", -3), node("y", -4)))));
  }

  static List<Sample<Presence>> presences() {
    return List.of(
        new Sample<>("optional_unset", new Presence(), new Presence().setNumber(1)),
        new Sample<>("optional_to_unset", new Presence().setNumber(1), new Presence()),
        new Sample<>("optional_zero",
            new Presence().setFlag(false).setNumber(0).setBigNumber(0).setRatio(0.0).setColor(COLOR_UNSPECIFIED),
            new Presence().setNumber(0).setRatio(0.0)),
        new Sample<>("optional_empty",
            new Presence().setText("").setContent(new byte[0]).setItem(new LineItem()), new Presence().setContent(new byte[0])),
        new Sample<>("optional_set",
            new Presence().setFlag(true).setNumber(-5).setBigNumber(6).setRatio(0.25).setText("t").setContent(Samples.hex("01"))
                .setColor(COLOR_BLUE).setItem(item("S", 1, 1, COLOR_RED)),
            new Presence().setFlag(false).setNumber(5).setBigNumber(-6).setRatio(-0.25).setText("u").setContent(Samples.hex("02"))
                .setColor(COLOR_INFRARED).setItem(item("T", 2, 2, COLOR_GREEN))));
  }

  /** What this program writes for the two enum cases. */
  static List<Sample<Coating>> coatingsWritten() {
    return List.of(
        new Sample<>("enum_known", new Coating().setColor(COLOR_BLUE).setLayers(41), new Coating().setColor(COLOR_GREEN).setLayers(42)),
        new Sample<>("enum_unknown", new DerivedNewerCoating(77, 43), new DerivedNewerCoating(78, 44)));
  }

  /** What this program's types make of them when read: an unknown number leaves the field unset. */
  static List<Sample<Coating>> coatingsRead() {
    return List.of(coatingsWritten().get(0), new Sample<>("enum_unknown", new Coating().setLayers(43), new Coating().setLayers(44)));
  }

  static List<Sample<Selection>> selections() {
    return List.of(
        new Sample<>("union_number", new Selection().setNumber(-9), new Selection().setText("number seen")),
        new Sample<>("union_zero", new Selection().setNumber(0), new Selection().setText("")),
        new Sample<>("union_text", new Selection().setText("tëxt"), new Selection().setNumber(12)),
        new Sample<>("union_bytes", new Selection().setContent(Samples.hex("00ff")), new Selection().setFlag(false)),
        new Sample<>("union_struct", new Selection().setItem(item("U", 1, 2, COLOR_RED)), new Selection().setContent(Samples.hex("7f80"))),
        new Sample<>("union_list", new Selection().setWords(new WordList(List.of("w", ""))),
            new Selection().setItem(item("V", 3, 4, COLOR_BLUE))),
        new Sample<>("union_enum", new Selection().setColor(COLOR_INFRARED), new Selection().setWords(new WordList(List.of("one", "two")))),
        new Sample<>("union_flag", new Selection().setFlag(true), new Selection().setColor(COLOR_GREEN)),
        new Sample<>("union_unset", new Selection(), new Selection().setNumber(0)));
  }

  private static Moments moments(long seconds, int nanos, long lastedSeconds, int lastedNanos) {
    return new Moments().setCreatedAt(new Timestamp(seconds, nanos)).setLasted(new Duration(lastedSeconds, lastedNanos));
  }

  static List<Sample<Moments>> moments() {
    return List.of(
        new Sample<>("timestamp", moments(1709210096, 789000000, 0, 1000000), moments(-1, 999000000, 0, 2000000)),
        new Sample<>("duration", moments(0, 1000000, 90061, 1000000), moments(0, 2000000, -1, -500000000)));
  }

  static SeveralRequest several() {
    return new SeveralRequest().setFirst(-7).setSecond("zwölf").setThird(List.of(1L, -2L, Long.MAX_VALUE)).setFourth(COLOR_BLUE)
        .setFifth(item("A-1", 3, 1999, COLOR_RED));
  }

  static Ticket ticket() {
    return new Ticket().setText("did not fail").setCount(3);
  }

  /** A google.protobuf.Any of a message of contract.proto, as bytes. */
  private static ByteBuffer detail(String message, String encoded) {
    byte[] url = ("type.googleapis.com/koine.interop.v1." + message).getBytes(StandardCharsets.US_ASCII);
    byte[] value = Samples.hex(encoded);
    ByteArrayOutputStream any = new ByteArrayOutputStream();
    any.write(0x0a);
    any.write(url.length);
    any.writeBytes(url);
    any.write(0x12);
    any.write(value.length);
    any.writeBytes(value);
    return ByteBuffer.wrap(any.toByteArray());
  }

  /** MissingResource {1: "shelf/ä", 2: -12}. */
  static RpcStatus missing() {
    return new RpcStatus().setCode(5).setMessage("no such shelf: ä")
        .setDetails(List.of(detail("MissingResource", "0a087368656c662fc3a410f4ffffffffffffffff01")));
  }

  /** QuotaExceeded {1: 100, 2: LineItem {1: "Q", 2: 1000, 5: 101, 6: 5}}. */
  static RpcStatus quota() {
    return new RpcStatus().setCode(8).setMessage("over quota: 100 %")
        .setDetails(List.of(detail("QuotaExceeded", "0864120a0a015110e80728653005")));
  }
}
