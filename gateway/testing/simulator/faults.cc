// Doing harm to the network and to peers.
#include "gateway/testing/simulator/faults.h"

#include <algorithm>
#include <utility>

namespace koine::gateway::testing::simulator {

using base::millisecond_ns;
using net::memory::ConnectAnswer;
using net::memory::Cut;

net::memory::ConnectionOptions Faults::link(const net::Address& to, std::size_t caller,
                                            std::size_t connection) {
  if (healed_) return {};
  const bool provider = to.host() != "127.0.0.1";
  const std::size_t number = provider ? provider_links_++ : caller;
  for (const Fault& fault : stage_.scenario.faults) {
    if (fault.kind != FaultKind::link || fault.dropped || fault.provider_side != provider) continue;
    if (fault.target != number) continue;
    if (provider) {
      stage_.ledger.provider_links[to.to_string()].push_back(fault.link);
      const bool cut = fault.link.to_server.cut != Cut::none || fault.link.to_client.cut != Cut::none;
      if (cut) stage_.ledger.disturb(to.to_string(), effect_close, now());
      if (fault.link.answer != ConnectAnswer::accept)
        stage_.ledger.disturb(to.to_string(), effect_connect, now(), now() + base::connect_timeout_ns);
    } else {
      Ledger::Connection& touched = stage_.ledger.connections[connection];
      stage_.ledger.caller_links[connection] = fault.link;
      touched.slow = true;
      touched.touched = fault.link.to_server.cut != Cut::none || fault.link.to_client.cut != Cut::none;
    }
    return fault.link;
  }
  if (!provider && accepts_fail_) stage_.ledger.connections[connection].slow = true;
  net::memory::ConnectionOptions plain;
  if (const auto found = connect_answers_.find(to.to_string()); found != connect_answers_.end()) {
    plain.answer = found->second;
  }
  return plain;
}

void Faults::begin(const Fault& fault) {
  if (fault.kind == FaultKind::break_caller || fault.kind == FaultKind::break_provider)
    return break_connection(fault);
  const bool of_caller = fault.kind >= FaultKind::caller_closes && fault.kind <= FaultKind::caller_repeats;
  if (of_caller) return begin_at_caller(fault);
  begin_at_provider(fault);
}

void Faults::begin_at_caller(const Fault& fault) {
  Caller* caller = callers_[fault.target % first_callers_].get();
  if (caller == nullptr || !caller->open()) return;
  Ledger::Connection& connection = stage_.ledger.connections[caller->number()];
  harm(fault, caller->number(), {});
  switch (fault.kind) {
    case FaultKind::caller_closes: caller->close(); break;
    case FaultKind::caller_ends:
      connection.touched = true;
      caller->end_sending();
      break;
    case FaultKind::caller_frozen:
      connection.slow = true;
      caller->freeze_for(fault.for_ns);
      break;
    case FaultKind::caller_drips:
      connection.slow = true;
      caller->drip(1 + fault.detail % 200, millisecond_ns);
      stage_.network.loop().schedule(fault.for_ns, [this, target = fault.target % first_callers_] {
        if (callers_[target] != nullptr) callers_[target]->drip(0, 0);
      });
      break;
    case FaultKind::caller_cancels: caller->cancel_all(); break;
    case FaultKind::caller_garbage:
      connection.lied = true;
      caller->put(garbage(fault.detail));
      break;
    case FaultKind::caller_repeats:
      connection.lied = true;
      connection.repeated = true;
      caller->repeat_next();
      break;
    default:
      connection.lied = true;
      caller->mutate_next(fault.detail);
      break;
  }
}

void Faults::begin_at_provider(const Fault& fault) {
  Provider& provider = pick_provider(fault);
  const std::string& address = provider.plan().address;
  const net::Address where = *net::Address::parse(address);
  const base::Nanoseconds until = now() + fault.for_ns;
  const bool everywhere =
      fault.kind == FaultKind::no_descriptors_accept || fault.kind == FaultKind::dns_fails;
  harm(fault, SIZE_MAX, everywhere ? std::string() : address);
  switch (fault.kind) {
    case FaultKind::provider_down:
      stage_.ledger.disturb(address, effect_close | effect_connect, now(), until);
      provider.stop();
      stage_.network.loop().schedule(fault.for_ns, [&provider] { provider.listen(); });
      break;
    case FaultKind::provider_closes:
      stage_.ledger.disturb(address, effect_close, now(), now());
      provider.close_connections();
      break;
    case FaultKind::provider_goodbye:
      stage_.ledger.disturb(address, effect_close, now(), now());
      provider.say_goodbye();
      break;
    case FaultKind::provider_repeats:
      stage_.ledger.disturb(address, effect_lie | effect_close, now());
      provider.repeat_next();
      break;
    case FaultKind::provider_frozen: provider.freeze(fault.for_ns); break;
    case FaultKind::provider_drips:
      provider.drip(1 + fault.detail % 200, millisecond_ns);
      stage_.network.loop().schedule(fault.for_ns, [&provider] { provider.drip(0, 0); });
      break;
    case FaultKind::dns_fails: fail_names(until, fault.for_ns); break;
    case FaultKind::connect_refused:
    case FaultKind::connect_silent:
      stage_.ledger.disturb(address, effect_connect, now(), until + base::connect_timeout_ns);
      connect_answers_[address] =
          fault.kind == FaultKind::connect_refused ? ConnectAnswer::refuse : ConnectAnswer::silence;
      stage_.network.loop().schedule(fault.for_ns, [this, address] { connect_answers_.erase(address); });
      break;
    case FaultKind::no_descriptors_accept:
      // Until they are accepted callers wait, and with them their calls: those of now, and whoever dials
      // next.
      accepts_fail_ = true;
      for (Ledger::Connection& one : stage_.ledger.connections) one.slow = true;
      for (std::size_t i = 0; i < service_count; ++i) {
        network_.fail_accepts(*net::Address::parse(listener_address(static_cast<Service>(i))),
                              1 + fault.detail % 3);
      }
      break;
    default:
      stage_.ledger.disturb(address, effect_connect, now());
      network_.fail_connects(where, 1 + fault.detail % 3);
      break;
  }
}

// One that is in use, when there is any.
Provider& Faults::pick_provider(const Fault& fault) {
  std::vector<Provider*> used;
  for (const auto& one : providers_) {
    if (one->connections() > 0) used.push_back(one.get());
  }
  if (!used.empty() && fault.detail % 4 != 0) return *used[fault.target % used.size()];
  return *providers_[fault.target % providers_.size()];
}

void Faults::fail_names(base::Nanoseconds until, base::Nanoseconds for_ns) {
  for (const auto& provider : providers_) {
    const EndpointPlan& plan = provider->plan();
    if (plan.host.empty()) continue;
    stage_.ledger.disturb(plan.address, effect_connect, now(), until);
    network_.set_host_error(plan.host, base::Status(base::Reason::net_address, "no such name"),
                            millisecond_ns);
  }
  stage_.network.loop().schedule(for_ns, [this] { restore_names(); });
}

void Faults::restore_names() {
  for (const auto& provider : providers_) {
    const EndpointPlan& plan = provider->plan();
    if (!plan.host.empty())
      network_.set_host(plan.host, {*net::Address::parse(plan.address)}, millisecond_ns);
  }
}

void Faults::break_connection(const Fault& fault) {
  const bool of_caller = fault.kind == FaultKind::break_caller;
  std::vector<std::shared_ptr<net::memory::Connection>> all;
  for (auto& one : network_.standing_connections()) {
    if (one->text(1).starts_with("127.0.0.1:") == of_caller) all.push_back(std::move(one));
  }
  if (all.empty()) return;
  net::memory::Connection& chosen = *all[fault.target % all.size()];
  if (of_caller) {
    for (const std::unique_ptr<Caller>& caller : callers_) {
      if (caller != nullptr && caller->open() && caller->stream().local_text() == chosen.text(0)) {
        stage_.ledger.connections[caller->number()].touched = true;
        harm(fault, caller->number(), {});
      }
    }
  } else {
    stage_.ledger.disturb(chosen.text(1), effect_close, now());
    harm(fault, SIZE_MAX, chosen.text(1));
  }
  chosen.break_off(fault.to_server ? 0 : 1, fault.cut);
}

// Which of them last, the tally knows (FaultKind).
void Faults::harm(const Fault& fault, std::size_t connection, std::string address) {
  stage_.ledger.harms.push_back(
      {fault.kind, fault.cut, now(), now() + fault.for_ns, connection, std::move(address)});
}

void Faults::heal() {
  healed_ = true;
  connect_answers_.clear();
  restore_names();
  for (const auto& provider : providers_) {
    network_.fail_connects(*net::Address::parse(provider->plan().address), 0);
    provider->heal();
  }
  for (std::size_t i = 0; i < service_count; ++i) {
    network_.fail_accepts(*net::Address::parse(listener_address(static_cast<Service>(i))), 0);
  }
  for (const std::unique_ptr<Caller>& caller : callers_) {
    if (caller == nullptr) continue;
    caller->thaw();
    caller->drip(0, 0);
  }
}

}  // namespace koine::gateway::testing::simulator
