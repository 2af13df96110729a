// One walk for each format.
#include "transcode/walk.h"

#include "base/result.h"
#include "codecs/bodies/hessian2/walk.h"
#include "codecs/bodies/json/tokenizer.h"
#include "codecs/bodies/protobuf/primitives.h"
#include "codecs/bodies/thrift_binary/primitives.h"
#include "codecs/bodies/thrift_compact/primitives.h"
#include "codecs/bodies/thrift_json/reader.h"
#include "codecs/bodies/triple_wrapper/wrapper.h"

namespace koine::transcode {
namespace {

using base::Reason;
using base::Status;
using codecs::Fault;

Status status_of(Fault fault) {
  switch (fault) {
    case Fault::too_deep:
      return Status(Reason::limit_depth, "structs and containers are nested deeper than nesting_max");
    case Fault::truncated: return Status(Reason::wire_truncated, "the message ends inside a value");
    default: return Status(Reason::wire_malformed, "these bytes are not a value of this format");
  }
}

template <auto Skip>
Status walk_struct(base::Bytes body, std::uint8_t struct_type, std::size_t levels) {
  Fault fault = Fault::none;
  const std::uint8_t* end = body.data() + body.size();
  const std::uint8_t* behind = Skip(body.data(), end, struct_type, levels, fault);
  if (behind == nullptr) return status_of(fault);
  if (behind != end) return Status(Reason::wire_malformed, "there are bytes behind the end of the message");
  return {};
}

// One value of Hessian2 behind the other: a call's arguments, or its value.
Status walk_values(base::Bytes body, std::size_t nesting_max) {
  codecs::bodies::hessian2::Walker walker(nesting_max);
  const std::uint8_t* const end = body.data() + body.size();
  walker.start(body.data());
  for (const std::uint8_t* p = body.data(); p != end;) {
    p = walker.skip(p, end);
    if (p == nullptr) return status_of(walker.fault());
  }
  return {};
}

Status walk_wrapper(base::Bytes body, std::size_t nesting_max) {
  codecs::bodies::triple_wrapper::FieldReader fields(body);
  while (fields.next()) {
    if (fields.field() != codecs::bodies::triple_wrapper::Field::value) continue;
    KOINE_RETURN_IF_ERROR(walk_values(fields.content(), nesting_max));
  }
  return fields.status();
}

}  // namespace

Status walk_body(model::BodyFormat format, base::Bytes body, std::size_t nesting_max) {
  static constexpr std::uint8_t nothing = 0;
  if (body.empty()) body = base::Bytes(&nothing, 0);
  switch (format) {
    case model::BodyFormat::thrift_binary: {
      using namespace codecs::bodies::thrift_binary;
      return walk_struct<skip_value>(body, type_struct, nesting_max);
    }
    case model::BodyFormat::thrift_compact: {
      using namespace codecs::bodies::thrift_compact;
      return walk_struct<skip_value>(body, type_struct, nesting_max);
    }
    case model::BodyFormat::protobuf: {
      Fault fault = Fault::none;
      const bool whole =
          codecs::bodies::protobuf::walk_message(body.data(), body.data() + body.size(), nesting_max, fault);
      return whole ? Status() : status_of(fault);
    }
    case model::BodyFormat::json: {
      codecs::bodies::json::Tokenizer tokens(body, nesting_max);
      while (true) {
        const codecs::bodies::json::TokenKind kind = tokens.next().kind;
        if (kind == codecs::bodies::json::TokenKind::end) return {};
        if (kind == codecs::bodies::json::TokenKind::error) return tokens.status();
      }
    }
    case model::BodyFormat::thrift_json: return codecs::bodies::thrift_json::walk(body, nesting_max);
    case model::BodyFormat::hessian2: return walk_values(body, nesting_max);
    case model::BodyFormat::triple_wrapper: return walk_wrapper(body, nesting_max);
    case model::BodyFormat::none:
    case model::BodyFormat::opaque: break;
  }
  return {};
}

}  // namespace koine::transcode
