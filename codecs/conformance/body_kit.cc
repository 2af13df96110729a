// See body_kit.h.
#include "codecs/conformance/body_kit.h"

#include <pthread.h>

#include "codecs/conformance/heap_meter.h"
#include "codecs/conformance/mutations.h"
#include "codecs/conformance/probes.h"

namespace koine::codecs::conformance {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__clang__) || \
    !defined(__OPTIMIZE__)
// Instrumented and unoptimised frames are several times as large.
constexpr std::size_t stack_bytes = 4u << 20;
#else
constexpr std::size_t stack_bytes = 256u << 10;
#endif

class BodyChecks {
 public:
  BodyChecks(const BodyFormatUnderTest& format, Report& report) : format_(format), report_(report) {}

  void check(const BodyVector& vector) {
    check_identity(vector);
    check_prefixes(vector);
    for (std::size_t bit = 0; bit < 8 * vector.bytes.size(); ++bit) {
      accept_or_refuse(flipped(vector.bytes, bit), "flip", named(vector, "bit " + std::to_string(bit)));
    }
    check_lengths(vector);
  }

  void check_depth() {
    if (!format_.nested) return;
    for (const std::size_t depth : {std::size_t{1}, format_.nesting_max - 1, format_.nesting_max}) {
      report_.ran("depth");
      std::string out;
      const std::string body = format_.nested(depth);
      const base::Status read = format_.body->rewrite(base::as_bytes(body), out);
      const base::Status walked = format_.body->walk(base::as_bytes(body));
      if (!read.ok() || !walked.ok()) {
        report_.add("depth", format_.name + ": " + std::to_string(depth) + " levels: " + read.to_string() +
                                 ", walk " + walked.to_string());
      }
    }
    for (const std::size_t depth : {format_.nesting_max + 1, std::size_t{100000}, std::size_t{1000000}}) {
      report_.ran("depth");
      const std::string body = format_.nested(depth);
      const auto [read, walked] = on_small_stack(body);
      const bool long_enough = body.size() > format_.message_bytes_max;  // refused for that alone
      const bool walk_knows =
          format_.walk_sees_nesting ? walked.reason() == base::Reason::limit_depth : walked.ok();
      if (read.ok() || !walk_knows || (read.reason() != base::Reason::limit_depth && !long_enough)) {
        report_.add("depth", format_.name + ": " + std::to_string(depth) + " levels: " + read.to_string() +
                                 ", walk " + walked.to_string());
      }
    }
  }

 private:
  struct Read {
    base::Status read;
    base::Status walked;
  };
  struct Task {
    BodyUnderTest* body;
    const std::string* bytes;
    Read result;
  };

  std::string named(const BodyVector& vector, const std::string& what) const {
    return format_.name + " '" + vector.name + "', " + what;
  }

  Read on_small_stack(const std::string& body) {
    Task task{format_.body, &body, {}};
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stack_bytes);
    pthread_t thread{};
    const auto run = [](void* argument) -> void* {
      Task& mine = *static_cast<Task*>(argument);
      std::string out;
      mine.result.read = mine.body->rewrite(base::as_bytes(*mine.bytes), out);
      mine.result.walked = mine.body->walk(base::as_bytes(*mine.bytes));
      return nullptr;
    };
    if (pthread_create(&thread, &attributes, run, &task) == 0) {
      pthread_join(thread, nullptr);
    } else {
      report_.add("depth", "no thread with a small stack could be made");
    }
    pthread_attr_destroy(&attributes);
    return task.result;
  }

  void check_identity(const BodyVector& vector) {
    report_.ran("identity");
    const std::string& expected = vector.expected.empty() ? vector.bytes : vector.expected;
    std::string out;
    const base::Status status = format_.body->rewrite(base::as_bytes(vector.bytes), out);
    if (!status.ok() || out != expected) {
      report_.add("identity", named(vector, "expected " + printable(expected) + ", got " +
                                                (status.ok() ? printable(out) : status.to_string())));
    }
    accept_or_refuse(vector.bytes, "stable", named(vector, "as it is"));
  }

  // A damaged body may be a body; then it is one all through.
  void accept_or_refuse(const std::string& bytes, std::string_view check, const std::string& what) {
    report_.ran(check);
    std::string once;
    if (!format_.body->rewrite(base::as_bytes(bytes), once).ok()) {
      (void)format_.body->walk(base::as_bytes(bytes));
      return;
    }
    report_.ran("walk");
    if (const base::Status walked = format_.body->walk(base::as_bytes(bytes)); !walked.ok()) {
      report_.add("walk", what + ": the reader accepts it, the walk says " + walked.to_string() + ": " +
                              printable(bytes));
    }
    report_.ran("stable");
    std::string twice;
    const base::Status again = format_.body->rewrite(base::as_bytes(once), twice);
    if (!again.ok() || twice != once) {
      report_.add("stable", what + ": written " + printable(once) + ", then " +
                                (again.ok() ? printable(twice) : again.to_string()));
    }
  }

  void check_prefixes(const BodyVector& vector) {
    for (std::size_t size = 0; size < vector.bytes.size(); ++size) {
      report_.ran("prefix");
      std::string out;
      const base::Bytes prefix = base::as_bytes(std::string_view(vector.bytes).substr(0, size));
      const bool read = format_.body->rewrite(prefix, out).ok();
      const bool walked = format_.body->walk(prefix).ok();
      if (format_.ends_itself && (read || walked)) {
        report_.add("prefix",
                    named(vector, "the first " + std::to_string(size) + " bytes pass as a whole body"));
      }
    }
  }

  void check_lengths(const BodyVector& vector) {
    each_length(vector.bytes, format_.message_bytes_max, format_.lengths_max,
                [&](const std::string& bytes, const std::string& what) {
                  report_.ran("length");
                  std::string out;
                  format_.body->forget();
                  HeapMeter meter;
                  (void)format_.body->rewrite(base::as_bytes(bytes), out);
                  (void)format_.body->walk(base::as_bytes(bytes));
                  if (meter.peak_bytes() > heap_allowed(bytes.size())) {
                    report_.add("length", named(vector, what + ": " + std::to_string(meter.peak_bytes()) +
                                                            " bytes of heap for " +
                                                            std::to_string(bytes.size()) + " received"));
                  }
                });
  }

  const BodyFormatUnderTest& format_;
  Report& report_;
};

}  // namespace

Report check_body(const BodyFormatUnderTest& format, std::span<const BodyVector> vectors) {
  Report report;
  BodyChecks checks(format, report);
  for (const BodyVector& vector : vectors) checks.check(vector);
  checks.check_depth();
  return report;
}

}  // namespace koine::codecs::conformance
