/** Only the second comment is the struct's. */
/** A tree. */
struct Tree { 1: optional Tree left; 2: optional Tree right; 3: Payload payload; 4: Late late }
typedef Payload Late
union Payload { 1: i32 number; 2: Tree tree; 3: list<Payload> many }
exception Boom {}
service One { void f() throws (1: Boom boom) }
/**/ struct /* in between */ NoDoc /* here */ { /** a */ 1: i32 a /* after */ }
