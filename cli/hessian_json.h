// HessianJson: values of Hessian2 as JSON for a person, without a schema.
//
//   object          {"class":"shop.Item","sku":"A-1"}, an enum value too
//   typed map       {"class":"java.util.TreeMap","key":…}; keys that are no texts are written as texts
//   list            an array, whatever its type
//   octets, date    base64, "2026-11-24T04:39:03.120Z"; a NaN or an infinity is a text as well
//   reference       what it refers to, once more; {"cycle":2} for what it lies in, so many levels further out
//
// Memory and time are bounded by a multiple of the stream's bytes. Owner: the command; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/buffer.h"
#include "base/status.h"
#include "codecs/bodies/hessian2/walk.h"

namespace koine::cli {

class HessianJson {
 public:
  // `stream`, whose definitions and references count from its beginning, outlives it.
  HessianJson(base::Bytes stream, std::size_t nesting_max);

  bool at_end() const { return at_ == end_; }
  // Appends the next value. WIRE_MALFORMED, WIRE_TRUNCATED, LIMIT_DEPTH, LIMIT_MESSAGE: then `out` ends
  // anywhere.
  base::Status append_next(std::string& out);

 private:
  bool append_value(std::string& out);
  bool append_scalar(std::string& out, std::uint8_t lead);
  bool append_text(std::string& out);
  bool append_octets(std::string& out);
  bool append_reference(std::string& out);
  bool append_held(std::string& out);  // an object, a list or a map
  bool append_object(std::string& out);
  bool append_list(std::string& out);
  bool append_map(std::string& out);
  bool append_key(std::string& out);
  bool append_name(std::string& out, const std::uint8_t* text);
  bool fail(base::Reason reason, const char* what);
  bool fail_wire();

  codecs::bodies::hessian2::Walker walker_;
  const std::uint8_t* const begin_;
  const std::uint8_t* at_;
  const std::uint8_t* const end_;
  const std::size_t size_max_;
  const std::size_t nesting_max_;
  std::vector<const std::uint8_t*> open_;  // what is being written, outermost first
  bool again_ = false;
  std::size_t read_again_ = 0;
  base::Status failure_;
};

}  // namespace koine::cli
