package koine.interop.peer;

import static koine.interop.contract.proto.Colour.COLOUR_BLUE;
import static koine.interop.contract.proto.Colour.COLOUR_GREEN;
import static koine.interop.contract.proto.Colour.COLOUR_INFRARED;
import static koine.interop.contract.proto.Colour.COLOUR_RED;

import java.util.List;
import java.util.Map;
import koine.interop.contract.proto.Address;
import koine.interop.contract.proto.Choice;
import koine.interop.contract.proto.Colour;
import koine.interop.contract.proto.Customer;
import koine.interop.contract.proto.Item;
import koine.interop.contract.proto.ListOfInt32;
import koine.interop.contract.proto.ListOfItem;
import koine.interop.contract.proto.ListOfString;
import koine.interop.contract.proto.Lists;
import koine.interop.contract.proto.MapOfInt32ToString;
import koine.interop.contract.proto.Maps;
import koine.interop.contract.proto.Node;
import koine.interop.contract.proto.NotFound;
import koine.interop.contract.proto.Optionals;
import koine.interop.contract.proto.Order;
import koine.interop.contract.proto.OverQuota;
import koine.interop.contract.proto.Paint;
import koine.interop.contract.proto.Payload;
import koine.interop.contract.proto.Pick;
import koine.interop.contract.proto.Scalars;
import koine.interop.contract.proto.Sets;
import koine.interop.contract.proto.SeveralRequest;
import koine.interop.contract.proto.Ticket;
import koine.interop.contract.proto.Times;

/**
 * The values of contract.thrift's cases in the types of the proto that Koine derives from it: small
 * numbers travel as int32, sets as lists, enum keys as their numbers, and a container within a
 * container or within a union has a message of its own.
 */
final class DerivedSamples {
  private DerivedSamples() {}

  static final Map<String, Object> METADATA_REQUEST = Map.of("x-koine-greeting", "hello", "x-koine-tag", "caller");
  static final Map<String, String> HEADERS_ANSWER = Map.of("x-koine-reply", "world", "x-koine-tag", "provider");

  static SeveralRequest several() {
    return SeveralRequest.newBuilder().setFirst(-7).setSecond("zwölf").addAllThird(List.of(1L, -2L, Long.MAX_VALUE)).setFourth(COLOUR_BLUE)
        .setFifth(item("A-1", 3, 1999, COLOUR_RED)).build();
  }

  static Ticket ticket() {
    return Ticket.newBuilder().setText("did not fail").setCount(3).build();
  }

  static NotFound notFound() {
    return NotFound.newBuilder().setResource("shelf/ä").setId(-12).build();
  }

  static OverQuota overQuota() {
    return OverQuota.newBuilder().setMessage("over quota: 100 %").setLimit(100).setItem(item("Q", 101, 5, COLOUR_INFRARED)).build();
  }

  static Item item(String sku, int quantity, long priceCents, Colour colour) {
    return Item.newBuilder().setSku(sku).setQuantity(quantity).setPriceCents(priceCents).setColour(colour).build();
  }

  private static Scalars scalars(boolean open, boolean shut, int tiny, int small, int medium, long large, double ratio) {
    return Scalars.newBuilder().setOpen(open).setShut(shut).setTiny(tiny).setSmall(small).setMedium(medium).setLarge(large)
        .setRatio(ratio).build();
  }

  static List<Sample<Scalars>> scalars() {
    return List.of(
        new Sample<>("scalars_max",
            scalars(true, false, 127, 32767, Integer.MAX_VALUE, Long.MAX_VALUE, Double.MAX_VALUE),
            scalars(false, true, 126, 32766, 2147483646, 9223372036854775806L, 1.7976931348623155e308)),
        new Sample<>("scalars_min",
            scalars(true, false, -128, -32768, Integer.MIN_VALUE, Long.MIN_VALUE, Double.MIN_VALUE),
            scalars(true, true, -127, -32767, -2147483647, -9223372036854775807L, -Double.MIN_VALUE)),
        new Sample<>("scalars_zero", Scalars.getDefaultInstance(), Scalars.newBuilder().setMedium(-1).build()),
        // No provider can be asked this: 128 is no i8, whatever its answer would be.
        new Sample<>("i8_out_of_range", Scalars.newBuilder().setTiny(128).build(), Scalars.getDefaultInstance()));
  }

