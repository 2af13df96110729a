// What a protocol that is spoken on gRPC's wire has of its own: which headers it keeps for itself, how its
// calls are named, what its messages and answers say. This class is gRPC, which has nothing beyond; sessions
// are given one and ask it. No state, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/limits.h"
#include "base/status.h"
#include "codecs/call_codec.h"
#include "codecs/calls/grpc/header_rules.h"
#include "model/call.h"

namespace koine::codecs::calls::grpc {

class Variant {
 public:
  virtual ~Variant() = default;

  // CallHead::protocol.
  virtual std::string_view protocol() const;
  virtual HeaderUse header_use(std::string_view name) const;
  // Names that have a case, which HTTP/2 takes from them: given back to `metadata`, and said in `fields`.
  virtual void restore_names(const model::Metadata& /*fields*/, model::Metadata& /*metadata*/) const {}
  virtual void keep_names(const model::Metadata& /*metadata*/, model::Metadata& /*fields*/) const {}

  // A status's text as the headers have it, escapes resolved.
  virtual std::string status_text(std::string raw) const { return raw; }

  // ---- towards callers

  // Whose call it is, where one connection has calls of several: `head` has the service of the path, and gets
  // the whole name that the call goes by, or none where the headers spoil it.
  virtual const Variant& variant_of(const model::Metadata& /*fields*/, const ServerOptions& /*options*/,
                                    model::CallHead& /*head*/) const {
    return *this;
  }
  // What else the headers say of a request.
  virtual void read_request(const model::Metadata& /*fields*/, model::CallHead& /*head*/) const {}
  // A unary request's message. `mark` stays with the call until it is answered.
  virtual base::Status read_message(const base::Limits& /*limits*/, model::CallHead& /*head*/,
                                    model::Payload& /*message*/, std::uint8_t& /*mark*/) const {
    return {};
  }
  // The answer to a unary call, as this protocol has it. True: its failure is told by a message, and the call
  // ends with OK, with the message in `reply` and what its headers say in `fields`.
  virtual bool write_reply(std::uint8_t /*mark*/, model::Reply& /*reply*/,
                           model::Metadata& /*fields*/) const {
    return false;
  }

  // ---- towards providers

  // The part of a service's name that is in the path.
  virtual std::string_view path_service(std::string_view service) const { return service; }
  virtual void write_request(const model::CallHead& /*head*/, model::Metadata& /*fields*/) const {}
  // -1, or what the headers say that the message is instead of a value.
  virtual std::int32_t thrown_code(const model::Metadata& /*fields*/) const { return -1; }
  // The whole answer to a unary request that had a body in `asked`.
  virtual void read_reply(const base::Limits& /*limits*/, model::BodyFormat /*asked*/,
                          std::int32_t /*thrown_code*/, model::Reply& /*reply*/) const {}
};

}  // namespace koine::codecs::calls::grpc
