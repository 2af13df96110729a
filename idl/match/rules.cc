// The table of rules. Owner: see rules.h.
#include "idl/match/rules.h"

#include <algorithm>
#include <array>

namespace koine::idl::match {
namespace {

constexpr Severity error = Severity::error;
constexpr Severity warning = Severity::warning;

constexpr auto table = std::to_array<Rule>({
    {RuleId::args_shape, "ARGS_SHAPE", error, false,
     "a method's arguments or result have no form on the other side",
     "A Thrift result that is no struct stands opposite a message with exactly one field, whatever its\n"
     "name; a oneway method of the provider opposite a response without fields.\n"
     "Give the method such a message, or leave it out: rename: { Method: \"\" }."},
    {RuleId::default_differs, "DEFAULT_DIFFERS", warning, false,
     "both sides have a default, and not the same",
     "A field that is not there means another value on each side. Koine writes the default of the side\n"
     "that the message comes from, so what was meant arrives; but a reader of either IDL is misled.\n"
     "Give both the same default."},
    {RuleId::enum_no_zero, "ENUM_NO_ZERO", warning, false,
     "the 0 that says nothing stands where something must be said",
     "COLOR_UNSPECIFIED = 0 without a counterpart stands for unset. As an element of a list, a key or value\n"
     "of a map, a member of a union, or in a required field there is no unset: such a value ends the\n"
     "call with MAP_ENUM_UNKNOWN.\n"
     "Give the other enum a value for it, or allow it: callers do not send it there."},
    {RuleId::enum_number_differs, "ENUM_NUMBER_DIFFERS", warning, false,
     "values of one name have different numbers",
     "Values are paired by name, so each side reads its own number. Whoever compares numbers in logs or\n"
     "databases of both sides must know. Numbers that neither enum declares are refused: MAP_ENUM_UNKNOWN."},
    {RuleId::enum_value_unmatched, "ENUM_VALUE_UNMATCHED", warning, true, "a value has no counterpart",
     "A message with it ends the call with MAP_ENUM_UNKNOWN.\n"
     "Name its counterpart, rename: { Enum.VALUE: OTHER_VALUE }, or say that there is none:\n"
     "rename: { Enum.VALUE: \"\" } for the exposed side's, allow: [ ENUM_VALUE_UNMATCHED:Enum.VALUE ] for "
     "any."},
    {RuleId::exception_never_raised, "EXCEPTION_NEVER_RAISED", warning, true,
     "callers declare an exception that no message carries",
     "The provider speaks gRPC, whose errors are a status with messages as details. Without a message of\n"
     "the exception's name nobody can raise it; the error reaches callers as a TApplicationException.\n"
     "A Thrift provider declares no exception of that name for the method.\n"
     "Name the message or exception, rename: { NotFound: MissingResource }, or say that there is none:\n"
     "{ NotFound: \"\" }."},
    {RuleId::exception_unmatched, "EXCEPTION_UNMATCHED", warning, true,
     "the provider raises an exception that no message carries",
     "gRPC callers get a status with the code that koine.code says, else UNKNOWN, and the exception's text,\n"
     "Thrift callers a TApplicationException with them; its other fields are lost.\n"
     "Name the message, rename: { MissingResource: NotFound }, or allow it:\n"
     "allow: [ EXCEPTION_UNMATCHED:NotFound ]."},
    {RuleId::f64_to_f32, "F64_TO_F32", warning, false, "a double goes into a float",
     "A number with more digits than a float holds ends the call with MAP_PRECISION, one beyond its range\n"
     "with MAP_RANGE. Make the float a double."},
    {RuleId::localtime_to_instant, "LOCALTIME_TO_INSTANT", error, false,
     "a time without a zone stands opposite a Timestamp",
     "koine.as = \"local…\", \"date\" or \"time\" is a time on somebody's wall; a Timestamp is a point in "
     "time.\n"
     "Say in which zone it is, koine.zone, or that it is an instant: koine.as = \"instant\"."},
    {RuleId::lossy_presence, "LOSSY_PRESENCE", warning, true, "only one side tells unset from zero",
     "One side has an optional field, the other one that is always there (proto3 without `optional`, Thrift\n"
     "of default requiredness; for containers: repeated, map). Unset and zero, or empty, become one.\n"
     "Make both optional or neither, or allow it: allow: [ LOSSY_PRESENCE:Type.field ]."},
    {RuleId::mapkey_bad, "MAPKEY_BAD", error, false, "keys of two maps have no form in one another",
     "Integers, strings and bools are keys on both sides; Thrift's others (enums, doubles, structs) "
     "protobuf\n"
     "does not have. Change one of the maps, or leave the field out: rename: { Type.field: \"\" }."},
    {RuleId::method_not_exposed, "METHOD_NOT_EXPOSED", warning, true,
     "no caller can reach a method of the provider",
     "The exposed service has no method for it. Add one, name one, rename: { Method: ProviderMethod }, or\n"
     "allow it: allow: [ METHOD_NOT_EXPOSED:ProviderMethod ]."},
    {RuleId::name_collision, "NAME_COLLISION", error, false, "several elements have one name",
     "Names are compared without case and underscores: userId and user_id are one name. Where a struct,\n"
     "enum or service has both, nothing tells which is meant.\n"
     "Say it for each: rename: { Type.user_id: user_id, Type.userId: userId }."},
    {RuleId::number_reused_other_name, "NUMBER_REUSED_OTHER_NAME", warning, false,
     "fields that do not correspond have one number",
     "Numbers are never looked at when names decide. It is told because somebody who takes the two IDLs for\n"
     "versions of one another would mix these fields up."},
    {RuleId::oneway_ack, "ONEWAY_ACK", warning, false, "callers wait for a method that gives no answer",
     "The provider's method is oneway. gRPC callers get OK once the request was handed to the provider's\n"
     "connection; whether it was executed nobody knows."},
    {RuleId::override_unknown, "OVERRIDE_UNKNOWN", error, false, "a rename names nothing",
     "Keys are names of the exposed IDL: Method, Method.argument, Type.field, Enum.VALUE, Exception; values\n"
     "those of the provider's. Either may be misspelt, be of a type that no method uses, or be taken "
     "already.\n"
     "Mend or remove the line."},
    {RuleId::override_unused, "OVERRIDE_UNUSED", warning, false, "an allowance allows nothing",
     "allow: [ RULE:Type.field ] stands for a finding that there is not, or no longer. Errors cannot be\n"
     "allowed. Remove the line."},
    {RuleId::pairs_too_many, "PAIRS_TOO_MANY", error, false, "pairing was given up",
     "The types of one IDL stand opposite so many types of the other that pairing them has no end in\n"
     "reasonable time. Real IDLs are far from it. Leave fields out where types meet that do not belong\n"
     "together: rename: { Type.field: \"\" }."},
    {RuleId::set_to_list, "SET_TO_LIST", warning, false, "a list goes into a set",
     "Of equal elements the first stays, and koine_transcode_dropped_duplicates_total counts the others.\n"
     "Use the same kind of container on both sides, or koine.set in the .proto."},
    {RuleId::shared_grpc_code, "SHARED_GRPC_CODE", warning, false,
     "exceptions of one method become one status code",
     "No message carries them as details, so the code alone tells them apart, and it is the same.\n"
     "Give each a message (EXCEPTION_UNMATCHED) or a koine.code of its own."},
    {RuleId::stream_to_unary, "STREAM_TO_UNARY", error, false, "only one side streams",
     "A stream has no form in a call with one request and one answer, and Thrift has no streams.\n"
     "Leave the method out: rename: { Method: \"\" }."},
    {RuleId::string_maybe_binary, "STRING_MAYBE_BINARY", warning, false,
     "text on one side, bytes on the other",
     "Bytes that are no UTF-8 end the call with MAP_UTF8 where text is written. Make both text or both "
     "bytes."},
    {RuleId::type_clash, "TYPE_CLASH", error, false, "two types have no value in common",
     "A number and a text, or two structs without a common field. Either the names mislead, and the field\n"
     "has another counterpart or none, rename: { Type.field: other } or { Type.field: \"\" }; or one IDL has "
     "to\n"
     "change."},
    {RuleId::unit_differs, "UNIT_DIFFERS", error, false, "times are counted in different units",
     "Both sides say koine.unit, and not the same. Koine does not count for them: use one unit, or\n"
     "google.protobuf.Timestamp or Duration on one side."},
    {RuleId::unit_missing, "UNIT_MISSING", error, false,
     "an integer stands opposite a Timestamp or Duration without a unit",
     "Whether 1700000000 counts seconds or milliseconds nothing tells. Say it in the IDL, i64 createdAt\n"
     "(koine.unit = \"ms\") with s, ms, us, ns or d, or in the configuration:\n"
     "schemas.annotations: { \"shop.Order.createdAt\": { unit: ms } }."},
    {RuleId::unmapped_method, "UNMAPPED_METHOD", error, false, "callers' method has no counterpart",
     "Name it, rename: { Method: ProviderMethod }, or do not offer it: rename: { Method: \"\" }. Callers of "
     "it\n"
     "are then told that there is none (UNIMPLEMENTED, UNKNOWN_METHOD)."},
    {RuleId::unmapped_optional, "UNMAPPED_OPTIONAL", warning, true, "a field has no counterpart",
     "A message that has it ends the call with MAP_UNKNOWN_FIELD: nothing is lost without a word.\n"
     "Name its counterpart, rename: { Type.field: other }, or let it be dropped and counted:\n"
     "rename: { Type.field: \"\" } for the exposed side's, allow: [ UNMAPPED_OPTIONAL:Type.field ] for any."},
    {RuleId::unmapped_required, "UNMAPPED_REQUIRED", error, false,
     "a required field has no counterpart that gives it a value",
     "Every message without it is refused by its reader, and Koine makes up no value. Name its counterpart,\n"
     "or make it optional."},
    {RuleId::unsigned_to_signed, "UNSIGNED_TO_SIGNED", warning, false, "only one side has a sign",
     "A number that the other side's type does not hold ends the call with MAP_RANGE: 2^63 and above, or "
     "what\n"
     "is negative. Say koine.range = \"u32\" where the .thrift means an unsigned number."},
    {RuleId::wide_to_narrow, "WIDE_TO_NARROW", warning, false, "an integer goes into a narrower one",
     "A number that the narrower type does not hold ends the call with MAP_RANGE."},
});
static_assert(std::is_sorted(table.begin(), table.end(),
                             [](const Rule& a, const Rule& b) { return a.name < b.name; }));
static_assert([] {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].id) != i) return false;
  }
  return true;
}());

}  // namespace

std::span<const Rule> rules() { return table; }

const Rule& rule(RuleId id) { return table[static_cast<std::size_t>(id)]; }

const Rule* find_rule(std::string_view name) {
  const auto found = std::lower_bound(table.begin(), table.end(), name,
                                      [](const Rule& one, std::string_view text) { return one.name < text; });
  return found == table.end() || found->name != name ? nullptr : &*found;
}

}  // namespace koine::idl::match
