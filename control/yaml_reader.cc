// A YAML tree into a protobuf message. Owner: see yaml_reader.h.
#include "control/yaml_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <set>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/message.h>

#include "control/yaml_tree.h"
#include "idl/source.h"
#include "koine/config/v1/annotations.pb.h"

namespace koine::control {
namespace {

namespace pb = google::protobuf;

constexpr int depth_max = 32;
constexpr std::size_t nodes_max = 1'000'000;  // aliases may repeat a node: a bound on what they expand to

struct Unit {
  std::string_view name;
  std::int64_t factor;
};
constexpr std::array<Unit, 6> duration_units = {{{"ns", 1},
                                                 {"us", 1'000},
                                                 {"ms", 1'000'000},
                                                 {"s", 1'000'000'000},
                                                 {"m", 60'000'000'000},
                                                 {"h", 3'600'000'000'000}}};
constexpr std::array<Unit, 4> size_units = {{{"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}}};

// "<number><unit>" in the smallest unit; an integer part and at most nine decimals.
std::optional<std::int64_t> parse_with_unit(std::string_view text, std::span<const Unit> units) {
  const std::size_t digits = text.find_first_not_of("0123456789.");
  if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
  const std::string_view number = text.substr(0, digits);
  const std::string_view unit = text.substr(digits);
  const auto found = std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == unit; });
  if (found == units.end()) return std::nullopt;
  const std::size_t dot = number.find('.');
  const std::string_view whole = number.substr(0, dot);
  std::int64_t value = 0;
  if (std::from_chars(whole.data(), whole.data() + whole.size(), value).ptr != whole.data() + whole.size()) {
    return std::nullopt;
  }
  if (value > std::numeric_limits<std::int64_t>::max() / found->factor - 1) return std::nullopt;
  value *= found->factor;
  if (dot == std::string_view::npos) return value;
  const std::string_view decimals = number.substr(dot + 1);
  if (decimals.empty() || decimals.size() > 9 || decimals.find('.') != std::string_view::npos)
    return std::nullopt;
  std::int64_t fraction = 0;
  std::int64_t scale = 1;
  for (const char c : decimals) {
    fraction = fraction * 10 + (c - '0');
    scale *= 10;
  }
  if (found->factor % scale != 0) return std::nullopt;  // finer than the smallest unit
  return value + fraction * (found->factor / scale);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

// PROTOCOL_THRIFT of enum Protocol is written `thrift`.
std::string enum_text(const pb::EnumDescriptor& type, const pb::EnumValueDescriptor& value) {
  std::string prefix;
  for (const char c : type.name()) {
    if (c >= 'A' && c <= 'Z' && !prefix.empty()) prefix += '_';
    prefix += c;
  }
  prefix = lower(prefix) + "_";
  std::string name = lower(value.name());
  return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

class Reader {
 public:
  Reader(const YamlInput& input, SourceMap& map, std::vector<idl::Diagnostic>& diagnostics)
      : input_(input), map_(map), diagnostics_(diagnostics) {}

  bool read_document(pb::Message& out);

 private:
  void read_message(const YamlNode& node, pb::Message& out, const std::string& path, int depth);
  void read_field(const YamlNode& node, const pb::FieldDescriptor& field, pb::Message& out,
                  const std::string& path, int depth);
  void read_value(const YamlNode& node, const pb::FieldDescriptor& field, pb::Message& out,
                  const std::string& path, int depth);
  void read_map(const YamlNode& node, const pb::FieldDescriptor& field, pb::Message& out,
                const std::string& path, int depth);
  void read_number(const YamlNode& node, const pb::FieldDescriptor& field, pb::Message& out,
                   const std::string& path, const std::string& text);
  void read_enum(const YamlNode& node, const pb::FieldDescriptor& field, pb::Message& out,
                 const std::string& text, const std::string& path);
  void check_required(const YamlNode& node, const pb::Message& out, const std::string& path);
  std::optional<std::string> scalar(const YamlNode& node, const std::string& path);
  std::string known_keys(const pb::Descriptor& type) const;

  idl::Location place(const YamlNode& node) const {
    return {std::string(input_.file), node.line, node.column};
  }
  void error(const YamlNode& node, std::string rule, const std::string& path, const std::string& text) {
    map_.wrong.insert(path);
    idl::Diagnostic problem;
    problem.rule = std::move(rule);
    problem.message = path.empty() ? text : path + ": " + text;
    problem.location = place(node);
    const auto line = static_cast<std::size_t>(problem.location.line);
    if (line >= 1 && line <= map_.lines.size()) problem.source_line = map_.lines[line - 1];
    diagnostics_.push_back(std::move(problem));
  }
  // Counts every visit, so that aliases cannot make a small document large.
  bool within_bounds(const YamlNode& node, const std::string& path, int depth) {
    if (++nodes_ <= nodes_max && depth <= depth_max) return true;
    if (nodes_ <= nodes_max + 1 || depth == depth_max + 1) {
      error(node, "TOO_LARGE", path, "nested deeper or repeated more often than any configuration needs");
    }
    return false;
  }

  void syntax_error(const YamlProblem& problem);

  const YamlInput& input_;
  SourceMap& map_;
  std::vector<idl::Diagnostic>& diagnostics_;
  std::size_t nodes_ = 0;
};

void Reader::syntax_error(const YamlProblem& problem) {
  idl::Diagnostic diagnostic;
  diagnostic.rule = "SYNTAX";
  diagnostic.message = problem.message;
  diagnostic.location = {std::string(input_.file), problem.line, problem.column};
  const auto line = static_cast<std::size_t>(diagnostic.location.line);
  if (line >= 1 && line <= map_.lines.size()) diagnostic.source_line = map_.lines[line - 1];
  diagnostics_.push_back(std::move(diagnostic));
}

bool Reader::read_document(pb::Message& out) {
  YamlTree tree;
  if (const std::optional<YamlProblem> problem = parse_yaml(input_.text, tree)) {
    syntax_error(*problem);
    return false;
  }
  if (tree.root == nullptr || tree.root->is_null()) {
    diagnostics_.push_back(
        map_.error_at("", "EMPTY", "the file is empty; it needs schemas, listeners and services"));
    return false;
  }
  read_message(*tree.root, out, "", 0);
  return tree.root->is_map();
}

std::string Reader::known_keys(const pb::Descriptor& type) const {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  return idl::list_names(names, names.size());
}

void Reader::read_message(const YamlNode& node, pb::Message& out, const std::string& path, int depth) {
  if (!within_bounds(node, path, depth)) return;
  const pb::Descriptor& type = *out.GetDescriptor();
  const std::string& shorthand = type.options().GetExtension(config::v1::shorthand);
  if (node.is_scalar() && !shorthand.empty()) {
    const pb::FieldDescriptor* field = type.FindFieldByName(shorthand);
    read_value(node, *field, out, path + "." + shorthand, depth + 1);
    return;
  }
  if (node.is_null()) return check_required(node, out, path);
  if (!node.is_map()) {
    error(node, "WRONG_TYPE", path, "expected keys (" + known_keys(type) + ")");
    return;
  }
  std::set<std::string> seen;
  for (std::size_t at = 0; at + 1 < node.items.size(); at += 2) {
    const YamlNode& name = *node.items[at];
    if (!name.is_scalar()) {
      error(name, "WRONG_TYPE", path, "a key must be a word");
      continue;
    }
    const std::string& key = name.scalar;
    const std::string key_path = path.empty() ? key : path + "." + key;
    if (!seen.insert(key).second) {
      error(name, "DUPLICATE_KEY", key_path, "written twice; keep one");
      continue;
    }
    const pb::FieldDescriptor* field = type.FindFieldByName(key);
    if (field == nullptr) {
      std::vector<std::string> names;
      for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
      const std::string nearest = idl::nearest_name(key, names);
      error(name, "UNKNOWN_KEY", key_path,
            "unknown key" + (nearest.empty() ? "; known here: " + idl::list_names(names, names.size())
                                             : "; did you mean '" + nearest + "'?"));
      continue;
    }
    read_field(*node.items[at + 1], *field, out, key_path, depth + 1);
  }
  check_required(node, out, path);
}

void Reader::check_required(const YamlNode& node, const pb::Message& out, const std::string& path) {
  const pb::Descriptor& type = *out.GetDescriptor();
  const pb::Reflection& reflection = *out.GetReflection();
  for (int i = 0; i < type.field_count(); ++i) {
    const pb::FieldDescriptor& field = *type.field(i);
    if (!field.options().GetExtension(config::v1::required)) continue;
    const std::string key_path = path.empty() ? field.name() : path + "." + field.name();
    // A key that is there but wrong has its own error already.
    if (map_.places.contains(key_path)) continue;
    const bool there =
        field.is_repeated() ? reflection.FieldSize(out, &field) > 0 : reflection.HasField(out, &field);
    if (!there) error(node, "MISSING_KEY", key_path, "required, but not written");
  }
}

void Reader::read_field(const YamlNode& node, const pb::FieldDescriptor& field, pb::Message& out,
                        const std::string& path, int depth) {
  map_.places[path] = place(node);
  if (field.is_map()) return read_map(node, field, out, path, depth);
  if (!field.is_repeated()) return read_value(node, field, out, path, depth);
  if (!node.is_list()) {
    error(node, "WRONG_TYPE", path, "expected a list: [ … ]");
    return;
  }
  if (node.items.empty() && field.options().GetExtension(config::v1::required)) {
    error(node, "MISSING_KEY", path, "needs at least one entry");
  }
  std::size_t index = 0;
  for (const YamlNode* item : node.items) {
    const std::string item_path = path + "[" + std::to_string(index++) + "]";
    map_.places[item_path] = place(*item);
    read_value(*item, field, out, item_path, depth);
  }
}

// Keys are the user's own words; the value of each is as its type says.
void Reader::read_map(const YamlNode& node, const pb::FieldDescriptor& field, pb::Message& out,
                      const std::string& path, int depth) {
  if (!node.is_map()) {
    error(node, "WRONG_TYPE", path, "expected names with a value each: { name: value, … }");
    return;
  }
  const pb::Descriptor& entry_type = *field.message_type();
  std::set<std::string> seen;
  for (std::size_t at = 0; at + 1 < node.items.size(); at += 2) {
    const YamlNode& name = *node.items[at];
    if (!name.is_scalar()) {
      error(name, "WRONG_TYPE", path, "a key must be a word");
      continue;
    }
    const std::string entry_path = path + "." + name.scalar;
    if (!seen.insert(name.scalar).second) {
      error(name, "DUPLICATE_KEY", entry_path, "written twice; keep one");
      continue;
    }
    map_.places[entry_path] = place(name);
    pb::Message& entry = *out.GetReflection()->AddMessage(&out, &field);
    entry.GetReflection()->SetString(&entry, entry_type.map_key(), name.scalar);
    read_value(*node.items[at + 1], *entry_type.map_value(), entry, entry_path, depth + 1);
  }
}

std::optional<std::string> Reader::scalar(const YamlNode& node, const std::string& path) {
  if (!node.is_scalar()) {
    error(node, "WRONG_TYPE", path, node.is_null() ? "no value" : "expected one value, not a list or keys");
    return std::nullopt;
  }
  const std::string& text = node.scalar;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find("${", at);
    out.append(text, at, open == std::string::npos ? std::string::npos : open - at);
    if (open == std::string::npos) break;
    const std::size_t close = text.find('}', open);
    if (close == std::string::npos) {
      error(node, "SYNTAX", path, "'${' without '}'");
      return std::nullopt;
    }
    const std::string name = text.substr(open + 2, close - open - 2);
    const std::optional<std::string> value = input_.environment ? input_.environment(name) : std::nullopt;
    if (!value) {
      error(node, "UNSET_VARIABLE", path,
            "environment variable '" + name + "' is not set: set it, or write the value here");
      return std::nullopt;
    }
    out.append(*value);
    at = close + 1;
  }
  return out;
}

void Reader::read_value(const YamlNode& node, const pb::FieldDescriptor& field, pb::Message& out,
                        const std::string& path, int depth) {
  if (!within_bounds(node, path, depth)) return;
  map_.places.try_emplace(path, place(node));
  const pb::Reflection& reflection = *out.GetReflection();
  const bool repeated = field.is_repeated();
  if (field.cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE &&
      field.message_type()->full_name() != pb::Duration::descriptor()->full_name()) {
    read_message(node,
                 repeated ? *reflection.AddMessage(&out, &field) : *reflection.MutableMessage(&out, &field),
                 path, depth + 1);
    return;
  }
  const std::optional<std::string> text = scalar(node, path);
  if (!text) {
    // The entries behind it keep their places.
    if (repeated && field.cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING)
      reflection.AddString(&out, &field, "");
    return;
  }
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_STRING:
      if (repeated) {
        reflection.AddString(&out, &field, *text);
      } else {
        reflection.SetString(&out, &field, *text);
      }
      return;
    case pb::FieldDescriptor::CPPTYPE_BOOL:
      if (*text == "true" || *text == "false") {
        reflection.SetBool(&out, &field, *text == "true");
      } else {
        error(node, "WRONG_TYPE", path, "expected true or false");
      }
      return;
    case pb::FieldDescriptor::CPPTYPE_ENUM: return read_enum(node, field, out, *text, path);
    case pb::FieldDescriptor::CPPTYPE_MESSAGE: {
      const std::optional<std::int64_t> ns = parse_duration(*text);
      if (!ns) {
        error(node, "WRONG_UNIT", path, "expected a duration with its unit, such as 250ms, 15s or 5m");
        return;
      }
      auto& duration = dynamic_cast<pb::Duration&>(*reflection.MutableMessage(&out, &field));
      duration.set_seconds(*ns / 1'000'000'000);
      duration.set_nanos(static_cast<std::int32_t>(*ns % 1'000'000'000));
      return;
    }
    default: return read_number(node, field, out, path, *text);
  }
}

void Reader::read_enum(const YamlNode& node, const pb::FieldDescriptor& field, pb::Message& out,
                       const std::string& text, const std::string& path) {
  const pb::EnumDescriptor& type = *field.enum_type();
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) {
    const std::string name = enum_text(type, *type.value(i));
    if (name == "unspecified") continue;
    if (name == text) {
      if (field.is_repeated()) {
        out.GetReflection()->AddEnum(&out, &field, type.value(i));
      } else {
        out.GetReflection()->SetEnum(&out, &field, type.value(i));
      }
      return;
    }
    names.push_back(name);
  }
  error(node, "WRONG_VALUE", path,
        "'" + text + "' is none of: " + idl::list_names(names) + idl::did_you_mean(text, names));
}

void Reader::read_number(const YamlNode& node, const pb::FieldDescriptor& field, pb::Message& out,
                         const std::string& path, const std::string& text) {
  const pb::Reflection& reflection = *out.GetReflection();
  if (field.options().GetExtension(config::v1::size)) {
    const std::optional<std::uint64_t> bytes = parse_size(text);
    if (!bytes) {
      error(node, "WRONG_UNIT", path, "expected a size with its unit, such as 512B, 64KiB or 4MiB");
      return;
    }
    reflection.SetUInt64(&out, &field, *bytes);
    return;
  }
  const bool wide = field.cpp_type() == pb::FieldDescriptor::CPPTYPE_UINT64;
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  const bool fits = wide || value <= std::numeric_limits<std::uint32_t>::max();
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end || !fits) {
    error(node, "WRONG_TYPE", path, "expected a whole number that is not negative");
    return;
  }
  if (wide) {
    reflection.SetUInt64(&out, &field, value);
  } else {
    reflection.SetUInt32(&out, &field, static_cast<std::uint32_t>(value));
  }
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace

idl::Diagnostic SourceMap::error_at(std::string_view path, std::string rule, std::string message) const {
  idl::Diagnostic problem;
  problem.rule = std::move(rule);
  problem.message = path.empty() ? std::move(message) : std::string(path) + ": " + message;
  problem.location = {file, 1, 1};
  std::string_view at = path;
  while (!at.empty()) {
    if (const auto found = places.find(at); found != places.end()) {
      problem.location = found->second;
      break;
    }
    const std::size_t cut = at.find_last_of(".[");
    at = cut == std::string_view::npos ? std::string_view() : at.substr(0, cut);
  }
  const auto line = static_cast<std::size_t>(problem.location.line);
  if (line >= 1 && line <= lines.size()) problem.source_line = lines[line - 1];
  return problem;
}

bool SourceMap::is_wrong(std::string_view path) const {
  for (std::string_view at = path; !at.empty();) {
    if (wrong.contains(at)) return true;
    const std::size_t cut = at.find_last_of(".[");
    at = cut == std::string_view::npos ? std::string_view() : at.substr(0, cut);
  }
  // Those inside follow it, though not at once: "a-b" stands between "a" and "a.b".
  for (auto one = wrong.upper_bound(path); one != wrong.end() && one->starts_with(path); ++one) {
    if ((*one)[path.size()] == '.' || (*one)[path.size()] == '[') return true;
  }
  return false;
}

bool read_yaml(const YamlInput& input, pb::Message& out, SourceMap& map,
               std::vector<idl::Diagnostic>& diagnostics) {
  map.file = std::string(input.file);
  map.lines = split_lines(input.text);
  return Reader(input, map, diagnostics).read_document(out);
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  return parse_with_unit(text, duration_units);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const std::optional<std::int64_t> bytes = parse_with_unit(text, size_units);
  if (!bytes) return std::nullopt;
  return static_cast<std::uint64_t>(*bytes);
}

}  // namespace koine::control
