// What takes part in the benchmark of translation: a contender turns one message from the bytes of one format
// into those of another, with whatever it keeps from call to call. One thread.
#pragma once

#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace koine::bench {

enum class Format : std::uint8_t { compact, binary, protobuf, json, hessian2 };
constexpr std::size_t format_count = 5;
std::string_view to_string(Format format);

class Contender {
 public:
  virtual ~Contender() = default;
  // The translated message, valid until the next call; empty when it failed.
  virtual std::string_view run(const std::string& in) = 0;
  // The same as a text of its own, for contenders whose message is not in one piece: of theirs, run() says
  // only how long it is.
  virtual std::string result(const std::string& in) { return std::string(run(in)); }
  // Nanoseconds of CPU time a message, of the whole process, in a slice of that many milliseconds.
  double measure(const std::vector<std::string>& messages, unsigned milliseconds);

 protected:
  virtual void run_all(const std::vector<std::string>& messages, std::size_t times);
  // Of the process that translates.
  virtual clockid_t cpu_clock() const;
};

// Generated libthrift and libprotobuf code at its best: buffers reused, and protobuf objects either new in an
// arena with a preset block, or cleared and reused. Thrift's code is compiled as it comes or with
// `cpp:templates`. `type`: a name of KOINE_BENCH_TYPES.
enum class Thrift : std::uint8_t { standard, templates };
enum class Objects : std::uint8_t { arena, reused };
std::unique_ptr<Contender> make_generated(std::string_view type, Format from, Format to, Thrift thrift,
                                          Objects objects);
std::unique_ptr<Contender> make_generated_standard(std::string_view type, Format from, Format to,
                                                   Objects objects);
std::unique_ptr<Contender> make_generated_templates(std::string_view type, Format from, Format to,
                                                    Objects objects);
// libprotobuf's JSON utilities on protobuf's bytes (they never make a message object), and with a thrift
// format at the other end generated code before or behind them.
std::unique_ptr<Contender> make_json_utilities(std::string_view type, Format from, Format to);
// One pass written by hand for the order message, with the same checks as a plan; null for other pairs.
std::unique_ptr<Contender> make_hand(std::string_view type, Format from, Format to);
std::unique_ptr<Contender> make_hand_binary(Format from, Format to);
// A plan.
std::unique_ptr<Contender> make_koine(std::string_view type, Format from, Format to);
// The same as the gateway runs it, from a slab and into pieces: what is long is referred to, not copied.
std::unique_ptr<Contender> make_koine_slice(std::string_view type, Format from, Format to);
// hessian-lite in a process of its own, an order only; with another format than Hessian2 at both ends the
// libraries that Java has for them. Ends this process where it was not built (hessian_lite/build.sh).
std::unique_ptr<Contender> make_hessian_lite(Format from, Format to);
// memcpy of the input.
std::unique_ptr<Contender> make_copy();

// One kind of message in one size: `count` different messages in every format but Hessian2, which only
// Java writes; always the same ones.
struct Shape {
  std::string name;
  std::string type;
  std::vector<std::string> messages[format_count];
  const std::vector<std::string>& in(Format format) const { return messages[static_cast<int>(format)]; }
};
std::vector<std::string> shape_names();
Shape make_shape(std::string_view name);
// The message in one form whatever its format and the order of its fields: equal exactly when messages are.
std::string canonical(std::string_view type, Format format, const std::string& bytes);

}  // namespace koine::bench
