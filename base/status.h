// Status: did it work, and if not, why. Free on the success path: an OK Status is a null pointer.
//
// A Status says that *we* failed or refused; how an RPC ended is model::Outcome. Value type, any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/reason.h"

namespace koine::base {

class [[nodiscard]] Status {
 public:
  Status() noexcept = default;  // OK
  Status(Reason reason, std::string message) : Status(reason, std::move(message), {}) {}
  // `path` is where: a field path (order.items[2].sku), a configuration key, or file:line:column.
  Status(Reason reason, std::string message, std::string path)
      : rep_(std::make_shared<const Rep>(Rep{reason, std::move(message), std::move(path)})) {}

  bool ok() const noexcept { return rep_ == nullptr; }
  explicit operator bool() const noexcept { return ok(); }
  Reason reason() const noexcept { return rep_ ? rep_->reason : Reason::none; }
  std::string_view message() const noexcept {
    return rep_ ? std::string_view(rep_->message) : std::string_view();
  }
  std::string_view path() const noexcept { return rep_ ? std::string_view(rep_->path) : std::string_view(); }
  // "MAP_RANGE at order.items[2].quantity: …"; "OK" when ok.
  std::string to_string() const;
  // The same failure seen from further out: "prefix: message", reason and path kept. OK stays OK.
  Status with_context(std::string_view prefix) const;

 private:
  struct Rep {
    Reason reason;
    std::string message;
    std::string path;
  };
  std::shared_ptr<const Rep> rep_;
};

}  // namespace koine::base
