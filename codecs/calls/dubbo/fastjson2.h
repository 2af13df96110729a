// Bodies in fastjson2 (serialization 23): what stands around the arguments and the value, which pass as they
// are, since nobody here reads them.
//
//   request   Dubbo's version · service · version · method · parameters · the arguments · the attachments
//   answer    20: int as in Hessian2 (result.h) · exception or value · attachments      else: a text
//   event     null, or R or W
//
// Each of these is u32 BE, how long it is, and a value in JSONB (jsonb.h). 3.2's consumers write so unless
// they are told otherwise. Stateless, any thread. Source: apache/dubbo 3.3 FastJson2ObjectOutput.java.
#pragma once

#include <string>
#include <string_view>

#include "base/limits.h"
#include "base/status.h"
#include "codecs/calls/dubbo/invocation.h"
#include "model/call.h"

namespace koine::codecs::calls::dubbo::fastjson2 {

// As in Hessian2; of attachments, what is neither text nor octets is Metadata::native.
base::Status read_invocation(base::Bytes body, const base::Limits& limits, Invocation& out);
void append_invocation_begin(std::string& out, const model::CallHead& head);
void append_invocation_end(std::string& out, const model::CallHead& head);

// How a call ended whose answer has status 20: OK, or what was thrown. UPSTREAM_PROTOCOL for what is no
// answer.
base::Status read_result(base::Bytes body, const base::Limits& limits, model::Outcome& out);
// What another status says; nothing when it cannot be read.
std::string read_words(base::Bytes body);

void append_words(std::string& out, std::string_view utf8);
// A body that says `outcome` by an exception.
void append_thrown(std::string& out, const model::Outcome& outcome, bool with_attachments);

// The events that are no heartbeats.
inline constexpr std::string_view read_only_body = {"\0\0\0\2\x4aR", 6};
inline constexpr std::string_view writeable_body = {"\0\0\0\2\x4aW", 6};

}  // namespace koine::codecs::calls::dubbo::fastjson2
