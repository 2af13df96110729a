# Forms that the compiler 0.17 still takes, most of them with a warning.
cpp_include "<vector>"
cpp_include "<map>"
namespace smalltalk.category Old

const double ZERO = +.0e0;
const i64 NEGATIVE_HEX = -0x10
const i32 PLUS = +7,
const i64 MOST = +0x7fffffffffffffff

enum Truth { NO = false, YES = true; MAYBE }

struct Old xsd_all {
  true: byte first;
  2: optional byte second
  3: list<i32> cpp_type "std::vector<int>" numbers,
  4: map cpp_type "std::map<int, int>" <i32, i32> pairs;
  5: i32 &held
  6: string text xsd_optional xsd_nillable xsd_attrs { 1: byte inner, 2: string (a = "b") other } (c = 'd');
  byte unnumbered,
  -7: i32 negative
  0: i32 zero
}

service Post {
  async void send(byte a; 2: byte b),
  oneway void sent()
}
