// Sabotage: spoils answers on purpose, so that the interop matrix can prove that it would notice.
//
// Off unless asked for by the hidden option of `koine serve`. One worker's.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/call.h"

namespace koine::gateway {

class Sabotage {
 public:
  enum class Kind : std::uint8_t {
    swap_fields,       // the first two neighbouring fields of one kind change places
    wrap_sign,         // the first integer changes its sign
    drop_presence,     // the last field of the outermost struct is left out
    exchange_answers,  // each answer of a kind goes to the next caller
  };
  static std::optional<Kind> parse(std::string_view name);

  explicit Sabotage(Kind kind) : kind_(kind) {}
  // `reply` as the caller would get it.
  void apply(model::Reply& reply);

 private:
  const Kind kind_;
  model::Reply kept_;
  bool has_kept_ = false;
};

}  // namespace koine::gateway