  private static Sample<Payload> texts(String name, String request, String answer) {
    return new Sample<>(name, Payload.newBuilder().setText(request).build(), Payload.newBuilder().setText(answer).build());
  }

  static List<Sample<Payload>> payloads() {
    return List.of(
        texts("text_empty", "", "not empty"),
        texts("text_to_empty", "not empty", ""),
        texts("text_cjk", "你好，世界", "さようなら 안녕"),
        texts("text_emoji", "😀 👩‍👩‍👧 𝄞", "🚀é\0\t\"\\ end"),
        texts("text_64k", "0123456789abcdef".repeat(4096), "fedcba987654321é".repeat(4096)),
        new Sample<>("bytes_empty", Payload.getDefaultInstance(), Payload.newBuilder().setData(Samples.bytes("00")).build()),
        new Sample<>("bytes_all", Payload.newBuilder().setData(Samples.pattern(256, 1, 0)).build(),
            Payload.newBuilder().setData(Samples.pattern(256, 255, 255)).build()),
        new Sample<>("body_1mib", Payload.newBuilder().setData(Samples.pattern(1 << 20, 7, 3)).build(),
            Payload.newBuilder().setData(Samples.pattern(1 << 20, 11, 5)).build()));
  }

  private static ListOfInt32 numbers(Integer... values) {
    return ListOfInt32.newBuilder().addAllValue(List.of(values)).build();
  }

