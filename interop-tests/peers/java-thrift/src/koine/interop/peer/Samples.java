package koine.interop.peer;

import static koine.interop.contract.Colour.BLUE;
import static koine.interop.contract.Colour.GREEN;
import static koine.interop.contract.Colour.INFRARED;
import static koine.interop.contract.Colour.RED;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import koine.interop.contract.Address;
import koine.interop.contract.Choice;
import koine.interop.contract.Colour;
import koine.interop.contract.Customer;
import koine.interop.contract.Item;
import koine.interop.contract.Lists;
import koine.interop.contract.Maps;
import koine.interop.contract.Node;
import koine.interop.contract.NotFound;
import koine.interop.contract.Optionals;
import koine.interop.contract.Order;
import koine.interop.contract.OverQuota;
import koine.interop.contract.Paint;
import koine.interop.contract.Payload;
import koine.interop.contract.Pick;
import koine.interop.contract.Scalars;
import koine.interop.contract.Sets;
import koine.interop.contract.Ticket;
import koine.interop.contract.Times;

/** The values of cases.yaml, in contract.thrift's types. */
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
  static final Map<String, String> HEADERS_REQUEST = Map.of("x-koine-greeting", "hello", "x-koine-tag", "caller");
  static final Map<String, String> HEADERS_ANSWER = Map.of("x-koine-reply", "world", "x-koine-tag", "provider");
  static final List<Object> SEVERAL_REQUEST =
      List.of(-7, "zwölf", List.of(1L, -2L, Long.MAX_VALUE), BLUE, item("A-1", 3, 1999, RED));

  static Ticket ticket() {
    return new Ticket("did not fail", 3);
  }

  static NotFound notFound() {
    return new NotFound("shelf/ä", -12);
  }

  static OverQuota overQuota() {
    return new OverQuota("over quota: 100 %", 100, item("Q", 101, 5, INFRARED));
  }

  static Item item(String sku, int quantity, long priceCents, Colour colour) {
    return new Item(sku, quantity, priceCents, colour);
  }

  static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  /** The byte at i is i*step + start, modulo 256. */
  static byte[] pattern(int count, int step, int start) {
    byte[] data = new byte[count];
    for (int i = 0; i < count; i++) {
      data[i] = (byte) (i * step + start);
    }
    return data;
  }

  static List<Integer> numbers(int count, IntUnaryOperator value) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(value.applyAsInt(i));
    }
    return numbers;
  }

  static List<Sample<Scalars>> scalars() {
    return List.of(
        new Sample<>("scalars_max",
            new Scalars("", true, false, Byte.MAX_VALUE, Short.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, Double.MAX_VALUE),
            new Scalars("", false, true, (byte) 126, (short) 32766, 2147483646, 9223372036854775806L, 1.7976931348623155e308)),
        new Sample<>("scalars_min",
            new Scalars("", true, false, Byte.MIN_VALUE, Short.MIN_VALUE, Integer.MIN_VALUE, Long.MIN_VALUE, Double.MIN_VALUE),
            new Scalars("", true, true, (byte) -127, (short) -32767, -2147483647, -9223372036854775807L, -Double.MIN_VALUE)),
        new Sample<>("scalars_zero", new Scalars(), new Scalars().setMedium(-1)));
  }

  private static Sample<Payload> texts(String name, String request, String answer) {
    return new Sample<>(name, new Payload().setText(request), new Payload().setText(answer));
  }

  private static Sample<Payload> blobs(String name, byte[] request, byte[] answer) {
    return new Sample<>(name, new Payload().setData(request), new Payload().setData(answer));
  }

  static List<Sample<Payload>> payloads() {
    return List.of(
        texts("text_empty", "", "not empty"),
        texts("text_to_empty", "not empty", ""),
        texts("text_cjk", "你好，世界", "さようなら 안녕"),
        texts("text_emoji", "😀 👩‍👩‍👧 𝄞", "🚀é\0\t\"\\ end"),
        texts("text_64k", "0123456789abcdef".repeat(4096), "fedcba987654321é".repeat(4096)),
        blobs("bytes_empty", new byte[0], new byte[1]),
        blobs("bytes_all", pattern(256, 1, 0), pattern(256, 255, 255)),
        blobs("body_1mib", pattern(1 << 20, 7, 3), pattern(1 << 20, 11, 5)));
  }

  static List<Sample<Lists>> lists() {
    return List.of(
        new Sample<>("lists_full",
            new Lists("", List.of(true, false, true), List.of(1, -1, 0, Integer.MAX_VALUE), List.of(Long.MAX_VALUE, Long.MIN_VALUE),
                List.of(0.5, -2.25), List.of("alpha", "", "γάμμα"), List.of(ByteBuffer.wrap(hex("")), ByteBuffer.wrap(hex("00ff"))),
                List.of(RED, INFRARED, RED), List.of(item("A-1", 3, 1999, RED), item("B-2", -1, 1L << 62, INFRARED)),
                List.of(List.of(1, 2, 3), List.of(), List.of(-4))),
            new Lists("", List.of(false), List.of(Integer.MIN_VALUE, 7), List.of(1L, 2L, 3L),
                List.of(1e100), List.of("ω", "beta"),
                List.of(ByteBuffer.wrap(hex("ff")), ByteBuffer.wrap(hex("")), ByteBuffer.wrap(hex("0102"))),
                List.of(BLUE, GREEN), List.of(item("C-3", 4, -5, GREEN)), List.of(List.of(), List.of(9, 8), List.of()))),
        new Sample<>("lists_empty", new Lists(), new Lists().setNumbers(List.of(0))),
        new Sample<>("lists_long", new Lists().setNumbers(numbers(2000, i -> i * i)), new Lists().setNumbers(numbers(2000, i -> -3 * i))),
        new Sample<>("doubles_special",
            new Lists().setRatios(List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0.1)),
            new Lists().setRatios(List.of(-0.0, Double.NEGATIVE_INFINITY, Double.NaN, Double.POSITIVE_INFINITY, 0.2, 0.0))));
  }

  static List<Sample<Sets>> sets() {
    return List.of(
        new Sample<>("sets_full",
            new Sets("", Set.of(3, -1, Integer.MAX_VALUE), Set.of("x", "", "ö"), Set.of(RED, INFRARED)),
            new Sets("", Set.of(0, Integer.MIN_VALUE), Set.of("y"), Set.of(BLUE, GREEN, RED))),
        new Sample<>("sets_empty", new Sets(), new Sets().setNumberSet(Set.of(0))));
  }

  static List<Sample<Maps>> maps() {
    return List.of(
        new Sample<>("maps_int_key",
            new Maps().setByNumber(Map.of(0, "zero", -1, "", Integer.MAX_VALUE, "max"))
                .setByBigNumber(Map.of(Long.MAX_VALUE, item("M", 1, 2, RED))),
            new Maps().setByNumber(Map.of(Integer.MIN_VALUE, "min"))
                .setByBigNumber(Map.of(Long.MIN_VALUE, item("N", 3, 4, BLUE), 5L, item("O", 5, 6, GREEN)))),
        new Sample<>("maps_string_key",
            new Maps().setByName(Map.of("", 1L, "ключ", Long.MIN_VALUE, "b", 0L)),
            new Maps().setByName(Map.of("k", Long.MAX_VALUE))),
        new Sample<>("maps_enum_key",
            new Maps().setByColour(Map.of(RED, "r", INFRARED, "")),
            new Maps().setByColour(Map.of(GREEN, "g", BLUE, "b"))),
        new Sample<>("maps_nested",
            new Maps().setGroups(Map.of("g", List.of(item("A", 1, 2, RED)), "none", List.of())),
            new Maps().setGroups(Map.of("h", List.of(item("B", 2, 3, BLUE), item("C", 3, 4, GREEN))))),
        new Sample<>("maps_of_maps", new Maps().setTables(Map.of("t", Map.of(1, "one", 2, "two"), "empty", Map.of())),
            new Maps().setTables(Map.of("u", Map.of(-1, "")))),
        new Sample<>("maps_empty", new Maps(), new Maps().setByName(Map.of("", 0L))));
  }

  static List<Sample<Order>> orders() {
    return List.of(new Sample<>("nested",
        new Order("", new Customer("Ada", new Address("Unter den Linden 1", 10117)), List.of(item("A-1", 2, 1050, GREEN)), 2100),
        new Order("", new Customer("Bob", new Address("", 0)).setWork(new Address("Main St", 94105)), List.of(), -1)),
      new Sample<>("nested_home",
        new Order("", new Customer("Ada", new Address("Unter den Linden 1", 10117)), List.of(item("A-1", 2, 1050, GREEN)), 2100),
        new Order("", new Customer("Bob", new Address("", 0)), List.of(), -1)));
  }

  private static Node chain(String prefix, int sign, int count) {
    Node root = null;
    for (int i = count - 1; i >= 0; i--) {
      root = new Node(prefix + i, sign * i, List.of()).setFollowing(root);
    }
    return root;
  }

  private static Node node(String name, int weight, Node... children) {
    return new Node(name, weight, List.of(children));
  }

  static List<Sample<Node>> nodes() {
    return List.of(
        new Sample<>("recursive_chain", chain("n", 1, 24), chain("a", -1, 20)),
        new Sample<>("recursive_bush",
            node("root", 1, node("l", 2, node("ll", 3)), node("r", 4)),
            node("ROOT", -1, node("only", -2, node("x", -3), node("y", -4)))));
  }

  static List<Sample<Optionals>> optionals() {
    return List.of(
        new Sample<>("optional_unset", new Optionals(), new Optionals().setNumber(1)),
        new Sample<>("optional_to_unset", new Optionals().setNumber(1), new Optionals()),
        new Sample<>("optional_zero",
            new Optionals().setFlag(false).setNumber(0).setBigNumber(0).setRatio(0.0),
            new Optionals().setNumber(0).setRatio(0.0)),
        new Sample<>("optional_empty",
            new Optionals().setText("").setData(new byte[0]).setItem(item("", 0, 0, RED)),
            new Optionals().setData(new byte[0])),
        new Sample<>("optional_empty_list", new Optionals().setNumbers(List.of()), new Optionals().setText("").setNumbers(List.of())),
        new Sample<>("optional_set",
            new Optionals().setFlag(true).setNumber(-5).setBigNumber(6).setRatio(0.25).setText("t").setData(hex("01"))
                .setColour(BLUE).setItem(item("S", 1, 1, RED)),
            new Optionals().setFlag(false).setNumber(5).setBigNumber(-6).setRatio(-0.25).setText("u").setData(hex("02"))
                .setColour(INFRARED).setItem(item("T", 2, 2, GREEN))),
        new Sample<>("optional_list", new Optionals().setNumbers(List.of(4, 5)), new Optionals().setNumbers(List.of(6))));
  }

  /** What this program writes for the two enum cases. */
  static List<Sample<Paint>> paintsWritten() {
    return List.of(
        new Sample<>("enum_known", new Paint("", BLUE, 41), new Paint("", GREEN, 42)),
        new Sample<>("enum_unknown", new NewerPaint(77, 43), new NewerPaint(78, 44)));
  }

  /** What this program's types make of them when read: an unknown number leaves the field unset. */
  static List<Sample<Paint>> paintsRead() {
    return List.of(
        paintsWritten().get(0),
        new Sample<>("enum_unknown", new Paint().setCoats(43), new Paint().setCoats(44)));
  }

  private static Sample<Pick> picks(String name, Choice request, Choice answer) {
    return new Sample<>(name, new Pick("", request), new Pick("", answer));
  }

  static List<Sample<Pick>> picks() {
    return List.of(
        picks("union_number", Choice.number(-9), Choice.text("number seen")),
        picks("union_zero", Choice.number(0), Choice.text("")),
        picks("union_text", Choice.text("tëxt"), Choice.number(12)),
        picks("union_bytes", Choice.data(hex("00ff")), Choice.flag(false)),
        picks("union_struct", Choice.item(item("U", 1, 2, RED)), Choice.data(hex("7f80"))),
        picks("union_list", Choice.words(List.of("w", "")), Choice.item(item("V", 3, 4, BLUE))),
        picks("union_enum", Choice.colour(INFRARED), Choice.words(List.of("one", "two"))),
        picks("union_flag", Choice.flag(true), Choice.colour(GREEN)));
  }

  static List<Sample<Times>> times() {
    return List.of(
        new Sample<>("timestamp", new Times("", 1709210096789L, 1, ""), new Times("", -1, 2, "")),
        new Sample<>("duration", new Times("", 1, 90061001, ""), new Times("", 2, -1500, "")),
        new Sample<>("decimal", new Times("", 1, 1, "12.340"), new Times("", 2, 2, "-99999999999999999999.0100")));
  }
}
