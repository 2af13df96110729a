// YAML text into a protobuf message, by the message's own descriptor.
//
// Strict: unknown and duplicate keys, wrong types, numbers without their unit and missing required keys are
// errors with file:line:column, the path of the key and the nearest known name. `${NAME}` in a scalar is
// replaced from the environment before it is read. Pure function; any thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "idl/diagnostics.h"

namespace google::protobuf {
class Message;
}

namespace koine::control {

// Looks up an environment variable.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

// Where each key of the document stands: "services[0].endpoints[1].address" -> its value's location.
struct SourceMap {
  std::map<std::string, idl::Location, std::less<>> places;
  // Keys whose value has an error already, or is missing: what was read of them means nothing.
  std::set<std::string, std::less<>> wrong;
  std::vector<std::string> lines;
  std::string file;

  // Is that key wrong, one that holds it, or one inside it?
  bool is_wrong(std::string_view path) const;
  // A diagnostic at that key, or at the nearest enclosing one that was written.
  idl::Diagnostic error_at(std::string_view path, std::string rule, std::string message) const;
};

struct YamlInput {
  std::string_view text;
  std::string_view file;  // for messages
  Environment environment;
};

// Fills `out`; problems are appended to `diagnostics`. True when there is a document with keys: those that
// are not wrong (SourceMap::is_wrong) have been read then, whatever is the matter with others. A list keeps
// the places of its entries, with an empty one where an entry is wrong.
bool read_yaml(const YamlInput& input, google::protobuf::Message& out, SourceMap& map,
               std::vector<idl::Diagnostic>& diagnostics);

// "250ms", "15s", "1.5s", "5m", "1h" -> nanoseconds; nothing when it is not a duration.
std::optional<std::int64_t> parse_duration(std::string_view text);
// "512B", "64KiB", "4MiB", "1GiB" -> bytes.
std::optional<std::uint64_t> parse_size(std::string_view text);

}  // namespace koine::control
