// The client half and the server half against each other.
#include <algorithm>
#include <string>
#include <vector>

#include "codecs/conformance/checks.h"
#include "codecs/conformance/heap_meter.h"
#include "codecs/conformance/probes.h"

namespace koine::codecs::conformance {
namespace {

// What a drain may yield beyond the bound: HTTP/2's default frame with its header is the largest unit there
// is.
constexpr std::size_t frame_bytes_max = 16384 + 9;
constexpr std::size_t calls_at_once = 8;

// Text that compresses badly, so that no limit on how far bytes may expand is met.
std::string text_of(std::size_t size) {
  std::string out;
  std::uint32_t state = 1;
  while (out.size() < size) {
    state = state * 1664525u + 1013904223u;
    out.push_back("0123456789abcdefghijklmnopqrstuv"[state >> 27]);
  }
  return out;
}

class SpeakerChecks {
 public:
  SpeakerChecks(Run& run, const Speaker& speaker) : run_(run), speaker_(speaker) {}

  void run() {
    for (const std::size_t step : {std::size_t{0}, std::size_t{1}, std::size_t{7}}) {
      for (const std::size_t size : {0u, 1u, 100u, 5000u}) check_round_trip(step, size);
    }
    check_oneway();
    check_order();
    check_drain();
    check_limit();
  }

 private:
  std::string named(const std::string& what) const { return "speaker '" + speaker_.name + "', " + what; }
  std::string body(std::string_view filler) const {
    return speaker_.body ? speaker_.body(filler) : std::string(filler);
  }
  StartedCall call(std::string_view filler) const {
    StartedCall call;
    call.service = speaker_.service;
    call.method = "getOrder";
    call.signature = speaker_.signature;
    call.body = body(filler);
    return call;
  }
  const Pairs& metadata() const { return speaker_.metadata; }
  ExpectedCall expected(const StartedCall& call) const {
    ExpectedCall expected;
    expected.service = call.service;
    expected.method = call.method;
    expected.kind = call.oneway ? model::MethodKind::oneway : model::MethodKind::unary;
    expected.format = speaker_.options.body_format;
    expected.messages = {call.body};
    expected.metadata = metadata();
    return expected;
  }

  // What came is what was sent; the codec may add metadata of its own.
  bool arrived(const ServerProbe& server, const ExpectedCall& sent) const {
    const ExpectedCall* came = server.first_call();
    if (came == nullptr || !among(sent.metadata, came->metadata)) return false;
    ExpectedCall bare = *came;
    bare.metadata = sent.metadata;
    return server.calls().size() == 1 && describe(bare) == describe(sent);
  }

  void check_round_trip(std::size_t step, std::size_t size) {
    run_.report.ran("round_trip");
    ClientProbe client(*run_.codec.codec, speaker_.options);
    ServerProbe server(*run_.codec.codec, run_.codec.server, ServerProbe::Answer::echo);
    const StartedCall one = call(text_of(size));
    const base::Status status = client.start(one, speaker_.options.body_format, metadata());
    const bool settled = settle(client, server, step);
    ExpectedReply reply;
    reply.messages = {one.body};
    if (!status.ok() || !settled || !arrived(server, expected(one)) ||
        joined(client.replies()) != describe(reply)) {
      run_.report.add("round_trip",
                      named(std::to_string(size) + " bytes, " + std::to_string(step) + " a time: sent " +
                            describe(expected(one)) + ", came " + joined(server.calls()) + "; answered " +
                            describe(reply) + ", came " + joined(client.replies()) + "; " +
                            status.to_string() + ", " + status_text(server.status()) + ", " +
                            status_text(client.status()) + server.violation() + client.violation()));
    }
  }

  // Where a protocol has no mark for it, a oneway call arrives as an ordinary one.
  void check_oneway() {
    run_.report.ran("round_trip");
    ClientProbe client(*run_.codec.codec, speaker_.options);
    ServerProbe server(*run_.codec.codec, run_.codec.server, ServerProbe::Answer::echo);
    StartedCall one = call("oneway");
    one.oneway = true;
    const base::Status status = client.start(one, speaker_.options.body_format, metadata());
    const bool settled = settle(client, server, 0);
    const std::vector<std::string> calls = server.calls();
    if (!status.ok() || !settled || calls.size() != 1 || client.finished_calls() != 1 ||
        client.reply(1)->outcome.code != model::Code::ok) {
      run_.report.add("round_trip",
                      named("oneway: came " + joined(calls) + "; ended " + joined(client.replies())));
    }
  }

