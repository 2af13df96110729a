namespace * acme.koine

typedef i16 (koine.range = "u8") Percent
typedef i64 Counter (koine.range = "u64")
typedef i64 Plain

struct Ranges {
  1: i16 (koine.range = "u8") a
  2: i32 b (koine.range = "u16")
  3: i64 c = 4294967295 (koine.range = "u32", note = "kept")
  4: i64 d (koine.range = "u64", koine.default = "18446744073709551615")
  5: double e (koine.range = "f32")
  6: list<i64 (koine.range = "u32", koine.number = "fixed")> f
  7: i32 g (koine.number = "zigzag")
  8: Percent h = 255
  9: map<i64 (koine.range = "u64"), Counter> i
  10: Plain j (koine.range = "u32")
  11: i8 k (koine.range = "i8")
  12: optional double l (koine.default = "-inf")
  13: double m (koine.default = "nan")
}

struct Names {
  1: i32 order_id
  2: i32 order_no (koine.json_name = "number")
  3: i32 klass_ (koine.name = "class_of_it")
  4: optional i32 left (koine.oneof = "side")
  5: optional i32 right (koine.oneof = "side")
}

exception Gone { 1: string message } (koine.code = "NOT_FOUND")

service Koine {
  i64 count() throws (1: Gone gone) (koine.range = "u64", koine.idempotent = "true", other = "kept")
  Plain plain() (koine.range = "u32")
  Percent percent() (koine.idempotent = "0")
}
