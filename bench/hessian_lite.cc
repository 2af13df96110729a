// hessian-lite, a contender in a JVM of its own (hessian_lite/src/bench/Contender.java says what is spoken
// with it through pipes). It translates for some seconds before anything counts, so that all that is hot was
// compiled.
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contender.h"

namespace koine::bench {
namespace {

constexpr unsigned warm_milliseconds = 10000;

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "hessian-lite: %s\n", what);
  std::exit(1);
}

class HessianLite final : public Contender {
 public:
  HessianLite(Format from, Format to) {
    int in[2];
    int out[2];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) give_up("no pipe");
    const std::string from_name(to_string(from));
    const std::string to_name(to_string(to));
    pid_ = fork();
    if (pid_ == 0) {
      dup2(in[0], STDIN_FILENO);
      dup2(out[1], STDOUT_FILENO);
      execl(KOINE_BENCH_HESSIAN_LITE, "contender", from_name.c_str(), to_name.c_str(), nullptr);
      std::perror(KOINE_BENCH_HESSIAN_LITE);
      _exit(1);
    }
    close(in[0]);
    close(out[1]);
    to_ = fdopen(in[1], "wb");
    from_ = fdopen(out[0], "rb");
    if (pid_ < 0 || to_ == nullptr || from_ == nullptr) give_up("it does not start");
  }
  ~HessianLite() override {
    std::fclose(to_);
    std::fclose(from_);
    waitpid(pid_, nullptr, 0);
  }
  HessianLite(const HessianLite&) = delete;
  HessianLite& operator=(const HessianLite&) = delete;

  std::string_view run(const std::string& in) override {
    message_.resize(number<std::size_t>(ask("one", in)));
    if (std::fread(message_.data(), 1, message_.size(), from_) != message_.size()) give_up("it ended");
    return message_;
  }

 private:
  void run_all(const std::vector<std::string>& messages, std::size_t times) override {
    if (kept_ == nullptr) {
      for (const std::string& message : messages) ask("keep", message);
      kept_ = &messages;
      measure(messages, warm_milliseconds);
    }
    if (kept_ != &messages) give_up("it has other messages");
    std::fprintf(to_, "run %zu\n", times);
    if (answer() != "ok") give_up("it fails");
  }
  clockid_t cpu_clock() const override {
    clockid_t clock{};
    if (clock_getcpuclockid(pid_, &clock) != 0) give_up("it has no clock");
    return clock;
  }

  std::string ask(const char* command, const std::string& message) {
    std::fprintf(to_, "%s %zu\n", command, message.size());
    std::fwrite(message.data(), 1, message.size(), to_);
    return answer();
  }
  std::string answer() {
    std::fflush(to_);
    char line[64];
    if (std::fgets(line, sizeof line, from_) == nullptr) give_up("it ended");
    return {line, std::strcspn(line, "\n")};
  }
  template <class Number>
  static Number number(const std::string& text) {
    Number value{};
    if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{})
      give_up("no number");
    return value;
  }

  pid_t pid_ = -1;
  FILE* to_ = nullptr;
  FILE* from_ = nullptr;
  std::string message_;
  const std::vector<std::string>* kept_ = nullptr;
};

}  // namespace

std::unique_ptr<Contender> make_hessian_lite(Format from, Format to) {
  return std::make_unique<HessianLite>(from, to);
}

}  // namespace koine::bench
