/** The file's own comment,
 *   over two lines.
 */

include "shared.thrift"
cpp_include "<unordered_map>"

namespace * acme.sink
namespace java com.acme.sink (version = "1")
namespace cpp acme.sink
namespace py.twisted acme_sink

# a comment
// another

/** What a level is. */
typedef i32 Level
typedef Level Depth (note = "chained")
typedef map<string, list<shared.Point>> Index
typedef shared.UserId Owner

/** Colours. */
enum Colour {
  RED,
  /** the colour of grass */
  GREEN = 5 (deprecated);
  BLUE
  CRIMSON = 0,
  HEX = 0x10
} (palette = "basic", closed)

enum Empty {}

const i32 LIMIT = 0x7FFFFFFF
const i64 SMALLEST = -9223372036854775808;
const double HALF = .5
const double BIG = 1e5,
const double WHOLE = 3
const bool YES = true
const bool NO = 0
const string QUOTED = 'it\'s "quoted"\ttab \\ back'
const binary RAW = "raw"
const Colour FAVOURITE = Colour.GREEN
const Colour BY_NUMBER = 5
const i32 GREEN_NUMBER = Colour.GREEN
const shared.Kind OTHER = shared.Kind.SECOND
const list<i32> NUMBERS = [1, 2; 3 LIMIT]
const set<string> WORDS = ["a", "b"]
const list<i32> NONE = []
const map<list<i32>, shared.Point> PLACES = {[1, 2]: {"x": 1, "y": -2}, []: {}}
const shared.Point ORIGIN = {"x": 0, "y": 0}
const map<string, map<Colour, double>> DEEP = {"a": {Colour.RED: 1, Colour.BLUE: 2.5}}

/** Everything a field can be. */
struct Everything {
  1: bool flag = true,
  2: byte old_byte;
  3: i8 tiny = -128
  4: i16 small (go.tag = 'json:"small"', bare)
  5: required i32 medium,
  6: optional i64 large = SMALLEST
  7: double real = 2
  8: string text = "x"
  9: binary data
  /**
   * A list of points,
   * with a comment of several lines.
   */
  10: list<shared.Point> points = [{"x": 1}]
  11: set<Colour> colours = [Colour.RED]
  12: map<string, i32> counts = {"a": 1}
  13: Level level = LIMIT
  14: optional Everything following
  15: Colour colour = Colour.BLUE
  16: list<map<i32, set<string>>> nested
  17: map<shared.Point, list<i64>> by_point
  18: Choice & choice
  19: list<i32> cpp_type "std::deque<int32_t>" deque
  20: map cpp_type "std::unordered_map<int, int>" <i32, i32> hashed
  21: set cpp_type "x" <i32 (a = "b")> hinted
  22: string nillable xsd_optional xsd_nillable xsd_attrs { 1: i32 attribute } (x = "y")
  0x20: optional Index where
  100: shared.UserId user,
} (cpp.allow_skip = "yes")

struct All xsd_all { 1: i32 a }

union Choice {
  1: i32 number = 7
  2: string text
  3: optional shared.Point point
}

exception NotFound {
  1: string message
  2: Depth code
} (koine.code = "NOT_FOUND")

struct Nothing {}

struct Old {
  i32 first
  0: i32 second
  -7: i32 third
  3: i32 fourth
  i32 fifth
}

service Base extends shared.Root {
  void ping(),
  oneway void forget(1: i32 id) (hint = "fast")
}

/** The service. */
service Sink extends Base {
  /** Finds. */
  Everything find(1: i32 id, 2: optional string name = "all", /** how deep */ 3: Depth depth) throws (1: NotFound missing, 2: shared.Failure failure) (koine.idempotent = "true");
  async void notify(i32 a, string b)
  list<map<string, Colour>> many(1: required Choice choice = {"number": 3}),
  Level level()
} (owner = "team")
