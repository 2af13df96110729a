// What Triple has beyond gRPC:
//
//   tri-service-group, tri-service-version   with the interface in the path: the service's key, as Dubbo2 has
//   it tri-service-timeout                      milliseconds, where there is no grpc-timeout
//   tri-header-convert                       attachments' names that have a case: {"somename":"someName"}, in
//                                            percent-encoding
//   tri-exception-code                       of an answer: the message is what was thrown, and the status is
//   OK
//
// A service of Triple's own, which a .proto does not describe, has its values in wrappers (wrapper.h); others
// are gRPC's, by the same key. Source: apache/dubbo TripleHeaderEnum.java, StreamUtils.java,
// ExceptionCustomizerWrapper.java. No state, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "codecs/calls/grpc/variant.h"

namespace koine::codecs::calls::triple {

inline constexpr std::string_view protocol_name = "triple";

class TripleVariant final : public grpc::Variant {
 public:
  std::string_view protocol() const override { return protocol_name; }
  grpc::HeaderUse header_use(std::string_view name) const override;
  void restore_names(const model::Metadata& fields, model::Metadata& metadata) const override;
  void keep_names(const model::Metadata& metadata, model::Metadata& fields) const override;

  std::string status_text(std::string raw) const override;

  const grpc::Variant& variant_of(const model::Metadata& fields, const ServerOptions& options,
                                  model::CallHead& head) const override;
  void read_request(const model::Metadata& fields, model::CallHead& head) const override;
  base::Status read_message(const base::Limits& limits, model::CallHead& head, model::Payload& message,
                            std::uint8_t& mark) const override;
  bool write_reply(std::uint8_t mark, model::Reply& reply, model::Metadata& fields) const override;

  std::string_view path_service(std::string_view service) const override;
  void write_request(const model::CallHead& head, model::Metadata& fields) const override;
  std::int32_t thrown_code(const model::Metadata& fields) const override;
  void read_reply(const base::Limits& limits, model::BodyFormat asked, std::int32_t thrown_code,
                  model::Reply& reply) const override;
};

}  // namespace koine::codecs::calls::triple
