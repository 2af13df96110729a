// Bytes written into an Output by the JSON ends of a plan: room is asked for before every piece. One thread,
// internal to json_*.cc.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "codecs/wire.h"
#include "transcode/output.h"

namespace koine::transcode {

// A text that may be read in pieces of 16 bytes to its end.
struct PaddedText {
  std::string padded;
  std::size_t size = 0;

  std::string_view view() const noexcept { return {padded.data(), size}; }
  static PaddedText of(std::string text) {
    const std::size_t size = text.size();
    text.resize((size + 15) / 16 * 16);
    return {std::move(text), size};
  }
};

class StepSink {
 public:
  // This many bytes may always be written behind what was asked for: short pieces are written whole words at
  // a time, and small ones need not ask.
  static constexpr std::size_t slack_bytes = 32;

  // Starts a message in `output`, which may grow to `bytes_max`.
  StepSink(Output& output, std::size_t expected, std::size_t bytes_max)
      : output_(output), bytes_max_(bytes_max) {
    output.start(std::max<std::size_t>(expected, 256) + slack_bytes);
    at_ = output.begin();
    limit_ = output.limit() - slack_bytes;
  }

  // Room for `bytes` at at(), and slack_bytes behind them; false when the message would be longer than
  // allowed.
  bool ensure(std::size_t bytes) {
    if (limit_ - at_ >= static_cast<std::ptrdiff_t>(bytes)) [[likely]]
      return true;
    return grow(bytes);
  }
  // For those who write through a pointer of their own, from at() on: room for `bytes` at `out`, and
  // slack_bytes behind them; null when the message would be longer than allowed. advance() tells where it
  // ended.
  [[gnu::always_inline]] std::uint8_t* room(std::uint8_t* out, std::size_t bytes) {
    if (limit_ - out >= static_cast<std::ptrdiff_t>(bytes)) [[likely]]
      return out;
    at_ = out;
    return grow(bytes) ? at_ : nullptr;
  }
  // Copied 16 bytes at a time into room that was asked for.
  [[gnu::always_inline]] static std::uint8_t* copy(std::uint8_t* out, const PaddedText& text) noexcept {
    const char* from = text.padded.data();
    for (std::size_t done = 0; done < text.size; done += 16) std::memcpy(out + done, from + done, 16);
    return out + text.size;
  }
  std::uint8_t* at() const noexcept { return at_; }
  void advance(std::uint8_t* to) noexcept { at_ = to; }
  std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - output_.begin()); }
  std::uint8_t* begin() const noexcept { return output_.begin(); }
  // Drops what lies behind the first `size` bytes.
  void cut(std::size_t size) noexcept { at_ = output_.begin() + size; }

  bool put(char c) {
    if (!ensure(1)) return false;
    *at_++ = static_cast<std::uint8_t>(c);
    return true;
  }
  // Copied 16 bytes at a time.
  bool put(const PaddedText& text) {
    if (!ensure(text.size)) return false;
    at_ = copy(at_, text);
    return true;
  }
  bool put(std::string_view text) {
    if (!ensure(text.size())) return false;
    if (!text.empty()) std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
    return true;
  }
  bool put_varint(std::uint64_t value) {
    if (!ensure(codecs::varint_bytes_max)) return false;
    at_ = codecs::write_varint(at_, value);
    return true;
  }
  template <class Number>
  bool put_fixed(Number value) {
    if (!ensure(sizeof value)) return false;
    codecs::store(at_, value);
    at_ += sizeof value;
    return true;
  }

  // A protobuf tag and a text behind its length. The text can be read in pieces of 16 bytes.
  bool put_padded(std::uint32_t tag, std::string_view text) {
    if (!ensure(text.size() + 16)) return false;  // and slack_bytes, for the tag and the length
    std::uint8_t* const out = codecs::write_varint(codecs::write_varint(at_, tag), text.size());
    for (std::size_t done = 0; done < text.size(); done += 16) {
      std::memcpy(out + done, text.data() + done, 16);
    }
    at_ = out + text.size();
    return true;
  }
  // A protobuf tag and a number.
  bool put_tagged(std::uint32_t tag, std::uint64_t value) {
    if (!ensure(codecs::varint_bytes_max)) return false;
    at_ = codecs::write_varint(codecs::write_varint(at_, tag), value);
    return true;
  }

  // Room for the length of what is written next.
  struct Length {
    std::size_t at;
    std::size_t width;
    std::uint8_t* last_width;
  };
  // As wide as it was last time.
  bool open_length(Length& length, std::uint8_t& last_width) {
    length = {size(), last_width, &last_width};
    if (!ensure(length.width)) return false;
    at_ += length.width;
    return true;
  }
  // Writes the length of everything since open_length(), moving it when the length has another width.
  bool close_length(const Length& length) {
    const std::size_t content = size() - length.at - length.width;
    std::uint8_t* place = begin() + length.at;
    if (content < 0x80 && length.width == 1) [[likely]] {
      *place = static_cast<std::uint8_t>(content);
      return true;
    }
    const std::size_t width = codecs::varint_size(content);
    if (width != length.width) {
      if (!ensure(codecs::varint_bytes_max)) return false;
      place = begin() + length.at;
      std::memmove(place + width, place + length.width, content);
      at_ = place + width + content;
      *length.last_width = static_cast<std::uint8_t>(width);
    }
    std::uint64_t rest = content;
    for (; rest >= 0x80; rest >>= 7) *place++ = static_cast<std::uint8_t>(rest | 0x80);
    *place = static_cast<std::uint8_t>(rest);
    return true;
  }

  // Leaves room for the length of what is written next; returns where.
  bool open_length(std::size_t& at_size) {
    at_size = size();
    return put('\0');
  }
  // Writes the length of everything since open_length(), moving it when the length is wider than a byte.
  bool close_length(std::size_t at_size) {
    const std::size_t length = size() - at_size - 1;
    const std::size_t width = codecs::varint_size(length);
    if (!ensure(codecs::varint_bytes_max)) return false;
    std::uint8_t* place = begin() + at_size;
    if (width > 1) std::memmove(place + width, place + 1, length);
    std::uint64_t rest = length;
    for (; rest >= 0x80; rest >>= 7) *place++ = static_cast<std::uint8_t>(rest | 0x80);
    *place = static_cast<std::uint8_t>(rest);
    at_ += width - 1;
    return true;
  }

  // False when more was written than allowed.
  bool finish() {
    const std::size_t written = size();
    if (written > bytes_max_) return false;
    output_.finish(written);
    return true;
  }

 private:
  bool grow(std::size_t bytes) {
    const std::size_t used = size();
    // What is asked for is a number's widest form at times; finish() looks at what was written.
    if (used > bytes_max_ || bytes > bytes_max_ + 64) return false;
    output_.grow(used, bytes + 64 + slack_bytes);
    at_ = output_.begin() + used;
    limit_ = output_.limit() - slack_bytes;
    return true;
  }

  Output& output_;
  std::size_t bytes_max_;
  std::uint8_t* at_ = nullptr;
  std::uint8_t* limit_ = nullptr;
};

}  // namespace koine::transcode