  static List<Sample<Lists>> lists() {
    return List.of(
        new Sample<>("lists_full",
            Lists.newBuilder().addAllFlags(List.of(true, false, true)).addAllNumbers(List.of(1, -1, 0, Integer.MAX_VALUE))
                .addAllBigNumbers(List.of(Long.MAX_VALUE, Long.MIN_VALUE)).addAllRatios(List.of(0.5, -2.25))
                .addAllWords(List.of("alpha", "", "γάμμα")).addAllChunks(List.of(Samples.bytes(""), Samples.bytes("00ff")))
                .addAllColours(List.of(COLOUR_RED, COLOUR_INFRARED, COLOUR_RED))
                .addItems(item("A-1", 3, 1999, COLOUR_RED)).addItems(item("B-2", -1, 1L << 62, COLOUR_INFRARED))
                .addAllGrid(List.of(numbers(1, 2, 3), numbers(), numbers(-4))).build(),
            Lists.newBuilder().addFlags(false).addAllNumbers(List.of(Integer.MIN_VALUE, 7)).addAllBigNumbers(List.of(1L, 2L, 3L))
                .addRatios(1e100).addAllWords(List.of("ω", "beta"))
                .addAllChunks(List.of(Samples.bytes("ff"), Samples.bytes(""), Samples.bytes("0102")))
                .addAllColours(List.of(COLOUR_BLUE, COLOUR_GREEN)).addItems(item("C-3", 4, -5, COLOUR_GREEN))
                .addAllGrid(List.of(numbers(), numbers(9, 8), numbers())).build()),
        new Sample<>("lists_empty", Lists.getDefaultInstance(), Lists.newBuilder().addNumbers(0).build()),
        new Sample<>("lists_long", Lists.newBuilder().addAllNumbers(Samples.numbers(2000, i -> i * i)).build(),
            Lists.newBuilder().addAllNumbers(Samples.numbers(2000, i -> -3 * i)).build()),
        new Sample<>("doubles_special",
            Lists.newBuilder().addAllRatios(List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0.1)).build(),
            Lists.newBuilder().addAllRatios(List.of(-0.0, Double.NEGATIVE_INFINITY, Double.NaN, Double.POSITIVE_INFINITY, 0.2, 0.0)).build()));
  }

  /** Lists in sorted(…) order. */
  static List<Sample<Sets>> sets() {
    return List.of(
        new Sample<>("sets_full",
            Sets.newBuilder().addAllNumberSet(List.of(3, -1, Integer.MAX_VALUE)).addAllWordSet(List.of("x", "", "ö"))
                .addAllColourSet(List.of(COLOUR_RED, COLOUR_INFRARED)).build(),
            sorted(Sets.newBuilder().addAllNumberSet(List.of(0, Integer.MIN_VALUE)).addWordSet("y")
                .addAllColourSet(List.of(COLOUR_BLUE, COLOUR_GREEN, COLOUR_RED)).build())),
        new Sample<>("sets_empty", Sets.getDefaultInstance(), Sets.newBuilder().addNumberSet(0).build()));
  }

  /** The same sets in one order: a set has none, and what derived proto carries it in does. */
  static Sets sorted(Sets sets) {
    return sets.toBuilder()
        .clearNumberSet().addAllNumberSet(sets.getNumberSetList().stream().sorted().toList())
        .clearWordSet().addAllWordSet(sets.getWordSetList().stream().sorted().toList())
        .clearColourSet().addAllColourSetValue(sets.getColourSetValueList().stream().sorted().toList()).build();
  }

  private static ListOfItem items(Item... items) {
    return ListOfItem.newBuilder().addAllValue(List.of(items)).build();
  }

  private static MapOfInt32ToString table(Map<Integer, String> entries) {
    return MapOfInt32ToString.newBuilder().putAllValue(entries).build();
  }

  static List<Sample<Maps>> maps() {
    return List.of(
        new Sample<>("maps_int_key",
            Maps.newBuilder().putAllByNumber(Map.of(0, "zero", -1, "", Integer.MAX_VALUE, "max"))
                .putByBigNumber(Long.MAX_VALUE, item("M", 1, 2, COLOUR_RED)).build(),
            Maps.newBuilder().putByNumber(Integer.MIN_VALUE, "min")
                .putAllByBigNumber(Map.of(Long.MIN_VALUE, item("N", 3, 4, COLOUR_BLUE), 5L, item("O", 5, 6, COLOUR_GREEN))).build()),
        new Sample<>("maps_string_key",
            Maps.newBuilder().putAllByName(Map.of("", 1L, "ключ", Long.MIN_VALUE, "b", 0L)).build(),
            Maps.newBuilder().putByName("k", Long.MAX_VALUE).build()),
        new Sample<>("maps_enum_key",
            Maps.newBuilder().putAllByColour(Map.of(COLOUR_RED.getNumber(), "r", COLOUR_INFRARED.getNumber(), "")).build(),
            Maps.newBuilder().putAllByColour(Map.of(COLOUR_GREEN.getNumber(), "g", COLOUR_BLUE.getNumber(), "b")).build()),
        new Sample<>("maps_nested",
            Maps.newBuilder().putAllGroups(Map.of("g", items(item("A", 1, 2, COLOUR_RED)), "none", items())).build(),
            Maps.newBuilder().putGroups("h", items(item("B", 2, 3, COLOUR_BLUE), item("C", 3, 4, COLOUR_GREEN))).build()),
        new Sample<>("maps_of_maps",
            Maps.newBuilder().putAllTables(Map.of("t", table(Map.of(1, "one", 2, "two")), "empty", table(Map.of()))).build(),
            Maps.newBuilder().putTables("u", table(Map.of(-1, ""))).build()),
        new Sample<>("maps_empty", Maps.getDefaultInstance(), Maps.newBuilder().putByName("", 0L).build()));
  }

  private static Address address(String street, int zip) {
    return Address.newBuilder().setStreet(street).setZip(zip).build();
  }

  static List<Sample<Order>> orders() {
    return List.of(new Sample<>("nested",
        Order.newBuilder().setCustomer(Customer.newBuilder().setName("Ada").setHome(address("Unter den Linden 1", 10117)))
            .addLines(item("A-1", 2, 1050, COLOUR_GREEN)).setTotalCents(2100).build(),
        Order.newBuilder().setCustomer(Customer.newBuilder().setName("Bob").setHome(address("", 0)).setWork(address("Main St", 94105)))
            .setTotalCents(-1).build()),
      new Sample<>("nested_home",
        Order.newBuilder().setCustomer(Customer.newBuilder().setName("Ada").setHome(address("Unter den Linden 1", 10117)))
            .addLines(item("A-1", 2, 1050, COLOUR_GREEN)).setTotalCents(2100).build(),
        Order.newBuilder().setCustomer(Customer.newBuilder().setName("Bob").setHome(address("", 0)))
            .setTotalCents(-1).build()));
  }

  private static Node chain(String prefix, int sign, int count) {
    Node root = null;
    for (int i = count - 1; i >= 0; i--) {
      Node.Builder node = Node.newBuilder().setName(prefix + i).setWeight(sign * i);
      root = root == null ? node.build() : node.setFollowing(root).build();
    }
    return root;
  }

  private static Node node(String name, int weight, Node... children) {
    return Node.newBuilder().setName(name).setWeight(weight).addAllChildren(List.of(children)).build();
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
        new Sample<>("optional_unset", Optionals.getDefaultInstance(), Optionals.newBuilder().setNumber(1).build()),
        new Sample<>("optional_to_unset", Optionals.newBuilder().setNumber(1).build(), Optionals.getDefaultInstance()),
        new Sample<>("optional_zero",
            Optionals.newBuilder().setFlag(false).setNumber(0).setBigNumber(0).setRatio(0.0).build(),
            Optionals.newBuilder().setNumber(0).setRatio(0.0).build()),
        new Sample<>("optional_empty",
            Optionals.newBuilder().setText("").setData(Samples.bytes("")).setItem(item("", 0, 0, COLOUR_RED)).build(),
            Optionals.newBuilder().setData(Samples.bytes("")).build()),
        new Sample<>("optional_empty_list", Optionals.newBuilder().setNumbers(numbers()).build(),
            Optionals.newBuilder().setText("").setNumbers(numbers()).build()),
        new Sample<>("optional_set",
            Optionals.newBuilder().setFlag(true).setNumber(-5).setBigNumber(6).setRatio(0.25).setText("t").setData(Samples.bytes("01"))
                .setColour(COLOUR_BLUE).setItem(item("S", 1, 1, COLOUR_RED)).build(),
            Optionals.newBuilder().setFlag(false).setNumber(5).setBigNumber(-6).setRatio(-0.25).setText("u").setData(Samples.bytes("02"))
                .setColour(COLOUR_INFRARED).setItem(item("T", 2, 2, COLOUR_GREEN)).build()),
        new Sample<>("optional_list", Optionals.newBuilder().setNumbers(numbers(4, 5)).build(), Optionals.newBuilder().setNumbers(numbers(6)).build()));
  }

  static List<Sample<Paint>> paints() {
    return List.of(
        new Sample<>("enum_known", Paint.newBuilder().setColour(COLOUR_BLUE).setCoats(41).build(),
            Paint.newBuilder().setColour(COLOUR_GREEN).setCoats(42).build()),
        new Sample<>("enum_unknown", Paint.newBuilder().setColourValue(77).setCoats(43).build(),
            Paint.newBuilder().setColourValue(78).setCoats(44).build()));
  }

  private static Sample<Pick> picks(String name, Choice.Builder request, Choice.Builder answer) {
    return new Sample<>(name, Pick.newBuilder().setChoice(request).build(), Pick.newBuilder().setChoice(answer).build());
  }

  private static ListOfString words(String... words) {
    return ListOfString.newBuilder().addAllValue(List.of(words)).build();
  }

  static List<Sample<Pick>> picks() {
    return List.of(
        picks("union_number", Choice.newBuilder().setNumber(-9), Choice.newBuilder().setText("number seen")),
        picks("union_zero", Choice.newBuilder().setNumber(0), Choice.newBuilder().setText("")),
        picks("union_text", Choice.newBuilder().setText("tëxt"), Choice.newBuilder().setNumber(12)),
        picks("union_bytes", Choice.newBuilder().setData(Samples.bytes("00ff")), Choice.newBuilder().setFlag(false)),
        picks("union_struct", Choice.newBuilder().setItem(item("U", 1, 2, COLOUR_RED)), Choice.newBuilder().setData(Samples.bytes("7f80"))),
        picks("union_list", Choice.newBuilder().setWords(words("w", "")), Choice.newBuilder().setItem(item("V", 3, 4, COLOUR_BLUE))),
        picks("union_enum", Choice.newBuilder().setColour(COLOUR_INFRARED), Choice.newBuilder().setWords(words("one", "two"))),
        picks("union_flag", Choice.newBuilder().setFlag(true), Choice.newBuilder().setColour(COLOUR_GREEN)));
  }

  private static Times times(long createdAt, long lasted, String price) {
    return Times.newBuilder().setCreatedAt(createdAt).setLasted(lasted).setPrice(price).build();
  }

  static List<Sample<Times>> times() {
    return List.of(
        new Sample<>("timestamp", times(1709210096789L, 1, ""), times(-1, 2, "")),
        new Sample<>("duration", times(1, 90061001, ""), times(2, -1500, "")),
        new Sample<>("decimal", times(1, 1, "12.340"), times(2, 2, "-99999999999999999999.0100")));
  }
}
