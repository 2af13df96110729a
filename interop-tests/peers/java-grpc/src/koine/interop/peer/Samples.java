package koine.interop.peer;

import static koine.interop.v1.Color.COLOR_BLUE;
import static koine.interop.v1.Color.COLOR_GREEN;
import static koine.interop.v1.Color.COLOR_INFRARED;
import static koine.interop.v1.Color.COLOR_RED;
import static koine.interop.v1.Color.COLOR_UNSPECIFIED;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import koine.interop.v1.Blob;
import koine.interop.v1.Buyer;
import koine.interop.v1.Coating;
import koine.interop.v1.Color;
import koine.interop.v1.Dictionaries;
import koine.interop.v1.LineItem;
import koine.interop.v1.LineItemList;
import koine.interop.v1.MissingResource;
import koine.interop.v1.Moments;
import koine.interop.v1.NumberRow;
import koine.interop.v1.Numbers;
import koine.interop.v1.PostalAddress;
import koine.interop.v1.Presence;
import koine.interop.v1.Purchase;
import koine.interop.v1.QuotaExceeded;
import koine.interop.v1.Repeats;
import koine.interop.v1.Selection;
import koine.interop.v1.SeveralRequest;
import koine.interop.v1.Ticket;
import koine.interop.v1.TreeNode;
import koine.interop.v1.WordList;

/** The values of cases.yaml, in contract.proto's types. */
final class Samples {
  private Samples() {}

  static final String SEVERAL_ANSWER = "fünf von fünf";
  static final String GREET_ANSWER = "hello from the provider";
  static final long ADD_LEFT = 4000000000L;
  static final long ADD_RIGHT = -7000000000L;
  static final long ADD_ANSWER = -3000000000L;
  static final String NAMES_PREFIX = "n-";
  static final List<String> NAMES_ANSWER = List.of("n-Ä", "", "n-3");
  static final String POST_NOTE = "put it on the door";
  static final String DELIBERATE = "deliberate failure";
  static final String MISSING_TEXT = "no such shelf: ä";
  static final String QUOTA_TEXT = "over quota: 100 %";
  static final Map<String, Object> METADATA_REQUEST = Map.of("x-koine-greeting", "hello", "x-koine-blob-bin", hex("00ff800a"));
  static final Map<String, Object> HEADERS_ANSWER = Map.of("x-koine-reply", "world");
  static final Map<String, Object> TRAILERS_ANSWER = Map.of("x-koine-trail", "done", "x-koine-blob-bin", hex("ff007f01"));

  static SeveralRequest several() {
    return SeveralRequest.newBuilder().setFirst(-7).setSecond("zwölf").addAllThird(List.of(1L, -2L, Long.MAX_VALUE)).setFourth(COLOR_BLUE)
        .setFifth(item("A-1", 3, 1999, COLOR_RED)).build();
  }

  static Ticket ticket() {
    return Ticket.newBuilder().setText("did not fail").setCount(3).build();
  }

  static MissingResource missing() {
    return MissingResource.newBuilder().setResource("shelf/ä").setId(-12).build();
  }

  static QuotaExceeded quota() {
    return QuotaExceeded.newBuilder().setLimit(100).setItem(item("Q", 101, 5, COLOR_INFRARED)).build();
  }

  static LineItem item(String sku, int quantity, long priceCents, Color color) {
    return LineItem.newBuilder().setSku(sku).setQuantity(quantity).setPriceCents(priceCents).setColor(color).build();
  }

  static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  static ByteString bytes(String hex) {
    return ByteString.copyFrom(hex(hex));
  }

  /** The byte at i is i*step + start, modulo 256. */
  static ByteString pattern(int count, int step, int start) {
    byte[] data = new byte[count];
    for (int i = 0; i < count; i++) {
      data[i] = (byte) (i * step + start);
    }
    return ByteString.copyFrom(data);
  }

