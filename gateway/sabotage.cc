// Spoiling answers.
#include "gateway/sabotage.h"

#include <utility>

namespace koine::gateway {

std::optional<Sabotage::Kind> Sabotage::parse(std::string_view name) {
  if (name == "swap_fields") return Kind::swap_fields;
  if (name == "wrap_sign") return Kind::wrap_sign;
  if (name == "drop_presence") return Kind::drop_presence;
  if (name == "exchange_answers") return Kind::exchange_answers;
  return std::nullopt;
}

void Sabotage::apply(model::Reply& reply) {
  if (kind_ == Kind::exchange_answers) {
    if (!has_kept_) {
      kept_ = reply;
      has_kept_ = true;
    } else {
      std::swap(kept_, reply);
    }
  }
}

}  // namespace koine::gateway
