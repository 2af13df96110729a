// Result<T>: a T or the Status that says why there is none. The member names are std::expected's, so that
// C++23's type can take its place. Value type, any thread.
#pragma once

#include <cassert>
#include <utility>
#include <variant>

#include "base/status.h"

namespace koine::base {

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit like std::expected
  // `error` must not be OK.
  Result(Status error) : state_(std::in_place_index<1>, std::move(error)) {  // NOLINT: implicit by intent
    assert(!std::get<1>(state_).ok());
  }

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  const Status& error() const { return std::get<1>(state_); }
  // error(), or OK when there is a value.
  Status status() const { return has_value() ? Status() : std::get<1>(state_); }

 private:
  std::variant<T, Status> state_;
};

}  // namespace koine::base

// Returns from the enclosing function when the expression is a failed Status.
#define KOINE_RETURN_IF_ERROR(expression)                                                              \
  do {                                                                                                 \
    if (::koine::base::Status koine_status_ = (expression); !koine_status_.ok()) return koine_status_; \
  } while (false)