  // Several calls at once, answered newest first: each gets its own nonce.
  void check_order() {
    run_.report.ran("order");
    ClientOptions options = speaker_.options;
    options.pipelined_max = calls_at_once;
    ClientProbe client(*run_.codec.codec, options);
    ServerProbe server(*run_.codec.codec, run_.codec.server, ServerProbe::Answer::hold);
    (void)settle(client, server, 0);
    const std::size_t count = std::min(calls_at_once, client.session().capacity());
    std::vector<std::string> bodies;
    for (std::size_t i = 0; i < count; ++i) {
      const StartedCall one = call("nonce " + std::to_string(i));
      if (!client.start(one, options.body_format, metadata()).ok()) {
        run_.report.add("order", named("start() failed within capacity()"));
        return;
      }
      bodies.push_back(one.body);
    }
    // A server half that takes one call at a time gets its answers call by call.
    for (std::size_t round = 0; round <= count; ++round) {
      (void)settle(client, server, 0);
      server.answer_all_reversed();
    }
    (void)settle(client, server, 0);
    const std::vector<std::string> replies = client.replies();
    for (std::size_t i = 0; i < count; ++i) {
      ExpectedReply reply;
      reply.messages = {bodies[i]};
      if (replies[i] != describe(reply)) {
        run_.report.add("order", named("call " + std::to_string(i) + " got " + replies[i] + " instead of " +
                                       describe(reply)));
      }
    }
    const std::vector<CallId>& ended = client.finish_order();
    if (run_.codec.codec->traits().ordered_answers && !std::is_sorted(ended.begin(), ended.end())) {
      run_.report.add("order", named("an ordered codec's answers came out of order"));
    }
  }

  // Many large answers queued, taken piece by piece.
  void check_drain() {
    run_.report.ran("drain");
    ClientOptions options = speaker_.options;
    options.pipelined_max = calls_at_once;
    ServerOptions server_options = run_.codec.server;
    server_options.limits.write_high_bytes = 20000;
    server_options.limits.write_low_bytes = 5000;
    ClientProbe client(*run_.codec.codec, options);
    ServerProbe server(*run_.codec.codec, server_options, ServerProbe::Answer::hold);
    (void)settle(client, server, 0);
    const std::size_t count = std::min(calls_at_once, client.session().capacity());
    for (std::size_t i = 0; i < count; ++i) { (void)client.start(call(text_of(15000)), options.body_format); }
    (void)settle(client, server, 0);
    const std::size_t most = server_options.limits.write_high_bytes + frame_bytes_max;
    // Answered by hand, so that the kit sees every single drain.
    std::size_t finished = 0;
    for (int round = 0; round < 1000 && finished < count; ++round) {
      server.answer_without_draining();
      base::Buffer full;
      full.append(std::string(server_options.limits.write_high_bytes, 'f'));
      const std::size_t before = full.size();
      server.session().drain(full);
      if (full.size() != before) {
        run_.report.add("drain", named("drain() added " + std::to_string(full.size() - before) +
                                       " bytes to a buffer that was full"));
      }
      base::Buffer out;
      server.session().drain(out);
      if (out.size() > most) {
        run_.report.add("drain", named("drain() gave " + std::to_string(out.size()) + " bytes, at most " +
                                       std::to_string(most) + " were allowed"));
      }
      full.consume(before);
      client.feed(full.to_string() + out.to_string());
      server.hand_in(client.take_output());
      finished = client.finished_calls();
    }
    if (finished != count) {
      run_.report.add("drain", named(std::to_string(finished) + " of " + std::to_string(count) +
                                     " answers came while draining piece by piece"));
    }
  }

  // Bodies around message_bytes_max: up to some size they pass whole, above it none does.
  void check_limit() {
    ServerOptions server_options = run_.codec.server;
    server_options.limits.message_bytes_max = 20000;
    const std::size_t limit = server_options.limits.message_bytes_max;
    const std::size_t overhead = body("").size();
    bool passed_before = true;
    for (std::size_t size = limit - overhead - 200; size <= limit + 3; ++size) {
      if (size > limit - overhead - 190 && size < limit - overhead - 10 && size % 16 != 0) continue;
      run_.report.ran("limit");
      ClientProbe client(*run_.codec.codec, speaker_.options);
      ServerProbe server(*run_.codec.codec, server_options, ServerProbe::Answer::echo);
      const StartedCall one = call(text_of(size));
      if (!client.start(one, speaker_.options.body_format).ok()) continue;
      (void)settle(client, server, 0);
      server.eof();
      (void)settle(client, server, 0);
      const bool passed = server.finished_calls() == 1;
      if (passed && (!passed_before || one.body.size() > limit)) {
        run_.report.add("limit", named("a body of " + std::to_string(one.body.size()) +
                                       " bytes passed where " + std::to_string(limit) + " are allowed"));
      }
      if (!passed && one.body.size() + 100 < limit) {
        run_.report.add("limit", named("a body of " + std::to_string(one.body.size()) +
                                       " bytes was refused where " + std::to_string(limit) + " are allowed"));
      }
      const model::Reply* reply = client.reply(1);
      if (!passed && server.status().ok() && (reply == nullptr || reply->outcome.ok())) {
        run_.report.add("limit", named("a body of " + std::to_string(one.body.size()) +
                                       " bytes vanished: neither a call nor a refusal"));
      }
      passed_before = passed;
    }
  }

  Run& run_;
  const Speaker& speaker_;
};

}  // namespace

void check_speaker(Run& run, const Speaker& speaker) { SpeakerChecks(run, speaker).run(); }

}  // namespace koine::codecs::conformance
