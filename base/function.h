// Function<R(A…)>: a callable that is moved, never copied, so that a callback may own a socket or a buffer.
// Callables of up to 48 bytes live inside it (no allocation). Calling an empty one ends the process. One
// thread at a time; it may be moved to another thread when what it captured may.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>
#include <type_traits>
#include <utility>

namespace koine::base {

template <class Signature>
class Function;

template <class R, class... A>
class Function<R(A...)> {
 public:
  static constexpr std::size_t inline_bytes = 48;

  Function() noexcept = default;
  Function(std::nullptr_t) noexcept {}  // NOLINT: implicit like std::function
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, Function> &&
           std::is_invocable_r_v<R, std::decay_t<F>&, A...>)
      Function(F&& callable) {  // NOLINT: implicit like std::function
    using T = std::decay_t<F>;
    if constexpr (fits<T>) {
      new (&storage_) T(std::forward<F>(callable));
      operations_ = &inline_operations<T>;
    } else {
      new (&storage_) T*(new T(std::forward<F>(callable)));
      operations_ = &heap_operations<T>;
    }
  }
  Function(Function&& other) noexcept { take(other); }
  Function& operator=(Function&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  Function(const Function&) = delete;
  Function& operator=(const Function&) = delete;
  ~Function() { reset(); }

  explicit operator bool() const noexcept { return operations_ != nullptr; }
  R operator()(A... arguments) {
    if (operations_ == nullptr) std::abort();
    return operations_->call(&storage_, std::forward<A>(arguments)...);
  }

 private:
  struct Operations {
    R (*call)(void*, A&&...);
    void (*move)(void* from, void* to) noexcept;  // leaves nothing alive at `from`
    void (*destroy)(void*) noexcept;
  };
  template <class T>
  static constexpr bool fits =
      sizeof(T) <= inline_bytes &&
      alignof(T) <= alignof(std::max_align_t) && std::is_nothrow_move_constructible_v<T>;

  template <class T>
  static constexpr Operations inline_operations = {
      [](void* at, A&&... arguments) -> R {
        return static_cast<R>((*static_cast<T*>(at))(std::forward<A>(arguments)...));
      },
      [](void* from, void* to) noexcept {
        new (to) T(std::move(*static_cast<T*>(from)));
        static_cast<T*>(from)->~T();
      },
      [](void* at) noexcept { static_cast<T*>(at)->~T(); }};
  template <class T>
  static constexpr Operations heap_operations = {
      [](void* at, A&&... arguments) -> R {
        return static_cast<R>((**static_cast<T**>(at))(std::forward<A>(arguments)...));
      },
      [](void* from, void* to) noexcept { new (to) T*(*static_cast<T**>(from)); },
      [](void* at) noexcept { delete *static_cast<T**>(at); }};

  void reset() noexcept {
    if (operations_ != nullptr) operations_->destroy(&storage_);
    operations_ = nullptr;
  }
  void take(Function& other) noexcept {
    operations_ = other.operations_;
    if (operations_ != nullptr) operations_->move(&other.storage_, &storage_);
    other.operations_ = nullptr;
  }

  const Operations* operations_ = nullptr;
  alignas(std::max_align_t) std::byte storage_[inline_bytes];
};

}  // namespace koine::base
