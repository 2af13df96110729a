// The kit's entry points; the checks themselves are in check_*.cc.
#include "codecs/conformance/call_kit.h"

#include <random>

#include "codecs/conformance/checks.h"
#include "codecs/conformance/probes.h"

namespace koine::codecs::conformance {

std::vector<std::size_t> random_pieces(std::size_t size, std::uint32_t round) {
  std::mt19937 random(round + 1);
  const std::size_t most = round % 2 == 0 ? 3 : 1 + size / 2;
  std::vector<std::size_t> pieces;
  for (std::size_t at = 0; at < size;) {
    const std::size_t piece = 1 + random() % most;
    pieces.push_back(piece);
    at += piece;
  }
  return pieces;
}

void each_place(std::size_t count, std::size_t most, const std::function<void(std::size_t)>& visit) {
  const std::size_t step = 1 + count / (most + 1);
  for (std::size_t at = 0; at < count; at += step) visit(at);
}

Report check_codec(const CodecUnderTest& codec, const Effort& effort) {
  Report report;
  Run run{codec, report, effort};
  for (const CallerVector& vector : codec.callers) check_caller(run, vector);
  for (const ProviderVector& vector : codec.providers) check_provider(run, vector);
  for (const Speaker& speaker : codec.speakers) check_speaker(run, speaker);
  return report;
}

namespace {

// What `codec` says of every prefix of a vector; returns after how many bytes it says yes (npos: never).
std::size_t claimed_at(const CodecUnderTest& codec, const CallerVector& vector, const std::string& who,
                       Report& report) {
  std::size_t claimed = std::string::npos;
  bool refused = false;
  for (std::size_t size = 1; size <= vector.bytes.size(); ++size) {
    const base::Bytes first = base::as_bytes(std::string_view(vector.bytes).substr(0, size));
    const Detected said = codec.codec->detect(first, codec.server.limits);
    const bool contradicts =
        (claimed != std::string::npos && said != Detected::yes) || (refused && said != Detected::no);
    if (contradicts) {
      report.add("detect",
                 who + " changed its mind about '" + vector.name + "' at byte " + std::to_string(size));
      return claimed;
    }
    if (said == Detected::yes && claimed == std::string::npos) claimed = size;
    refused = refused || said == Detected::no;
  }
  return claimed;
}

}  // namespace

void check_detection(std::span<const CodecUnderTest* const> codecs, Report& report) {
  for (const CodecUnderTest* owner : codecs) {
    for (const CallerVector& vector : owner->callers) {
      for (const CodecUnderTest* asked : codecs) {
        report.ran("detect");
        const std::string who(asked->codec->traits().name);
        const std::size_t claimed = claimed_at(*asked, vector, who, report);
        if (asked != owner) {
          if (claimed != std::string::npos) {
            report.add("detect", who + " claims '" + vector.name + "', which is not its own, after " +
                                     std::to_string(claimed) + " bytes");
          }
        } else if (claimed == std::string::npos) {
          report.add("detect", who + " does not know its own '" + vector.name + "'");
        } else if (vector.detect_bytes != 0 && claimed != vector.detect_bytes) {
          report.add("detect", who + " knows '" + vector.name + "' after " + std::to_string(claimed) +
                                   " bytes instead of " + std::to_string(vector.detect_bytes));
        }
      }
    }
  }
}

}  // namespace koine::codecs::conformance
