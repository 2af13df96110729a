/**
 * What the IDL compiler of the distribution (0.17) does not know yet: peers with a newer library write and read this by
 * their library's protocol API. A second service of the same providers. The lists and maps are unset where a library
 * cannot read them.
 */
namespace java koine.interop.newer
namespace go newer

struct Badge {
  1: string caseId
  2: uuid id
  3: optional uuid parent
  4: optional list<uuid> seen
  5: optional map<uuid, string> names
}

service Newer {
  Badge badge(1: Badge request)
}
