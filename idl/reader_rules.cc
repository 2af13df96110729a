// The table of the readers' rules. Owner: see reader_rules.h.
#include "idl/reader_rules.h"

#include <algorithm>
#include <array>

namespace koine::idl {
namespace {

constexpr auto error = ReaderSeverity::error;
constexpr auto warning = ReaderSeverity::warning;
constexpr auto either = ReaderSeverity::error_or_warning;

constexpr auto reader_table = std::to_array<ReaderRule>({
    {"AMBIGUOUS_NAME", warning,
     "Two included files have the same base name, and both have the type. As in the compiler the one that "
     "is\n"
     "included last is taken. Rename one of the files."},
    {"BAD_ANNOTATION", error,
     "An annotation koine.… has a value that it cannot have, or stands where it means nothing. "
     "docs/mapping.md\n"
     "lists them all, with what they are written on."},
    {"BOOL_NUMBER", warning,
     "A bool has a number as its value; above zero counts as true. Write true or false."},
    {"CIRCULAR_CONSTANT", error, "A constant is its own value, by way of others. Give one of them a value."},
    {"CIRCULAR_EXTENDS", error, "A service extends itself, by way of others. Take one `extends` out."},
    {"CIRCULAR_INCLUDE", error,
     "Files include one another in a circle; the message has the whole chain. Put what both need into a "
     "third."},
    {"CIRCULAR_TYPEDEF", error, "A typedef is itself, by way of others. Give one of them a type."},
    {"DEPRECATED", warning,
     "A form that later Thrift compilers refuse or warn of. The message says what to write instead."},
    {"DERIVED_HASH_STALE", warning,
     "A derived file stands beside what it was derived from, and that has changed since: what callers and "
     "provider\n"
     "have may differ. Run koine idl convert again; or take koine.derived_from out of the file, if it is a "
     "source now."},
    {"DUPLICATE_ID", error,
     "Two fields of a struct have one id, so no reader could tell them apart. Give one another."},
    {"DUPLICATE_KEY", either, "A constant map, or a struct's value, has one key twice."},
    {"DUPLICATE_NAME", error, "Two definitions of one scope have one name. Rename one."},
    {"EDITION", error,
     "The file is of a protobuf edition that is read from a descriptor set, or not at all. The message has "
     "the\n"
     "command that makes the set; docs/idl.md says more."},
    {"ENUM_NEGATIVE", warning,
     "Thrift says that enum values are not negative, and not every library reads such a one. It is read."},
    {"ENUM_PREFIX", warning,
     "A value is named by another enum's name; it is taken for the value of the enum that is wanted. Write "
     "that\n"
     "enum's name before it."},
    {"ENUM_RANGE", error,
     "An enum value has no number of its own, and the next after the one before is more than 32 bits hold."},
    {"EXTENDS_DEPTH", error,
     "Services extend one another more often in a row than nesting_max. Declare the methods where they are "
     "used."},
    {"EXTENSION", warning,
     "Extensions of a message are not part of its schema: they pass from gRPC to gRPC, and are dropped and "
     "counted\n"
     "elsewhere. Make it a field to have it everywhere."},
    {"FILE", error,
     "A file is not there, or cannot be read. The message names every place that was looked at."},
    {"ID_MISSING", warning,
     "Fields without an id are numbered down from -1, as the compiler does. A field put between two of them "
     "moves\n"
     "the ids that follow, which callers do not know. Give each an id."},
    {"ID_NOT_POSITIVE", warning,
     "An id of 0 or below is not taken: the field is numbered down from -1, as the compiler does."},
    {"ID_OUT_OF_RANGE", either, "Ids travel in 16 bits: 1 to 32767. Choose one of these."},
    {"IMPORT_DEPTH", error,
     "Files import one another more often in a row than any project does. Import what is needed directly."},
    {"INCLUDE_DEPTH", error,
     "Files include one another more often in a row than any project does. Include what is needed directly."},
    {"INHERITANCE_FLATTENED", warning,
     "A class has a field of the same name as one that it inherits, and an object has both. The class's own "
     "is read\n"
     "and written, the inherited one is not. Rename one of them."},
    {"INVALID", error, "protobuf's own check of the file; the message is that of protoc."},
    {"JAVA_DYNAMIC", warning,
     "A value of which only its sender knows the kind (Object, a raw List, Map<String, Object>, an "
     "interface) "
     "has no\n"
     "form in a schema. Methods that reach one are left out. Give it a class, or arguments of its own."},
    {"JAVA_NO_FORM", warning,
     "A class of the JDK that means something only inside a JVM (InputStream, Class, a stream) has no form "
     "in "
     "other\n"
     "languages. Methods that reach one are left out."},
    {"JAVA_THROWS", warning,
     "`throws` names an exception of the JDK, or of no file that is read. It is no part of the schema: "
     "callers "
     "see an\n"
     "error with its text and no type."},
    {"KOINE_OPTION", error,
     "An option (koine.…) has a value that it cannot have, or stands where it means nothing. docs/mapping.md "
     "lists\n"
     "them all, with what they are written on."},
    {"LINE_BREAK", warning, "A text goes over several lines; later compilers refuse it. Write \\n."},
    {"LOCK_CHANGED", error,
     "A line of the lock file would have to change: a field's number has another name now. Renamed? Then "
     "rename it\n"
     "in the lock too. Another field? Then give it a number of its own."},
    {"LOCK_CLASH", error,
     "Two lines of the lock file give one number or name, as two merged branches may. Keep the one that is "
     "in use."},
    {"LOCK_STALE", error,
     "The lock file has no line for something that had to be chosen. Run koine idl convert --lock again, and "
     "commit\n"
     "the file."},
    {"LOCK_SYNTAX", error, "The line is none of a lock file. They are written by koine idl convert --lock."},
    {"NESTING", error, "Braces or brackets stand in one another more often than any file needs."},
    {"NOT_AN_EXCEPTION", error, "`throws` names a type that is no exception. Declare it as one."},
    {"ONEWAY_RESULT", warning, "A oneway method has a result, which is never sent. Declare it void."},
    {"ONEWAY_THROWS", error,
     "A oneway method has exceptions, which its caller would never hear of. Remove `throws` or `oneway`."},
    {"OPTIONAL_ARGUMENT", warning,
     "`optional` means nothing for an argument. Remove it, or put the argument into a struct."},
    {"SHARED_NAME", warning,
     "Two files have one full name. Both are read, and each is called by its file as well: p.a.S and p.b.S."},
    {"STYLE", warning, "protobuf's warning of the file; the message is that of protoc."},
    {"SYNTAX", error, "The text is not what its language allows there. The message says what is expected."},
    {"TOO_LARGE", error,
     "Files, fields, values or methods are more than one read takes; docs/idl.md has the numbers."},
    {"TOO_MANY_ERRORS", error, "More errors are not told. Mend these first."},
    {"TOO_MANY_WARNINGS", warning, "More warnings are not told."},
    {"TYPE_DEPTH", error,
     "A type is nested in itself, by containers and typedefs, more often than nesting_max."},
    {"UNION_DEFAULTS", error, "Two members of a union have a default; one member can be set."},
    {"UNION_REQUIRED", warning,
     "A member of a union cannot be required, since another may be set. Remove `required`."},
    {"UNKNOWN_ANNOTATION", warning,
     "There is no annotation of that name; the message has the nearest one that there is."},
    {"UNKNOWN_CONSTANT", error, "No constant or enum value has that name. The message says what there is."},
    {"UNKNOWN_FIELD", error, "A struct's value names a field that the struct has not."},
    {"UNKNOWN_SERVICE", error,
     "`extends` names no service. Include the file that has it, and write its base name before it."},
    {"UNKNOWN_TYPE", error,
     "No type has that name. Include or import the file that has it; in Thrift its base name stands before "
     "it."},
    {"VALUE_DEPTH", error, "A value is nested in others, or by constants, more often than nesting_max."},
    {"VALUE_RANGE", either, "A number does not fit its type."},
    {"VALUE_SIZE", error,
     "Constants and defaults hold more than an IDL should. Keep data of that size out of it."},
    {"VALUE_TYPE", error, "A value is of another type than its constant or field."},
});
static_assert(std::is_sorted(reader_table.begin(), reader_table.end(),
                             [](const ReaderRule& a, const ReaderRule& b) { return a.name < b.name; }));

}  // namespace

std::string_view to_string(ReaderSeverity severity) {
  if (severity == either) return "error or warning";
  return severity == error ? "error" : "warning";
}

std::span<const ReaderRule> reader_rules() { return reader_table; }

const ReaderRule* find_reader_rule(std::string_view name) {
  const auto found =
      std::lower_bound(reader_table.begin(), reader_table.end(), name,
                       [](const ReaderRule& one, std::string_view text) { return one.name < text; });
  return found == reader_table.end() || found->name != name ? nullptr : &*found;
}

}  // namespace koine::idl
