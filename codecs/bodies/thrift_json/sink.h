// Sink: bytes written one after another into memory that its implementation owns, through a raw pointer; the
// owner is asked only when room runs out. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "codecs/wire.h"

namespace koine::codecs::bodies::thrift_json {

class Sink {
 public:
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  // Room for `bytes` at at(); false: more than may be written.
  [[nodiscard]] bool ensure(std::size_t bytes) {
    return static_cast<std::size_t>(limit_ - at_) >= bytes || grow(bytes);
  }
  std::uint8_t* at() const noexcept { return at_; }
  void advance(std::uint8_t* to) noexcept { at_ = to; }
  std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

  [[nodiscard]] bool put(char c) {
    if (!ensure(1)) return false;
    *at_++ = static_cast<std::uint8_t>(c);
    return true;
  }
  [[nodiscard]] bool put(std::string_view text) {
    if (!ensure(text.size())) return false;
    if (!text.empty()) std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
    return true;
  }

 protected:
  Sink() = default;
  ~Sink() = default;
  // Makes room for `bytes` more; begin_, at_ and limit_ may move. False: more than may be written.
  virtual bool grow(std::size_t bytes) = 0;

  std::uint8_t* begin_ = nullptr;
  std::uint8_t* at_ = nullptr;
  std::uint8_t* limit_ = nullptr;
};

// Into a vector of its own.
class VectorSink final : public Sink {
 public:
  explicit VectorSink(std::size_t bytes_max) : bytes_max_(bytes_max) {}
  // What was written so far; valid until more is.
  std::string_view text() const noexcept { return {reinterpret_cast<const char*>(begin_), size()}; }

 private:
  bool grow(std::size_t bytes) override;

  std::size_t bytes_max_;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace koine::codecs::bodies::thrift_json
