// What the C++ peers share: the command line and the plan, the table of values, the cases about the course of
// a call, and the lines that are printed. Header only; each peer is one translation unit.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

namespace peer {

constexpr int answer_limit_ms =
    60000;  // bounds every call of a case that is not about time: nothing may hang
constexpr int linger_wait_ms = 4000;
constexpr int in_flight_calls = 1000;
constexpr char post_note[] = "put it on the door";
constexpr char deliberate_text[] = "deliberate failure";

// ------------------------------------------------------------- command line

using Words = std::vector<std::string>;

inline std::string option(const Words& words, const std::string& name, const std::string& otherwise) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if (words[i] == name) return words[i + 1];
  return otherwise;
}

inline Words split(const std::string& text, char at) {
  Words parts;
  std::string part;
  for (std::istringstream in(text); std::getline(in, part, at);)
    if (!part.empty()) parts.push_back(part);
  return parts;
}

// One line of a plan: whom to call, how, and with which cases.
struct Target {
  std::string id, host, dialect, contract;
  int port = 0;
  int deadline_ms = 0;
  Words cases;

  static Target parse(const Words& words) {
    const std::string address = option(words, "--target", "");
    const auto colon = address.rfind(':');
    if (colon == std::string::npos) throw std::invalid_argument("--target HOST:PORT is missing");
    Target target;
    target.id = option(words, "--id", "");
    target.host = address.substr(0, colon);
    target.port = std::stoi(address.substr(colon + 1));
    target.dialect = option(words, "--dialect", "framed-binary");
    target.contract = option(words, "--contract", "own");
    target.deadline_ms = std::stoi(option(words, "--deadline", "600"));
    target.cases = split(option(words, "--cases", ""), ',');
    return target;
  }
};

inline std::vector<Target> targets_of(const Words& words) {
  const std::string plan = option(words, "--plan", "");
  if (plan.empty()) return {Target::parse(words)};
  std::ifstream file(plan);
  if (!file) throw std::runtime_error("cannot read " + plan);
  std::vector<Target> targets;
  for (std::string line; std::getline(file, line);)
    if (Words words_of_line = split(line, ' '); !words_of_line.empty())
      targets.push_back(Target::parse(words_of_line));
  return targets;
}

// ------------------------------------------------------------------- values

// A case that is one request value and one answer value, as lib/samples.py writes them.
struct Sample {
  std::string name, method, request, answer;
  std::string thrown, text;  // of a declared exception, where java_samples.py writes it
};

