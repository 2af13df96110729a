// The conformance kit for body formats: what every value reader and value writer must hold.
//
// Wrap the pair in a BodyUnderTest: `rewrite` reads one whole body and writes its values again, `walk` is the
// structural check that a body gets which is passed on untouched. Then call check_body() with bodies that the
// format's own libraries wrote.
//
//   check      what must hold
//   identity   a vector rewritten is what is expected (itself, when the library writes what the writer does)
//   stable     what was written, read and written again, is the same bytes, for every vector and for every
//              damaged body that is accepted
//   walk       whatever the reader accepts passes the structural walk
//   prefix     a format whose bodies say where they end accepts no proper prefix of one
//   flip       every bit turned over: a body or a Status
//   length     every number that could be a length becomes hostile: the heap held grows by 64 KiB and four
//              times the bytes received, no more
//   depth      nesting_max levels pass, one more is LIMIT_DEPTH, a million neither pass nor use up a stack of
//              256 KiB
//
// One thread (the depth check makes one of its own).
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/status.h"
#include "codecs/conformance/report.h"

namespace koine::codecs::conformance {

class BodyUnderTest {
 public:
  virtual ~BodyUnderTest() = default;
  // On failure `out` is not looked at.
  virtual base::Status rewrite(base::Bytes body, std::string& out) = 0;
  virtual base::Status walk(base::Bytes body) = 0;
  // Gives back what is kept from one body to the next, so that the next one is measured from nothing.
  virtual void forget() = 0;
};

struct BodyVector {
  std::string name;
  std::string bytes;
  std::string expected;  // empty: `bytes`
};

struct BodyFormatUnderTest {
  std::string name;
  BodyUnderTest* body = nullptr;
  bool ends_itself = false;  // a body says where it ends
  // Without a schema it can be told what is nested in what. False for protobuf: its messages look like its
  // strings, so the walk passes what is too deep, and does not use up the stack; its groups are another
  // matter (codecs/bodies/protobuf has their test).
  bool walk_sees_nesting = true;
  std::size_t nesting_max = 64;
  std::size_t message_bytes_max = 4u << 20;
  // How many hostile lengths are tried of one vector, evenly spread over all there are.
  std::size_t lengths_max = 8192;
  // A body nested so deep, the body itself counted as one. Unset: the depth check is left out.
  std::function<std::string(std::size_t depth)> nested;
};

Report check_body(const BodyFormatUnderTest& format, std::span<const BodyVector> vectors);

}  // namespace koine::codecs::conformance