  static List<Integer> numbers(int count, IntUnaryOperator value) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(value.applyAsInt(i));
    }
    return numbers;
  }

  static List<Sample<Numbers>> numbers() {
    return List.of(
        new Sample<>("scalars_max",
            Numbers.newBuilder().setOpen(true).setInt32Value(Integer.MAX_VALUE).setInt64Value(Long.MAX_VALUE).setUint32Value((int) 4294967295L)
                .setUint64Value(Long.MAX_VALUE).setSint32Value(Integer.MAX_VALUE).setSint64Value(Long.MAX_VALUE)
                .setFixed32Value((int) 4294967295L).setFixed64Value(Long.MAX_VALUE).setSfixed32Value(Integer.MAX_VALUE)
                .setSfixed64Value(Long.MAX_VALUE).setFloatValue(Float.MAX_VALUE).setDoubleValue(Double.MAX_VALUE).build(),
            Numbers.newBuilder().setShut(true).setInt32Value(2147483646).setInt64Value(9223372036854775806L).setUint32Value((int) 4294967294L)
                .setUint64Value(9223372036854775806L).setSint32Value(2147483645).setSint64Value(9223372036854775805L)
                .setFixed32Value((int) 4294967293L).setFixed64Value(9223372036854775804L).setSfixed32Value(2147483644)
                .setSfixed64Value(9223372036854775803L).setFloatValue(1.5f).setDoubleValue(1.7976931348623155e308).build()),
        new Sample<>("scalars_min",
            Numbers.newBuilder().setOpen(true).setInt32Value(Integer.MIN_VALUE).setInt64Value(Long.MIN_VALUE).setUint32Value(1)
                .setUint64Value(1).setSint32Value(Integer.MIN_VALUE).setSint64Value(Long.MIN_VALUE).setFixed32Value(1)
                .setFixed64Value(1).setSfixed32Value(Integer.MIN_VALUE).setSfixed64Value(Long.MIN_VALUE)
                .setFloatValue(Float.MIN_VALUE).setDoubleValue(Double.MIN_VALUE).build(),
            Numbers.newBuilder().setOpen(true).setShut(true).setInt32Value(-2147483647).setInt64Value(-9223372036854775807L).setUint32Value(2)
                .setUint64Value(3).setSint32Value(-2147483646).setSint64Value(-9223372036854775806L).setFixed32Value(4)
                .setFixed64Value(5).setSfixed32Value(-2147483645).setSfixed64Value(-9223372036854775805L)
                .setFloatValue(-Float.MIN_VALUE).setDoubleValue(-Double.MIN_VALUE).build()),
        new Sample<>("scalars_zero", Numbers.getDefaultInstance(), Numbers.newBuilder().setInt32Value(-1).build()),
        // 2^64-1 is -1 in Java's hands.
        new Sample<>("uint64_beyond_i64", Numbers.newBuilder().setUint64Value(7).build(), Numbers.newBuilder().setUint64Value(-1).build()));
  }

  private static Sample<Blob> texts(String name, String request, String answer) {
    return new Sample<>(name, Blob.newBuilder().setText(request).build(), Blob.newBuilder().setText(answer).build());
  }

  private static Sample<Blob> blobs(String name, ByteString request, ByteString answer) {
    return new Sample<>(name, Blob.newBuilder().setContent(request).build(), Blob.newBuilder().setContent(answer).build());
  }

  static List<Sample<Blob>> blobs() {
    return List.of(
        texts("text_empty", "", "not empty"),
        texts("text_to_empty", "not empty", ""),
        texts("text_cjk", "你好，世界", "さようなら 안녕"),
        texts("text_emoji", "😀 👩‍👩‍👧 𝄞", "🚀é\0\t\"\\ end"),
        texts("text_64k", "0123456789abcdef".repeat(4096), "fedcba987654321é".repeat(4096)),
        blobs("bytes_empty", bytes(""), bytes("00")),
        blobs("bytes_all", pattern(256, 1, 0), pattern(256, 255, 255)),
        blobs("body_1mib", pattern(1 << 20, 7, 3), pattern(1 << 20, 11, 5)));
  }

  private static NumberRow row(Integer... values) {
    return NumberRow.newBuilder().addAllValues(List.of(values)).build();
  }

  static List<Sample<Repeats>> repeats() {
    return List.of(
        new Sample<>("lists_full",
            Repeats.newBuilder().addAllFlags(List.of(true, false, true)).addAllNumbers(List.of(1, -1, 0, Integer.MAX_VALUE))
                .addAllBigNumbers(List.of(Long.MAX_VALUE, Long.MIN_VALUE)).addAllRatios(List.of(0.5, -2.25))
                .addAllWords(List.of("alpha", "", "γάμμα")).addAllChunks(List.of(bytes(""), bytes("00ff")))
                .addAllColors(List.of(COLOR_RED, COLOR_INFRARED, COLOR_RED))
                .addItems(item("A-1", 3, 1999, COLOR_RED)).addItems(item("B-2", -1, 1L << 62, COLOR_INFRARED))
                .addAllGrid(List.of(row(1, 2, 3), row(), row(-4))).build(),
            Repeats.newBuilder().addFlags(false).addAllNumbers(List.of(Integer.MIN_VALUE, 7)).addAllBigNumbers(List.of(1L, 2L, 3L))
                .addRatios(1e100).addAllWords(List.of("ω", "beta")).addAllChunks(List.of(bytes("ff"), bytes(""), bytes("0102")))
                .addAllColors(List.of(COLOR_BLUE, COLOR_GREEN)).addItems(item("C-3", 4, -5, COLOR_GREEN))
                .addAllGrid(List.of(row(), row(9, 8), row())).build()),
        new Sample<>("lists_unpacked", Repeats.newBuilder().addAllUnpacked(List.of(5, -6, 7)).build(), Repeats.newBuilder().addUnpacked(8).build()),
        new Sample<>("lists_empty", Repeats.getDefaultInstance(), Repeats.newBuilder().addNumbers(0).build()),
        new Sample<>("lists_long", Repeats.newBuilder().addAllNumbers(numbers(2000, i -> i * i)).build(),
            Repeats.newBuilder().addAllNumbers(numbers(2000, i -> -3 * i)).build()),
        new Sample<>("doubles_special",
            Repeats.newBuilder().addAllRatios(List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0.1)).build(),
            Repeats.newBuilder().addAllRatios(List.of(-0.0, Double.NEGATIVE_INFINITY, Double.NaN, Double.POSITIVE_INFINITY, 0.2, 0.0)).build()));
  }

  private static LineItemList items(LineItem... items) {
    return LineItemList.newBuilder().addAllItems(List.of(items)).build();
  }

  static List<Sample<Dictionaries>> dictionaries() {
    return List.of(
        new Sample<>("maps_int_key",
            Dictionaries.newBuilder().putAllByNumber(Map.of(0, "zero", -1, "", Integer.MAX_VALUE, "max"))
                .putByBigNumber(Long.MAX_VALUE, item("M", 1, 2, COLOR_RED)).build(),
            Dictionaries.newBuilder().putByNumber(Integer.MIN_VALUE, "min")
                .putAllByBigNumber(Map.of(Long.MIN_VALUE, item("N", 3, 4, COLOR_BLUE), 5L, item("O", 5, 6, COLOR_GREEN))).build()),
        new Sample<>("maps_string_key",
            Dictionaries.newBuilder().putAllByName(Map.of("", 1L, "ключ", Long.MIN_VALUE, "b", 0L)).build(),
            Dictionaries.newBuilder().putByName("k", Long.MAX_VALUE).build()),
        new Sample<>("maps_bool_key", Dictionaries.newBuilder().putAllByFlag(Map.of(true, "yes", false, "")).build(),
            Dictionaries.newBuilder().putByFlag(false, "no").build()),
        new Sample<>("maps_enum_value", Dictionaries.newBuilder().putAllColorByName(Map.of("r", COLOR_RED, "i", COLOR_INFRARED)).build(),
            Dictionaries.newBuilder().putColorByName("g", COLOR_GREEN).build()),
        new Sample<>("maps_nested",
            Dictionaries.newBuilder().putAllGroups(Map.of("g", items(item("A", 1, 2, COLOR_RED)), "none", items())).build(),
            Dictionaries.newBuilder().putGroups("h", items(item("B", 2, 3, COLOR_BLUE), item("C", 3, 4, COLOR_GREEN))).build()),
        new Sample<>("maps_empty", Dictionaries.getDefaultInstance(), Dictionaries.newBuilder().putByName("", 0L).build()));
  }

  private static PostalAddress address(String street, int zip) {
    return PostalAddress.newBuilder().setStreet(street).setZip(zip).build();
  }

  static List<Sample<Purchase>> purchases() {
    return List.of(new Sample<>("nested",
        Purchase.newBuilder().setBuyer(Buyer.newBuilder().setName("Ada").setHome(address("Unter den Linden 1", 10117)))
            .addLines(item("A-1", 2, 1050, COLOR_GREEN)).setTotalCents(2100).build(),
        Purchase.newBuilder().setBuyer(Buyer.newBuilder().setName("Bob").setHome(address("", 0))
            .setWork(Buyer.Contact.newBuilder().setEmail("bob@example.com").setAddress(address("Main St", 94105))))
            .setTotalCents(-1).build()),
      new Sample<>("nested_home",
        Purchase.newBuilder().setBuyer(Buyer.newBuilder().setName("Ada").setHome(address("Unter den Linden 1", 10117)))
            .addLines(item("A-1", 2, 1050, COLOR_GREEN)).setTotalCents(2100).build(),
        Purchase.newBuilder().setBuyer(Buyer.newBuilder().setName("Bob").setHome(address("", 0)))
            .setTotalCents(-1).build()));
  }

  private static TreeNode chain(String prefix, int sign, int count) {
    TreeNode root = null;
    for (int i = count - 1; i >= 0; i--) {
      TreeNode.Builder node = TreeNode.newBuilder().setLabel(prefix + i).setWeight(sign * i);
      root = root == null ? node.build() : node.setTail(root).build();
    }
    return root;
  }

  private static TreeNode node(String label, int weight, TreeNode... children) {
    return TreeNode.newBuilder().setLabel(label).setWeight(weight).addAllChildren(List.of(children)).build();
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
        new Sample<>("optional_unset", Presence.getDefaultInstance(), Presence.newBuilder().setNumber(1).build()),
        new Sample<>("optional_to_unset", Presence.newBuilder().setNumber(1).build(), Presence.getDefaultInstance()),
        new Sample<>("optional_zero",
            Presence.newBuilder().setFlag(false).setNumber(0).setBigNumber(0).setRatio(0.0).setColor(COLOR_UNSPECIFIED).build(),
            Presence.newBuilder().setNumber(0).setRatio(0.0).build()),
        new Sample<>("optional_empty",
            Presence.newBuilder().setText("").setContent(bytes("")).setItem(LineItem.getDefaultInstance()).build(),
            Presence.newBuilder().setContent(bytes("")).build()),
        new Sample<>("optional_set",
            Presence.newBuilder().setFlag(true).setNumber(-5).setBigNumber(6).setRatio(0.25).setText("t").setContent(bytes("01"))
                .setColor(COLOR_BLUE).setItem(item("S", 1, 1, COLOR_RED)).build(),
            Presence.newBuilder().setFlag(false).setNumber(5).setBigNumber(-6).setRatio(-0.25).setText("u").setContent(bytes("02"))
                .setColor(COLOR_INFRARED).setItem(item("T", 2, 2, COLOR_GREEN)).build()));
  }

  static List<Sample<Coating>> coatings() {
    return List.of(
        new Sample<>("enum_known", Coating.newBuilder().setColor(COLOR_BLUE).setLayers(41).build(),
            Coating.newBuilder().setColor(COLOR_GREEN).setLayers(42).build()),
        new Sample<>("enum_unknown", Coating.newBuilder().setColorValue(77).setLayers(43).build(),
            Coating.newBuilder().setColorValue(78).setLayers(44).build()));
  }

  private static Sample<Selection> selects(String name, Selection.Builder request, Selection.Builder answer) {
    return new Sample<>(name, request.build(), answer.build());
  }

  static List<Sample<Selection>> selections() {
    return List.of(
        selects("union_number", Selection.newBuilder().setNumber(-9), Selection.newBuilder().setText("number seen")),
        selects("union_zero", Selection.newBuilder().setNumber(0), Selection.newBuilder().setText("")),
        selects("union_text", Selection.newBuilder().setText("tëxt"), Selection.newBuilder().setNumber(12)),
        selects("union_bytes", Selection.newBuilder().setContent(bytes("00ff")), Selection.newBuilder().setFlag(false)),
        selects("union_struct", Selection.newBuilder().setItem(item("U", 1, 2, COLOR_RED)), Selection.newBuilder().setContent(bytes("7f80"))),
        selects("union_list", Selection.newBuilder().setWords(WordList.newBuilder().addAllWords(List.of("w", ""))),
            Selection.newBuilder().setItem(item("V", 3, 4, COLOR_BLUE))),
        selects("union_enum", Selection.newBuilder().setColor(COLOR_INFRARED),
            Selection.newBuilder().setWords(WordList.newBuilder().addAllWords(List.of("one", "two")))),
        selects("union_flag", Selection.newBuilder().setFlag(true), Selection.newBuilder().setColor(COLOR_GREEN)),
        selects("union_unset", Selection.newBuilder(), Selection.newBuilder().setNumber(0)));
  }

  private static Moments moments(long seconds, int nanos, long lastedSeconds, int lastedNanos) {
    return Moments.newBuilder().setCreatedAt(Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos))
        .setLasted(Duration.newBuilder().setSeconds(lastedSeconds).setNanos(lastedNanos)).build();
  }

  static List<Sample<Moments>> moments() {
    return List.of(
        new Sample<>("timestamp", moments(1709210096, 789000000, 0, 1000000), moments(-1, 999000000, 0, 2000000)),
        new Sample<>("duration", moments(0, 1000000, 90061, 1000000), moments(0, 2000000, -1, -500000000)));
  }
}
