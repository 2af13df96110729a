// Bodies to begin with: every struct of the schemas with every field set, none, one at a time, twice and in
// reverse, written in protobuf and brought into the other forms by the plans.
#include <algorithm>
#include <cstring>
#include <set>

#include "fuzz/crossing.h"
#include "transcode/formats.h"

namespace koine::fuzz {
namespace {

using idl::Kind;
using idl::NumberForm;
using model::BodyFormat;

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}
void put_tag(std::string& out, std::int32_t number, unsigned wire) {
  put_varint(out, static_cast<std::uint64_t>(static_cast<std::uint32_t>(number)) << 3 | wire);
}
void put_bytes(std::string& out, std::int32_t number, const std::string& bytes) {
  put_tag(out, number, 2);
  put_varint(out, bytes.size());
  out += bytes;
}
template <class Number>
void put_fixed(std::string& out, Number value) {
  char bytes[sizeof(value)];
  std::memcpy(bytes, &value, sizeof(value));
  out.append(bytes, sizeof(value));
}

// Writes messages of values that have a form everywhere.
class Writer {
 public:
  std::vector<std::string> fields(const idl::StructType& type, int depth) {
    std::vector<std::string> out;
    std::set<std::int32_t> oneofs;
    for (const idl::Field& field : type.fields) {
      const bool only_one = type.form == idl::StructForm::union_;
      if (only_one && !out.empty()) break;
      if (field.oneof_index >= 0 && !oneofs.insert(field.oneof_index).second) continue;
      std::string one;
      put_field(one, field, depth);
      if (!one.empty()) out.push_back(std::move(one));
    }
    return out;
  }
  // The members of unions and oneofs that fields() leaves out, one at a time.
  std::vector<std::string> each_field(const idl::StructType& type) {
    std::vector<std::string> out;
    for (const idl::Field& field : type.fields) {
      std::string one;
      put_field(one, field, 1);
      if (!one.empty()) out.push_back(std::move(one));
    }
    return out;
  }

 private:
  std::string message(const idl::StructType& type, int depth) {
    std::string out;
    for (const std::string& field : fields(type, depth)) out += field;
    return out;
  }
  void put_field(std::string& out, const idl::Field& field, int depth) {
    const idl::Type& type = *field.type;
    if (type.kind == Kind::list || type.kind == Kind::set) {
      if (type.element->kind == Kind::structure && depth == 0) return;
      for (int i = 0; i < 2; ++i) put(out, field.id, *type.element, depth);
    } else if (type.kind == Kind::map) {
      if (type.element->kind == Kind::structure && depth == 0) return;
      for (int i = 0; i < 2; ++i) {
        std::string entry;
        put(entry, 1, *type.key, depth);
        put(entry, 2, *type.element, depth);
        put_bytes(out, field.id, entry);
      }
    } else if (type.kind != Kind::structure || depth > 0 || field.presence == idl::Presence::required) {
      put(out, field.id, type, depth);
    }
  }
  void put(std::string& out, std::int32_t number, const idl::Type& type, int depth) {
    const std::uint64_t value = ++next_ % 2 == 0 ? 5 : 1;  // an enum number in every schema
    switch (type.kind) {
      case Kind::string: return put_bytes(out, number, "text" + std::to_string(next_));
      case Kind::bytes: return put_bytes(out, number, std::string("\0\xff", 2) + std::to_string(next_));
      case Kind::uuid:
        return put_bytes(out, number,
                         type.number_form == NumberForm::fixed ? std::string("0123456789abcdef")
                                                               : "00112233-4455-6677-8899-aabbccddeeff");
      case Kind::structure: {
        const std::string inner = message(*type.structure, depth - 1);
        if (!type.delimited) return put_bytes(out, number, inner);
        put_tag(out, number, 3);
        out += inner;
        return put_tag(out, number, 4);
      }
      case Kind::f64: put_tag(out, number, 1); return put_fixed(out, static_cast<double>(next_) + 0.5);
      case Kind::f32: put_tag(out, number, 5); return put_fixed(out, static_cast<float>(next_) + 0.5f);
      case Kind::enumeration:
      case Kind::boolean:
        put_tag(out, number, 0);
        return put_varint(out, type.kind == Kind::boolean ? next_ % 2 : 1);
      default: break;
    }
    if (type.number_form == NumberForm::fixed) {
      const bool wide = type.kind == Kind::i64 || type.kind == Kind::u64;
      put_tag(out, number, wide ? 1 : 5);
      return wide ? put_fixed(out, value + next_) : put_fixed(out, static_cast<std::uint32_t>(value + next_));
    }
    put_tag(out, number, 0);
    put_varint(out, type.number_form == NumberForm::zigzag ? 2 * (value + next_) : value + next_ % 100);
  }

  std::uint64_t next_ = 0;
};

}  // namespace

void add_bodies(BodyFormat from, const AddSeed& add) {
  Crossings crossings;
  const std::vector<Twin>& twins = schemas().twins();
  transcode::Context context;
  for (std::size_t twin = 0; twin < twins.size(); ++twin) {
    Writer writer;
    const std::vector<std::string> fields = writer.fields(*twins[twin].proto, 2);
    std::vector<std::string> bodies = {"", ""};
    for (const std::string& field : fields) bodies[1] += field;
    std::string reversed;
    for (auto field = fields.rbegin(); field != fields.rend(); ++field) reversed += *field;
    bodies.push_back(reversed);
    bodies.push_back(bodies[1] + bodies[1]);
    for (const std::string& field : writer.each_field(*twins[twin].proto)) bodies.push_back(field);
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      std::string body = bodies[i];
      if (from != BodyFormat::protobuf) {
        const Crossing& crossing = crossings.find(twin, BodyFormat::protobuf, from, false);
        if (crossing.there == nullptr) continue;
        if (!crossing.there->run(base::as_bytes(bodies[i]), context, context.output).ok()) continue;
        body = base::as_text(context.output.bytes());
      }
      for (const unsigned to : {0u, 1u, 2u, 3u, 4u, 5u, 128u, 129u, 130u, 131u, 133u}) {
        // A field by itself shows little more in the strict forms, and not much in each of the others.
        if (i > 3 && (to >= 128 || to % 3 != (i + twin) % 3)) continue;
        add(std::to_string(twin) + "-" + std::to_string(i) + "-" + std::to_string(to),
            std::string{static_cast<char>(twin), static_cast<char>(to)} + body);
      }
    }
  }
}

}  // namespace koine::fuzz
