// Keeping the evidence.
#include "gateway/testing/simulator/ledger.h"

namespace koine::gateway::testing::simulator {

Ledger::Ledger(const Scenario& scenario) : calls(scenario.calls.size()) {
  for (std::size_t i = 0; i < calls.size(); ++i) {
    calls[i].nonce = nonce_of(scenario.seed, i);
    by_nonce_[calls[i].nonce] = i;
  }
}

CallRecord* Ledger::find(std::int64_t nonce) {
  const auto found = by_nonce_.find(nonce);
  return found == by_nonce_.end() ? nullptr : &calls[found->second];
}

void Ledger::disturb(const std::string& address, std::uint32_t effects, base::Nanoseconds from_ns,
                     base::Nanoseconds to_ns) {
  endpoints[address].push_back({effects, from_ns, to_ns});
}

void Ledger::judge_answer(CallRecord& call, const Ping& ping, std::uint32_t message) {
  const bool good = intact(ping, Side::answer, message);
  if (good && ping.nonce == call.nonce) {
    ++call.answers;
  } else if (find(ping.nonce) != nullptr && ping.nonce != call.nonce) {
    ++call.others;
  } else {
    ++call.spoiled;
  }
}

void Ledger::end(CallRecord& call, base::Nanoseconds at_ns, model::Code code, std::string_view text) {
  ++call.ends;
  call.ended_ns = at_ns;
  call.ok = code == model::Code::ok;
  call.code = code;
  call.text = text;
}

}  // namespace koine::gateway::testing::simulator