// Between tabs; an empty message has no bytes.
inline Words columns(const std::string& line) {
  Words parts = {""};
  for (const char c : line) {
    if (c == '\t')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

// NAME lies beside the program, where its build put it.
inline std::vector<Sample> samples(const std::string& name) {
  char path[4096];
  const auto length = readlink("/proc/self/exe", path, sizeof path);
  if (length <= 0) throw std::runtime_error("cannot find my own path");
  std::string file_name(path, static_cast<std::size_t>(length));
  file_name = file_name.substr(0, file_name.rfind('/') + 1) + name;
  std::ifstream file(file_name);
  if (!file)
    throw std::runtime_error("cannot read " + file_name +
                             "; build the peer with a koine binary for the derived contract");
  std::vector<Sample> all;
  for (std::string line; std::getline(file, line);) {
    Words parts = columns(line);
    if (parts.size() != 4 && parts.size() != 6)
      throw std::runtime_error(file_name + ": not four columns, or six");
    parts.resize(6);
    all.push_back({parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]});
  }
  return all;
}

inline std::string quote(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    char escape[8];
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (byte < 0x20) {
      std::snprintf(escape, sizeof escape, "\\u%04x", byte);
      quoted += escape;
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

// JSON as it is; long JSON becomes a text with its head, the length and a hash (FNV-1a), cut where no
// character is split.
inline std::string shorten(const std::string& json) {
  if (json.size() <= 2000) return json;
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : json) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  std::size_t cut = 64;
  while (cut > 0 && (static_cast<unsigned char>(json[cut]) & 0xc0) == 0x80) --cut;
  return quote(json.substr(0, cut) + "… (" + std::to_string(json.size()) + " bytes, hash " +
               std::to_string(hash) + ")");
}

inline std::int64_t new_nonce() {
  static std::mt19937_64 source{std::random_device{}()};
  return static_cast<std::int64_t>(source() >> 1);
}

// -------------------------------------------------------------------- suite

struct Outcome {
  std::string got, want;  // JSON, equal exactly when the values are
};

struct Sighting {
  int posts = 0, resets = 0, started = 0, cancelled = 0;
};

// A failure whose text is already "<KIND>: <text>".
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What the cases about the course of a call need of a contract, whichever IDL its types were generated from.
struct Service {
  virtual ~Service() = default;
  virtual void greet() = 0;
  virtual std::int64_t stamp(std::int64_t nonce) = 0;
  virtual void post(std::int64_t nonce, const std::string& note) = 0;
  virtual void reset(std::int64_t nonce) = 0;
  virtual Sighting seen(std::int64_t nonce) = 0;
};

using Enough = std::function<bool(const Sighting&)>;

// Asks what the provider saw until enough says so or ten seconds are over.
inline Sighting poll(Service& service, std::int64_t nonce, const Enough& enough) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  for (;;) {
    const Sighting seen = service.seen(nonce);
    if (enough(seen) || std::chrono::steady_clock::now() > end) return seen;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

inline Outcome run_void(Service& service) {
  const auto nonce = new_nonce();
  service.reset(nonce);
  return {"{\"resets\":" + std::to_string(service.seen(nonce).resets) + "}", "{\"resets\":1}"};
}

inline Outcome run_oneway(Service& service) {
  const auto nonce = new_nonce();
  service.post(nonce, post_note);
  const Sighting seen = poll(service, nonce, [](const Sighting& s) { return s.posts > 0; });
  return {"{\"posts\":" + std::to_string(seen.posts) + "}", "{\"posts\":1}"};
}

inline std::string aftermath_text(int started, int cancelled, std::int64_t stamp) {
  return "{\"started\":" + std::to_string(started) + ",\"cancelled\":" + std::to_string(cancelled) +
         ",\"stamp\":" + std::to_string(stamp) + "}";
}

// Checks that an abandoned call was started once, that a provider which can see its caller go did so, and
// that a late answer reaches nobody else: fresh has a connection of its own where the protocol has one call
// at a time on each.
inline Outcome aftermath(Service& service, Service& fresh, std::int64_t nonce, bool provider_sees_cancels) {
  const int wanted = provider_sees_cancels ? 1 : 0;
  const Sighting seen =
      poll(service, nonce, [&](const Sighting& s) { return s.started > 0 && s.cancelled >= wanted; });
  const auto next = new_nonce();
  const auto stamped = fresh.stamp(next);
  return {aftermath_text(seen.started, provider_sees_cancels ? seen.cancelled : 0, stamped),
          aftermath_text(1, wanted, ~next)};
}

inline Outcome in_flight_outcome(int right) {
  return {"{\"right\":" + std::to_string(right) + "}", "{\"right\":" + std::to_string(in_flight_calls) + "}"};
}

// The cases of one target in their order.
class Suite {
 public:
  using Run = std::function<Outcome()>;

  void add(const std::string& name, Run run) {
    if (runs_.emplace(name, std::move(run)).second) order_.push_back(name);
  }

  // Runs what the target names, everything when it names nothing, and prints a line for each. describe names
  // the exception that is being handled the way the runner matches it; broken is called after a case that
  // threw.
  void run(const Target& target, const std::function<std::string()>& describe,
           const std::function<void()>& broken) const {
    for (const auto& name : target.cases.empty() ? order_ : target.cases) {
      const auto start = std::chrono::steady_clock::now();
      Outcome outcome{"null", "null"};
      std::string error;
      bool ok = false;
      try {
        const auto found = runs_.find(name);
        if (found == runs_.end()) throw Failure("Peer: no case " + name + " in contract " + target.contract);
        outcome = found->second();
        ok = outcome.got == outcome.want;
      } catch (const Failure& failure) {
        error = failure.what();
        broken();
      } catch (...) {
        error = describe();
        broken();
      }
      const auto elapsed =
          std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start)
              .count();
      std::cout << '{' << (target.id.empty() ? "" : "\"id\":" + quote(target.id) + ",")
                << "\"case\":" << quote(name) << ",\"ok\":" << (ok ? "true" : "false")
                << ",\"got\":" << shorten(outcome.got) << ",\"want\":" << shorten(outcome.want)
                << ",\"error\":" << quote(error) << ",\"elapsed_us\":" << elapsed << "}" << std::endl;
    }
  }

 private:
  std::map<std::string, Run> runs_;
  Words order_;
};

// Both peers have this command line.
inline int main_of(int count, char** arguments,
                   const std::function<void(int port, const std::string& dialect)>& serve,
                   const std::function<void(const Target&)>& call) {
  const Words words(arguments + 1, arguments + count);
  try {
    if (!words.empty() && words[0] == "server") {
      serve(std::stoi(option(words, "--port", "0")), option(words, "--dialect", "framed-binary"));
      return 0;
    }
    if (!words.empty() && words[0] == "client") {
      for (const Target& target : targets_of(words)) call(target);
      return 0;
    }
    std::cerr << "usage: peer server|client …\n";
  } catch (const std::exception& error) { std::cerr << "peer: " << error.what() << '\n'; }
  return 2;
}

}  // namespace peer
