# with a byte order mark and CRLF
struct A { 1: i32 a }

/** doc
 *  two
 */
struct B {
	1: A a,
}
