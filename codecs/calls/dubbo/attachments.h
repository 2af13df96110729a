// Attachments: the map of anything behind a request's arguments or an answer's value, and the common model.
//
//   path, interface, version, group, timeout (milliseconds, as text)   the call's own; written anew
//   traceparent, tracestate                                            the trace context
//   dubbo, input, _TO                                                  of this hop
//   other names with a text                                            metadata, names in lower case
//   other names with octets                                            metadata of that name and "-bin"
//   whatever else (numbers, objects, keys that are no text, names outside [A-Za-z0-9_.-])
//                                                 Metadata::native, untouched: key and value, key and value
//
// The latter lie in a stream whose definitions and references go on from the body in front of them; they mean
// the same again only behind the same body. Stateless, any thread.
// Source: apache/dubbo RpcInvocation.java, DubboCodec.java, RpcContextAttachment; CommonConstants.java.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "codecs/bodies/hessian2/walk.h"
#include "model/call.h"

namespace koine::codecs::calls::dubbo {

inline constexpr std::string_view protocol_name = "dubbo";

enum class AttachmentsRead : std::uint8_t { good, malformed, too_deep, too_many };

// The map at `p` (null counts as none) of a request: metadata, timeout and trace of `head`; what `group` it
// is for. Texts that are no Unicode are native.
AttachmentsRead read_request_attachments(const std::uint8_t* p, const std::uint8_t* end,
                                         bodies::hessian2::Walker& walker, const base::Limits& limits,
                                         model::CallHead& head, std::string& group);
// The same of an answer.
AttachmentsRead read_reply_attachments(const std::uint8_t* p, const std::uint8_t* end,
                                       bodies::hessian2::Walker& walker, const base::Limits& limits,
                                       model::Metadata& metadata);

// Appends a whole map. `service`, `group` and `version` as the provider knows itself, empty where it has
// none. `generic`, which says how the arguments are to be read, goes only beside a generic call ($invoke).
void append_request_attachments(std::string& out, const model::CallHead& head, std::string_view service,
                                std::string_view group, std::string_view version);
// `trailers` follow the metadata.
void append_reply_attachments(std::string& out, const model::Metadata& metadata,
                              const model::Metadata& trailers);

}  // namespace koine::codecs::calls::dubbo
