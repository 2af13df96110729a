// What a provider's bytes, good, cut and damaged, make of a client half.
#include <algorithm>
#include <string>
#include <vector>

#include "codecs/conformance/checks.h"
#include "codecs/conformance/heap_meter.h"
#include "codecs/conformance/mutations.h"
#include "codecs/conformance/probes.h"

namespace koine::codecs::conformance {
namespace {

struct Told {
  std::vector<std::string> replies;
  std::string status;
  bool ending = false;
  std::size_t finished = 0;
};

std::string text_of(const Told& told) {
  return joined(told.replies) + ", " + told.status + (told.ending ? ", ending" : "");
}

class ProviderChecks {
 public:
  ProviderChecks(Run& run, const ProviderVector& vector) : run_(run), vector_(vector) {}

  void run() {
    whole_ = tell(vector_.bytes, {}, "vectors");
    check_vector();
    check_splits();
    check_prefixes();
    check_truncated();
    check_flips();
    check_lengths();
    check_cancel();
  }

 private:
  std::string named(const std::string& what) const { return "provider '" + vector_.name + "', " + what; }

  void start(ClientProbe& probe) {
    for (const StartedCall& call : vector_.calls) {
      const base::Status status = probe.start(call, vector_.options.body_format);
      if (!status.ok()) {
        run_.report.add("vectors", named("start(" + call.method + ") failed: " + status.to_string()));
      }
    }
    probe.pump();
  }

  Told tell(std::string_view bytes, const std::vector<std::size_t>& pieces, std::string_view check) {
    ClientProbe probe(*run_.codec.codec, vector_.options);
    start(probe);
    const bool damaged = check == "flip";
    std::size_t at = 0;
    const auto feed = [&](std::size_t size) {
      const std::string_view piece = bytes.substr(at, size);
      at += piece.size();
      return damaged ? probe.feed_first(piece) : probe.feed(piece);
    };
    for (const std::size_t piece : pieces) feed(piece);
    if (at < bytes.size()) feed(bytes.size() - at);
    probe.pump();
    Told told{probe.replies(), status_text(probe.status()), probe.ending(), probe.finished_calls()};
    run_.report.ran("polite");
    probe.closed();
    every_call_ended_once(probe, check, bytes);
    return told;
  }

  void every_call_ended_once(const ClientProbe& probe, std::string_view check, std::string_view bytes) {
    if (!probe.violation().empty()) {
      run_.report.add(check, named(probe.violation() + ": " + printable(bytes)));
    } else if (probe.finished_calls() != probe.started_calls()) {
      run_.report.add(check, named(std::to_string(probe.finished_calls()) + " of " +
                                   std::to_string(probe.started_calls()) +
                                   " calls ended with the connection: " + printable(bytes)));
    }
  }

  void check_vector() {
    run_.report.ran("vectors");
    std::vector<std::string> expected;
    for (const ExpectedReply& reply : vector_.replies) expected.push_back(describe(reply));
    if (whole_.replies != expected || whole_.status != "OK") {
      run_.report.add("vectors", named("expected " + joined(expected) + " and OK, got " +
                                       joined(whole_.replies) + " and " + whole_.status));
    }
  }

  void same(const Told& told, const Told& whole, std::string_view check, const std::string& how) {
    run_.report.ran(check);
    if (check == "flip" && run_.codec.writes_while_reading && (told.ending || whole.ending)) return;
    const bool same_status = told.status == whole.status || told.status == "OK" || whole.status == "OK";
    if (told.replies == whole.replies && told.ending == whole.ending && same_status) return;
    run_.report.add(check, named(how + ": " + text_of(told) + "; whole: " + text_of(whole)));
  }

  void check_splits() {
    const std::string& bytes = vector_.bytes;
    same(tell(bytes, std::vector<std::size_t>(bytes.size(), 1), "split"), whole_, "split", "byte at a time");
    for (std::size_t at = 1; at < bytes.size(); ++at) {
      same(tell(bytes, {at}, "split"), whole_, "split", "cut at " + std::to_string(at));
    }
    for (std::uint32_t round = 0; round < 16; ++round) {
      same(tell(bytes, random_pieces(bytes.size(), round), "split"), whole_, "split",
           "cut at random, round " + std::to_string(round));
    }
  }

