namespace java com.acme.shared

typedef i64 UserId

enum Kind { FIRST = 1, SECOND }

struct Point {
  1: i32 x
  2: i32 y = 1
}

const Point ZERO = {"x": 0, "y": 0}

exception Failure { 1: string why }

service Root {
  Point origin() throws (1: Failure failure)
}
