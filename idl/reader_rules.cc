// The table of the readers' rules. Owner: see reader_rules.h.
#include "idl/reader_rules.h"

#include <algorithm>
#include <array>

namespace koine::idl {
namespace {

constexpr auto reader_table = std::to_array<ReaderRule>({
    {"AMBIGUOUS_NAME",
     "Two included files have the same base name, and both have the type. As in the compiler the one that "
     "is\n"
     "included last is taken. Rename one of the files."},
    {"BAD_ANNOTATION",
     "An annotation koine.… has a value that it cannot have, or stands where it means nothing. "
     "docs/mapping.md\n"
     "lists them all, with what they are written on."},
    {"BOOL_NUMBER", "A bool has a number as its value; above zero counts as true. Write true or false."},
    {"CIRCULAR_CONSTANT", "A constant is its own value, by way of others. Give one of them a value."},
    {"CIRCULAR_EXTENDS", "A service extends itself, by way of others. Take one `extends` out."},
    {"CIRCULAR_INCLUDE",
     "Files include one another in a circle; the message has the whole chain. Put what both need into a "
     "third."},
    {"CIRCULAR_TYPEDEF", "A typedef is itself, by way of others. Give one of them a type."},
    {"DEPRECATED",
     "A form that later Thrift compilers refuse or warn of. The message says what to write instead."},
    {"DERIVED_HASH_STALE",
     "A derived file stands beside what it was derived from, and that has changed since: what callers and "
     "provider\n"
     "have may differ. Run koine idl convert again; or take koine.derived_from out of the file, if it is a "
     "source now."},
    {"DUPLICATE_ID",
     "Two fields of a struct have one id, so no reader could tell them apart. Give one another."},
    {"DUPLICATE_KEY", "A constant map, or a struct's value, has one key twice."},
    {"DUPLICATE_NAME", "Two definitions of one scope have one name. Rename one."},
    {"EDITION",
     "The file is of a protobuf edition that is read from a descriptor set, or not at all. The message has "
     "the\n"
     "command that makes the set; docs/idl.md says more."},
    {"ENUM_NEGATIVE",
     "Thrift says that enum values are not negative, and not every library reads such a one. It is read."},
    {"ENUM_PREFIX",
     "A value is named by another enum's name; it is taken for the value of the enum that is wanted. Write "
     "that\n"
     "enum's name before it."},
    {"ENUM_RANGE",
     "An enum value has no number of its own, and the next after the one before is more than 32 bits hold."},
    {"EXTENDS_DEPTH",
     "Services extend one another more often in a row than nesting_max. Declare the methods where they are "
     "used."},
    {"EXTENSION",
     "Extensions of a message are not part of its schema: they pass from gRPC to gRPC, and are dropped and "
     "counted\n"
     "elsewhere. Make it a field to have it everywhere."},
    {"FILE", "A file is not there, or cannot be read. The message names every place that was looked at."},
    {"ID_MISSING",
     "Fields without an id are numbered down from -1, as the compiler does. A field put between two of them "
     "moves\n"
     "the ids that follow, which callers do not know. Give each an id."},
    {"ID_NOT_POSITIVE",
     "An id of 0 or below is not taken: the field is numbered down from -1, as the compiler does."},
    {"ID_OUT_OF_RANGE", "Ids travel in 16 bits: 1 to 32767. Choose one of these."},
    {"IMPORT_DEPTH",
     "Files import one another more often in a row than any project does. Import what is needed directly."},
    {"INCLUDE_DEPTH",
     "Files include one another more often in a row than any project does. Include what is needed directly."},
    {"INHERITANCE_FLATTENED",
     "A class has a field of the same name as one that it inherits, and an object has both. The class's own "
     "is read\n"
     "and written, the inherited one is not. Rename one of them."},
    {"INVALID", "protobuf's own check of the file; the message is that of protoc."},
    {"JAVA_DYNAMIC",
     "A value of which only its sender knows the kind (Object, a raw List, Map<String, Object>, an "
     "interface) "
     "has no\n"
     "form in a schema. Methods that reach one are left out. Give it a class, or arguments of its own."},
    {"JAVA_NO_FORM",
     "A class of the JDK that means something only inside a JVM (InputStream, Class, a stream) has no form "
     "in "
     "other\n"
     "languages. Methods that reach one are left out."},
    {"JAVA_THROWS",
     "`throws` names an exception of the JDK, or of no file that is read. It is no part of the schema: "
     "callers "
     "see an\n"
     "error with its text and no type."},
    {"KOINE_OPTION",
     "An option (koine.…) has a value that it cannot have, or stands where it means nothing. docs/mapping.md "
     "lists\n"
     "them all, with what they are written on."},
    {"LINE_BREAK", "A text goes over several lines; later compilers refuse it. Write \\n."},
    {"LOCK_CHANGED",
     "A line of the lock file would have to change: a field's number has another name now. Renamed? Then "
     "rename it\n"
     "in the lock too. Another field? Then give it a number of its own."},
    {"LOCK_CLASH",
     "Two lines of the lock file give one number or name, as two merged branches may. Keep the one that is "
     "in use."},
    {"LOCK_STALE",
     "The lock file has no line for something that had to be chosen. Run koine idl convert --lock again, and "
     "commit\n"
     "the file."},
    {"LOCK_SYNTAX", "The line is none of a lock file. They are written by koine idl convert --lock."},
    {"NESTING", "Braces or brackets stand in one another more often than any file needs."},
    {"NOT_AN_EXCEPTION", "`throws` names a type that is no exception. Declare it as one."},
    {"ONEWAY_RESULT", "A oneway method has a result, which is never sent. Declare it void."},
    {"ONEWAY_THROWS",
     "A oneway method has exceptions, which its caller would never hear of. Remove `throws` or `oneway`."},
    {"OPTIONAL_ARGUMENT",
     "`optional` means nothing for an argument. Remove it, or put the argument into a struct."},
    {"SHARED_NAME",
     "Two files have one full name. Both are read, and each is called by its file as well: p.a.S and p.b.S."},
    {"STYLE", "protobuf's warning of the file; the message is that of protoc."},
    {"SYNTAX", "The text is not what its language allows there. The message says what is expected."},
    {"TOO_LARGE",
     "Files, fields, values or methods are more than one read takes; docs/idl.md has the numbers."},
    {"TOO_MANY_ERRORS", "More errors are not told. Mend these first."},
    {"TOO_MANY_WARNINGS", "More warnings are not told."},
    {"TYPE_DEPTH", "A type is nested in itself, by containers and typedefs, more often than nesting_max."},
    {"UNION_DEFAULTS", "Two members of a union have a default; one member can be set."},
    {"UNION_REQUIRED",
     "A member of a union cannot be required, since another may be set. Remove `required`."},
    {"UNKNOWN_ANNOTATION",
     "There is no annotation of that name; the message has the nearest one that there is."},
    {"UNKNOWN_CONSTANT", "No constant or enum value has that name. The message says what there is."},
    {"UNKNOWN_FIELD", "A struct's value names a field that the struct has not."},
    {"UNKNOWN_SERVICE",
     "`extends` names no service. Include the file that has it, and write its base name before it."},
    {"UNKNOWN_TYPE",
     "No type has that name. Include or import the file that has it; in Thrift its base name stands before "
     "it."},
    {"VALUE_DEPTH", "A value is nested in others, or by constants, more often than nesting_max."},
    {"VALUE_RANGE", "A number does not fit its type."},
    {"VALUE_SIZE", "Constants and defaults hold more than an IDL should. Keep data of that size out of it."},
    {"VALUE_TYPE", "A value is of another type than its constant or field."},
});
static_assert(std::is_sorted(reader_table.begin(), reader_table.end(),
                             [](const ReaderRule& a, const ReaderRule& b) { return a.name < b.name; }));

}  // namespace

std::span<const ReaderRule> reader_rules() { return reader_table; }

const ReaderRule* find_reader_rule(std::string_view name) {
  const auto found =
      std::lower_bound(reader_table.begin(), reader_table.end(), name,
                       [](const ReaderRule& one, std::string_view text) { return one.name < text; });
  return found == reader_table.end() || found->name != name ? nullptr : &*found;
}

}  // namespace koine::idl
