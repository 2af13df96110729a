// The codecs of this tree as the conformance kit wants them, with the bytes of real peers. Test code.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "codecs/conformance/call_kit.h"

namespace koine::codecs::conformance::in_tree {

// A codec and what describes it.
struct Subject {
  std::unique_ptr<CallCodec> codec;
  CodecUnderTest test;
};

// Every dialect, the lax one included.
Subject thrift();
Subject grpc();
Subject http1();
Subject dubbo();
Subject triple();

// A file of hexadecimal digits, with lines that begin with # beside them; its path below codecs/calls.
std::string recording(std::string_view path);

// A Thrift struct {0: string filler} in that format: as a result it is no declared exception.
std::string thrift_body(model::BodyFormat format, std::string_view filler);

}  // namespace koine::codecs::conformance::in_tree
