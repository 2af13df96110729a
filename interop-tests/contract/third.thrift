/**
 * The interop contract as a third team wrote it, in Thrift as well, and as far from contract.thrift as from
 * contract.proto: snake_case, other ids in another order, wider integers, a list where another has a set, arguments
 * where the others have a struct and structs where they have arguments, bare results in structs of their own, enum
 * values with a prefix, a 0 and other numbers, required and optional fields, exceptions with a text, a service that
 * extends another. third.yaml has the cases in these words.
 */
namespace java koine.interop.third

typedef i64 Token
typedef i64 Cents
typedef string CaseKey

enum Hue {
  CLR_NONE = 0
  CLR_INFRARED = 1
  CLR_BLUE = 2
  CLR_GREEN = 3
  CLR_RED = 4
}

struct Article {
  4: required string sku
  3: i64 quantity
  2: Cents price_cents
  1: optional Hue hue
}

struct NumberSample {
  10: CaseKey case_id
  11: bool is_open
  12: bool is_shut
  13: i32 tiny
  14: i32 small
  15: i64 medium
  16: i64 large
  17: double ratio
}

struct Parcel {
  1: binary body
  2: string text
  3: CaseKey case_id
}

struct GridRow {
  1: list<i64> cells
}

struct ListSample {
  1: list<Article> articles
  2: list<bool> flags
  3: list<i64> numbers
  4: list<i64> big_numbers
  5: list<double> ratios
  6: list<string> words
  7: list<binary> chunks
  8: list<Hue> hues
  9: list<GridRow> grid
  10: list<i32> unpacked
  99: CaseKey case_id
}

struct SetSample {
  1: CaseKey case_id
  2: set<i64> number_set
  3: list<string> word_set
  4: set<Hue> hue_set
}

struct ArticleGroup {
  1: list<Article> members
}

struct MapSample {
  1: CaseKey case_id
  2: map<string, Hue> color_by_name
  3: map<bool, string> by_flag
  4: map<Hue, string> by_hue
  5: map<i64, string> by_number
  6: map<i64, Article> by_big_number
  7: map<string, i64> by_name
  8: map<string, ArticleGroup> article_groups
  9: map<string, map<i32, string>> tables
}

struct Place {
  1: i64 postcode
  2: string street
}

struct Person {
  1: optional Place work_place
  2: Place home
  3: string full_name
}

struct Receipt {
  1: CaseKey case_id
  2: optional Cents total_cents
  3: list<Article> order_lines
  4: Person client
}

struct Branch {
  1: list<Branch> branches
  2: i64 weight
  3: optional Branch & next_branch
  4: string title
}

struct MaybeSample {
  1: optional list<i64> numbers
  2: optional Article article
  3: optional Hue hue
  4: optional binary blob
  5: optional string text
  6: optional double ratio
  7: optional i64 big_number
  8: optional i64 number
  9: optional bool flag
  10: CaseKey case_id
}

struct CoatJob {
  1: i64 coats
  2: Hue hue
  3: CaseKey case_id
}

union AnyValue {
  1: bool flag
  2: Hue hue
  3: list<string> words
  4: Article article
  5: binary blob
  6: string text
  7: i64 number
}

struct Picked {
  1: CaseKey case_id
  2: AnyValue value
}

struct TimeSample {
  1: string price (koine.as = "decimal")
  2: i64 lasted_ms (koine.as = "duration", koine.unit = "ms")
  3: i64 created_at_ms (koine.as = "instant", koine.unit = "ms")
  4: CaseKey case_id
}

struct SeveralQuery {
  1: Article fifth
  2: Hue fourth
  3: list<i64> third
  4: string second
  5: i64 first
}

struct SeveralReply {
  1: string text
}

struct NameList {
  1: list<string> found
}

struct Voucher {
  1: i64 count
  2: string wording
}

struct Tally {
  1: i64 posts
  2: i64 resets
  3: i64 lingers_started
  4: i64 lingers_cancelled
}

exception MissingEntry {
  1: i64 id
  2: string resource
  3: string message
} (koine.code = "NOT_FOUND")

exception QuotaError {
  1: Article item
  2: i64 quota_limit
  3: string message
} (koine.code = "RESOURCE_EXHAUSTED")

service Upkeep {
  string say_hello()
  void reset_token(1: Token token)
  oneway void post_note(1: string note, 2: Token token)
  Tally seen_so_far(1: Token token)
  Token stamp_token(1: Token token)
}

service Trials extends Upkeep {
  NumberSample check_numbers(1: NumberSample sample)
  Parcel send_parcel(1: Parcel parcel)
  ListSample check_lists(1: ListSample sample)
  SetSample check_sets(1: SetSample sample)
  MapSample check_maps(1: MapSample sample)
  Receipt submit_order(4: CaseKey case_id, 3: Person client, 2: list<Article> order_lines, 1: Cents total_cents)
  Branch grow_tree(1: Branch root)
  MaybeSample check_optionals(1: MaybeSample sample)
  CoatJob coat_it(1: CoatJob job)
  Picked pick_one(1: Picked picked)
  TimeSample check_times(1: TimeSample moments)

  SeveralReply several_things(1: SeveralQuery query)
  i64 add(2: i64 left_value, 1: i64 right_value)
  NameList names_with(1: string prefix)

  Voucher fail_for(1: CaseKey case_id) throws (1: QuotaError quota, 2: MissingEntry missing)
  Token linger_for(1: i64 wait_millis, 2: Token token)
  map<string, string> swap_headers(1: map<string, string> headers)
}