  void check_prefixes() {
    ClientProbe probe(*run_.codec.codec, vector_.options);
    start(probe);
    const bool exact = vector_.behind != std::string::npos && !vector_.replies.empty();
    const std::size_t last = exact ? vector_.bytes.size() - vector_.behind : 0;
    for (std::size_t at = 0; at + 1 < last; ++at) {
      run_.report.ran("prefix");
      probe.feed(std::string_view(vector_.bytes).substr(at, 1));
      if (probe.finished_calls() == whole_.finished && whole_.finished > 0) {
        run_.report.add("prefix", named("the last reply is finished " + std::to_string(last - at - 1) +
                                        " bytes before its end"));
        return;
      }
    }
  }

  void check_truncated() {
    for (std::size_t size = 0; size < vector_.bytes.size(); ++size) {
      run_.report.ran("truncated");
      ClientProbe probe(*run_.codec.codec, vector_.options);
      start(probe);
      probe.feed(std::string_view(vector_.bytes).substr(0, size));
      probe.closed();
      every_call_ended_once(probe, "truncated", std::string_view(vector_.bytes).substr(0, size));
    }
  }

  void check_flips() {
    each_place(8 * vector_.bytes.size(), run_.effort.flips_max, [&](std::size_t bit) {
      const std::string bytes = flipped(vector_.bytes, bit);
      const Told whole = tell(bytes, {}, "flip");
      const std::string how = "bit " + std::to_string(bit % 8) + " of byte " + std::to_string(bit / 8);
      same(tell(bytes, random_pieces(bytes.size(), static_cast<std::uint32_t>(bit)), "flip"), whole, "flip",
           how + " turned over, cut");
    });
  }

  void check_lengths() {
    const std::size_t limit = vector_.options.limits.message_bytes_max;
    each_length(vector_.bytes, limit, run_.effort.lengths_max,
                [&](const std::string& bytes, const std::string& what) {
                  run_.report.ran("length");
                  HeapMeter meter;
                  std::size_t held = 0;
                  {
                    ClientProbe probe(*run_.codec.codec, vector_.options, false);
                    start(probe);
                    meter.restart();
                    probe.feed(bytes);
                    probe.closed();
                    held = meter.peak_bytes();
                  }
                  if (held > run_.codec.heap_bytes + vector_.heap_bytes + heap_allowed(bytes.size())) {
                    run_.report.add("length",
                                    named(what + ": " + std::to_string(held) + " bytes of heap for " +
                                          std::to_string(bytes.size()) + " received"));
                  }
                  tell(bytes, {}, "length");
                });
  }

  // Whatever comes after a cancel is for nobody; where the codec cannot keep the connection it must say so.
  void check_cancel() {
    for (std::size_t before = 0; before < vector_.bytes.size(); ++before) {
      ClientProbe probe(*run_.codec.codec, vector_.options);
      start(probe);
      probe.feed(std::string_view(vector_.bytes).substr(0, before));
      if (!probe.status().ok() || probe.started_calls() == 0 || probe.reply(1) != nullptr) return;
      run_.report.ran("cancel");
      const bool usable = probe.session().cancel(1);
      probe.cancelled(1);
      probe.pump();
      probe.feed(std::string_view(vector_.bytes).substr(before));
      probe.closed();
      if (!probe.violation().empty()) {
        run_.report.add("cancel",
                        named("cancelled after " + std::to_string(before) + " bytes: " + probe.violation()));
      }
      if (usable && !probe.status().ok()) {
        run_.report.add("cancel", named("cancelled after " + std::to_string(before) +
                                        " bytes: cancel() said that the connection stays usable, and then: " +
                                        probe.status().to_string()));
      }
    }
  }

  Run& run_;
  const ProviderVector& vector_;
  Told whole_;
};

}  // namespace

void check_provider(Run& run, const ProviderVector& vector) { ProviderChecks(run, vector).run(); }

}  // namespace koine::codecs::conformance
