// Seeds into scenarios.
#include "gateway/testing/simulator/scenario.h"

#include <algorithm>
#include <random>
#include <set>

#include "gateway/testing/simulator/configurations.h"

namespace koine::gateway::testing::simulator {
namespace {

using base::millisecond_ns;
using net::memory::Cut;

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed ^ 0x6b6f696e65u) { made_.seed = seed; }

  Scenario make() {
    made_.family = below(family_count);
    made_.variant = below(variant_count);
    // Some runs have few faults, so that what one alone does is seen too; some have none but timing.
    const std::size_t faults = one_in(8) ? 0 : 1 + below(one_in(3) ? 12 : 4);
    lies_ = one_in(2);
    big_ = one_in(5);
    const std::size_t callers = 1 + below(4);
    for (std::size_t i = 0; i < callers; ++i) add_caller();
    const std::size_t calls = 2 + below(one_in(4) ? 40 : 14);
    for (std::size_t i = 0; i < calls; ++i) add_call();
    for (std::size_t i = 0; i < faults; ++i) add_fault();
    return std::move(made_);
  }

 private:
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }
  bool one_in(std::size_t chances) { return below(chances) == 0; }
  base::Nanoseconds up_to_ms(std::size_t most) {
    // Round moments too: several things in one turn are a case of their own.
    const auto ms = static_cast<base::Nanoseconds>(below(most + 1)) * millisecond_ns;
    return one_in(2) ? ms : ms + static_cast<base::Nanoseconds>(below(1000)) * base::microsecond_ns;
  }

  void add_caller() {
    CallerPlan plan;
    plan.wire = one_in(2) ? Wire::grpc : caller_wires[below(caller_wires.size())];
    plan.multiplexed = is_thrift(plan.wire) && one_in(3);
    plan.listener = static_cast<Service>(below(service_count));
    plan.seqid_zero = one_in(4);
    plan.at_ns = one_in(2) ? 0 : up_to_ms(50);
    made_.callers.push_back(plan);
    sizes_.emplace_back();
    streams_.emplace_back();
  }

  std::size_t pad() {
    if (big_ && one_in(6)) return below(100'000);
    return below(one_in(4) ? 4000 : 120);
  }

  void add_call() {
    CallPlan plan;
    plan.caller = below(made_.callers.size());
    const CallerPlan& caller = made_.callers[plan.caller];
    plan.service = static_cast<Service>(below(service_count));
    if (is_thrift(caller.wire) && !caller.multiplexed) plan.service = caller.listener;
    plan.flow = one_in(4) && plan.service != Service::delta ? Flow::oneway : Flow::unary;
    if (plan.service == Service::delta && caller.wire == Wire::grpc && one_in(2)) {
      const Flow flow = static_cast<Flow>(static_cast<std::size_t>(Flow::talk) + below(3));
      // One stream of a kind on a connection: the access log names calls by method and size.
      if (streams_[plan.caller].insert(flow).second) plan.flow = flow;
    }
    plan.at_ns = up_to_ms(one_in(3) ? 300 : 60);
    plan.pad_bytes = pad();
    while (!sizes_[plan.caller].insert(plan.pad_bytes).second) ++plan.pad_bytes;
    plan.messages = is_stream(plan.flow) ? 1 + static_cast<std::uint32_t>(below(5)) : 1;
    if (plan.flow == Flow::list && one_in(4)) plan.messages = 0;
    if (caller.wire == Wire::grpc && one_in(2))
      plan.timeout_ns = millisecond_ns + up_to_ms(one_in(2) ? 30 : 400);
    plan.answer_after_ns = one_in(3) ? 0 : up_to_ms(one_in(6) ? 4000 : 20);
    plan.answer_pad_bytes = pad();
    if (one_in(6)) plan.answer = static_cast<Answer>(1 + below(3));
    if (lies_ && one_in(5)) plan.lie = static_cast<Lie>(1 + below(lie_count - 1));
    plan.lie_detail = random_();
    if (one_in(8)) plan.cancel_after_ns = up_to_ms(one_in(2) ? 3 : 100);
    made_.calls.push_back(plan);
  }

  net::memory::LinkOptions habits(bool may_be_silent) {
    net::memory::LinkOptions way;
    if (one_in(2)) way.latency_ns = up_to_ms(one_in(5) ? 200 : 3);
    if (one_in(3)) way.jitter_ns = up_to_ms(4);
    // Long messages byte by byte would take most of the time and show nothing that short ones do not.
    const std::size_t least = big_ ? 1000 : 1;
    if (one_in(3)) {
      way.read_bytes_max = least + below(one_in(2) ? 1 : 40);
      way.random_reads = !big_ && one_in(2);
    }
    if (one_in(6)) way.write_bytes_max = least + below(100);
    if (one_in(6)) way.window_bytes = least + below(one_in(2) ? 64 : 3000);
    if (one_in(3)) {
      way.cut_at_bytes = below(one_in(2) ? 300 : 4000);
      way.cut = static_cast<Cut>(1 + below(may_be_silent ? 3 : 2));
    }
    return way;
  }

  void add_fault() {
    Fault fault;
    fault.kind = static_cast<FaultKind>(below(fault_count));
    // Ends of the whole gateway are not the most interesting thing that can happen to it.
    if (fault.kind >= FaultKind::drain && !one_in(3)) fault.kind = FaultKind::reload;
    if (one_in(4)) fault.kind = FaultKind::link;
    fault.at_ns = up_to_ms(one_in(3) ? 400 : 80);
    if (one_in(2)) fault.at_step = 1 + below(one_in(2) ? 100 : 1500);
    const CallPlan& aim = made_.calls[below(made_.calls.size())];
    const bool aimed = one_in(2);
    if (aimed) {
      // While that call is under way: by turns or by time.
      const base::Nanoseconds begin_ns = std::max(aim.at_ns, made_.callers[aim.caller].at_ns);
      fault.at_ns = begin_ns + static_cast<base::Nanoseconds>(below(static_cast<std::size_t>(
                                   std::min(aim.answer_after_ns, 30 * millisecond_ns) + 4 * millisecond_ns)));
      fault.at_step = 0;
    }
    fault.for_ns = up_to_ms(one_in(3) ? 1500 : 100);
    fault.target = aimed && fault.kind >= FaultKind::caller_closes && fault.kind <= FaultKind::caller_repeats
                       ? aim.caller
                       : below(16);
    fault.provider_side = one_in(2);
    fault.detail = random_();
    if (fault.kind == FaultKind::link) {
      fault.target = below(fault.provider_side ? 8 : made_.callers.size());
      fault.link.to_server = habits(fault.provider_side);
      fault.link.to_client = habits(fault.provider_side);
      if (one_in(8) && fault.provider_side)
        fault.link.answer =
            one_in(2) ? net::memory::ConnectAnswer::refuse : net::memory::ConnectAnswer::silence;
    }
    fault.cut = static_cast<Cut>(1 + below(fault.kind == FaultKind::break_provider ? 3 : 2));
    fault.to_server = one_in(2);
    const auto seconds = static_cast<base::Nanoseconds>(1 + below(86'400)) * base::second_ns;
    fault.jump_ns = one_in(2) ? seconds : -seconds;
    made_.faults.push_back(fault);
  }

  std::mt19937_64 random_;
  Scenario made_;
  bool lies_ = false;
  bool big_ = false;                          // messages beyond every window and watermark
  std::vector<std::set<std::size_t>> sizes_;  // of each caller's calls
  std::vector<std::set<Flow>> streams_;
};

std::string ms(base::Nanoseconds ns) {
  const base::Nanoseconds micros = ns / base::microsecond_ns;
  std::string text = std::to_string(micros / 1000);
  if (micros % 1000 != 0) text += "." + std::to_string(1000 + micros % 1000).substr(1);
  return text + " ms";
}

std::string describe_way(std::string_view name, const net::memory::LinkOptions& way) {
  std::string text;
  const auto add = [&](std::string_view key, const std::string& value) {
    text.append(text.empty() ? std::string(" ").append(name).append("(") : std::string(", "))
        .append(key)
        .append(value);
  };
  if (way.latency_ns > 0) add("latency ", ms(way.latency_ns));
  if (way.jitter_ns > 0) add("jitter ", ms(way.jitter_ns));
  if (way.read_bytes_max > 0) add("reads of ", std::to_string(way.read_bytes_max));
  if (way.write_bytes_max > 0) add("writes of ", std::to_string(way.write_bytes_max));
  if (way.window_bytes < (256u << 10)) add("window ", std::to_string(way.window_bytes));
  static constexpr std::string_view cuts[] = {"", "end", "reset", "silence"};
  if (way.cut != Cut::none) {
    add(std::string(cuts[static_cast<std::size_t>(way.cut)]) + " after bytes ",
        std::to_string(way.cut_at_bytes));
  }
  return text.empty() ? text : text + ")";
}

std::string describe_fault(const Fault& fault) {
  std::string text(to_string(fault.kind));
  if (fault.kind == FaultKind::link) {
    text += (fault.provider_side ? ": number " : ": caller ") + std::to_string(fault.target);
    if (fault.provider_side) text += " to providers";
    if (fault.link.answer == net::memory::ConnectAnswer::refuse) text += " is refused";
    if (fault.link.answer == net::memory::ConnectAnswer::silence) text += " is not answered";
    text += describe_way("there", fault.link.to_server) + describe_way("back", fault.link.to_client);
    return text;
  }
  text += fault.at_step > 0 ? " behind turn " + std::to_string(fault.at_step) : " at " + ms(fault.at_ns);
  return text + " (target " + std::to_string(fault.target) + ", for " + ms(fault.for_ns) + ", detail " +
         std::to_string(fault.detail % 1000) + ")";
}

std::string describe_call(const Scenario& scenario, const CallPlan& call) {
  static constexpr std::string_view answers[] = {"", ", refused", ", error", ", never answered"};
  std::string text = "caller " + std::to_string(call.caller) + " (" +
                     std::string(to_string(scenario.callers[call.caller].wire)) + ") calls " +
                     std::string(to_string(call.service)) + " " + std::string(to_string(call.flow)) + " at " +
                     ms(call.at_ns) + ", " + std::to_string(call.pad_bytes) + " bytes";
  if (is_stream(call.flow)) text += " x " + std::to_string(call.messages);
  if (call.timeout_ns != base::never_ns) text += ", timeout " + ms(call.timeout_ns);
  text +=
      ", answer after " + ms(call.answer_after_ns) + ", " + std::to_string(call.answer_pad_bytes) + " bytes";
  text += answers[static_cast<std::size_t>(call.answer)];
  if (call.lie != Lie::none) text += "; its provider " + std::string(to_string(call.lie));
  if (call.cancel_after_ns != base::never_ns) text += "; cancelled after " + ms(call.cancel_after_ns);
  return text;
}

bool behaves(const CallPlan& call) {
  return call.lie == Lie::none && call.answer == Answer::ok && call.cancel_after_ns == base::never_ns;
}

}  // namespace

std::string_view to_string(Service service) {
  static constexpr std::string_view names[] = {"alpha", "beta", "gamma", "delta"};
  return names[static_cast<std::size_t>(service)];
}

std::string_view to_string(Flow flow) {
  static constexpr std::string_view names[] = {"unary", "oneway", "talk", "push", "list"};
  return names[static_cast<std::size_t>(flow)];
}

std::string_view to_string(Lie lie) {
  switch (lie) {
#define KOINE_SIMULATOR_LIE(name, text) \
  case Lie::name: return text;
    KOINE_SIMULATOR_LIES(KOINE_SIMULATOR_LIE)
#undef KOINE_SIMULATOR_LIE
  }
  return "";
}

std::string_view to_string(FaultKind kind) {
  switch (kind) {
#define KOINE_SIMULATOR_FAULT(name, text) \
  case FaultKind::name: return text;
    KOINE_SIMULATOR_FAULTS(KOINE_SIMULATOR_FAULT)
#undef KOINE_SIMULATOR_FAULT
  }
  return "";
}

void Scenario::drop(std::size_t piece) {
  if (piece < faults.size()) {
    faults[piece].dropped = true;
    return;
  }
  piece -= faults.size();
  if (piece >= 2 * calls.size()) return;
  CallPlan& call = calls[piece % calls.size()];
  if (piece >= calls.size()) {
    call.dropped = true;
    return;
  }
  call.lie = Lie::none;
  call.answer = Answer::ok;
  call.cancel_after_ns = base::never_ns;
}

bool Scenario::dropped(std::size_t piece) const {
  if (piece < faults.size()) return faults[piece].dropped;
  piece -= faults.size();
  if (piece >= 2 * calls.size()) return true;
  const CallPlan& call = calls[piece % calls.size()];
  return call.dropped || (piece < calls.size() && behaves(call));
}

std::string Scenario::describe() const {
  std::string text = "seed " + std::to_string(seed) + ", configuration family " + std::to_string(family) +
                     ", variant " + std::to_string(variant) + "\n";
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (!faults[i].dropped) text += "  piece " + std::to_string(i) + ": " + describe_fault(faults[i]) + "\n";
  }
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].dropped) continue;
    text += "  call " + std::to_string(i) + " (pieces " + std::to_string(faults.size() + i) + ", " +
            std::to_string(faults.size() + calls.size() + i) + "): " + describe_call(*this, calls[i]) + "\n";
  }
  return text;
}

Scenario make_scenario(std::uint64_t seed) { return Maker(seed).make(); }

}  // namespace koine::gateway::testing::simulator
