// What a caller's bytes, good, cut and damaged, make of a server half.
#include <algorithm>
#include <string>
#include <vector>

#include "codecs/conformance/checks.h"
#include "codecs/conformance/heap_meter.h"
#include "codecs/conformance/mutations.h"
#include "codecs/conformance/probes.h"

namespace koine::codecs::conformance {
namespace {

// What a session made of some bytes.
struct Told {
  std::vector<std::string> calls;
  std::string status;
  bool ending = false;
  std::size_t finished = 0;
};

std::string text_of(const Told& told) {
  return joined(told.calls) + ", " + told.status + (told.ending ? ", ending" : "");
}

class CallerChecks {
 public:
  CallerChecks(Run& run, const CallerVector& vector) : run_(run), vector_(vector) {}

  void run() {
    whole_ = tell(vector_.bytes, {}, "vectors");
    check_vector();
    check_splits();
    check_prefixes();
    check_truncated();
    check_flips();
    check_lengths();
  }

 private:
  std::string named(const std::string& what) const { return "caller '" + vector_.name + "', " + what; }

  // Feeds `bytes` in pieces of these sizes (none: whole) to a session of its own, ends the connection, and
  // sees to it that the session behaves whatever the bytes were.
  Told tell(std::string_view bytes, const std::vector<std::size_t>& pieces, std::string_view check) {
    ServerProbe probe(*run_.codec.codec, run_.codec.server, ServerProbe::Answer::echo);
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
    Told told{probe.calls(), status_text(probe.status()), probe.ending(), probe.finished_calls()};
    be_polite(probe, bytes, check);
    return told;
  }

  void be_polite(ServerProbe& probe, std::string_view bytes, std::string_view check) {
    run_.report.ran("polite");
    const bool failed = !probe.status().ok();
    if (failed) {
      // The owner should not, but a session must stand it.
      base::Buffer more;
      more.append(bytes);
      (void)probe.session().feed(more);
    }
    probe.eof();
    if (!probe.violation().empty()) {
      run_.report.add(probe.status().ok() ? check : "polite",
                      named(probe.violation()) + ": " + printable(bytes));
    }
    if (failed && (probe.session().wants_write() || !probe.session().wants_close())) {
      run_.report.add("polite", named("after " + std::string(probe.status().to_string()) +
                                      " the session does not want to close: " + printable(bytes)));
    }
  }

  void check_vector() {
    run_.report.ran("vectors");
    std::vector<std::string> expected;
    for (const ExpectedCall& call : vector_.calls) expected.push_back(describe(call));
    if (whole_.calls != expected || whole_.status != "OK") {
      run_.report.add("vectors", named("expected " + joined(expected) + " and OK, got " +
                                       joined(whole_.calls) + " and " + whole_.status));
    }
  }

  // `told` must be what the whole gave.
  void same(const Told& told, const Told& whole, std::string_view check, const std::string& how) {
    run_.report.ran(check);
    if (check == "flip" && run_.codec.writes_while_reading && (told.ending || whole.ending)) return;
    const bool same_status = told.status == whole.status || told.status == "OK" || whole.status == "OK";
    if (told.calls == whole.calls && told.ending == whole.ending && same_status) return;
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

  // The events after each byte are events of the whole, and the last call ends with its last byte.
  void check_prefixes() {
    ServerProbe probe(*run_.codec.codec, run_.codec.server, ServerProbe::Answer::echo);
    const bool exact = vector_.behind != std::string::npos && !vector_.calls.empty();
    const std::size_t last = exact ? vector_.bytes.size() - vector_.behind : vector_.bytes.size();
    for (std::size_t at = 0; at < vector_.bytes.size(); ++at) {
      run_.report.ran("prefix");
      probe.feed(std::string_view(vector_.bytes).substr(at, 1));
      if (probe.calls().size() > whole_.calls.size() || probe.finished_calls() > whole_.finished ||
          !probe.status().ok()) {
        run_.report.add("prefix", named("more than the whole after " + std::to_string(at + 1) + " bytes: " +
                                        joined(probe.calls()) + ", " + status_text(probe.status())));
        return;
      }
      if (exact && at + 1 < last && probe.finished_calls() == whole_.finished && whole_.finished > 0) {
        run_.report.add("prefix", named("the last call is finished " + std::to_string(last - at - 1) +
                                        " bytes before its end"));
        return;
      }
    }
  }

  void check_truncated() {
    for (std::size_t size = 0; size < vector_.bytes.size(); ++size) {
      run_.report.ran("truncated");
      ServerProbe probe(*run_.codec.codec, run_.codec.server, ServerProbe::Answer::echo);
      probe.feed(std::string_view(vector_.bytes).substr(0, size));
      const std::size_t finished = probe.finished_calls();
      probe.eof();
      if (!probe.violation().empty()) {
        run_.report.add("truncated",
                        named("cut off after " + std::to_string(size) + ": " + probe.violation()));
      }
      if (probe.finished_calls() != finished) {
        run_.report.add("truncated", named("the end of the connection after " + std::to_string(size) +
                                           " bytes finished a call"));
      }
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
    const std::size_t limit = run_.codec.server.limits.message_bytes_max;
    each_length(vector_.bytes, limit, run_.effort.lengths_max,
                [&](const std::string& bytes, const std::string& what) {
                  run_.report.ran("length");
                  HeapMeter meter;
                  std::size_t held = 0;
                  {
                    ServerProbe probe(*run_.codec.codec, run_.codec.server, ServerProbe::Answer::echo, false);
                    meter.restart();
                    probe.feed(bytes);
                    probe.eof();
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

  Run& run_;
  const CallerVector& vector_;
  Told whole_;
};

}  // namespace

void check_caller(Run& run, const CallerVector& vector) { CallerChecks(run, vector).run(); }

}  // namespace koine::codecs::conformance
