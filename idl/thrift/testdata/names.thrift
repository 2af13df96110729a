// Words that generators refuse as names, some of them keywords of the IDL itself.
struct class { 1: i32 end, 2: class self, 3: string from, 4: list<string> in }
enum default { module, package, import, const, struct }
struct Keywords {
  1: i32 namespace,
  2: i32 include
  3: optional string service
  4: required i32 required
  5: i32 list; 6: i32 string
  7: default exception = default.module
  8: i32 true_, 9: i32 extends 10: i32 throws, 11: i32 oneway 12: i32 typedef, 13: i32 uuid, 14: i32 cpp_type
}
service delete { void continue(1: i32 return), class yield() }
