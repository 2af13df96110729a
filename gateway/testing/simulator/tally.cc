// Counting what met what.
#include "gateway/testing/simulator/tally.h"

#include <algorithm>

#include "gateway/testing/simulator/configurations.h"

namespace koine::gateway::testing::simulator {
namespace {

using net::memory::Cut;

// Faults that go on for a time; the others are a moment.
bool lasts(FaultKind kind) {
  switch (kind) {
    case FaultKind::provider_down:
    case FaultKind::provider_frozen:
    case FaultKind::provider_drips:
    case FaultKind::caller_frozen:
    case FaultKind::caller_drips:
    case FaultKind::dns_fails:
    case FaultKind::connect_refused:
    case FaultKind::connect_silent: return true;
    default: return false;
  }
}

Trouble trouble_of(Cut cut) { return cut == Cut::reset ? Trouble::reset : Trouble::cut; }

// Nobody waits for the answer of a oneway call, and a conversation is answered as it goes on.
bool can_be(Trouble trouble, Path path) {
  if (trouble != Trouble::late) return true;
  return path != Path::thrift_thrift_oneway && path != Path::thrift_grpc_oneway &&
         path != Path::grpc_thrift_oneway && path != Path::talk;
}

bool slow(const net::memory::LinkOptions& way) { return way.latency_ns > 0 || way.jitter_ns > 0; }
bool slow(const net::memory::ConnectionOptions& link) { return slow(link.to_server) || slow(link.to_client); }

// One call of a run, and what it met.
class Meeting {
 public:
  Meeting(const Scenario& scenario, const Ledger& ledger, const std::vector<EndpointPlan>& endpoints,
          std::size_t index)
      : ledger_(ledger), plan_(scenario.calls[index]), call_(ledger.calls[index]) {
    group_ = call_.executions > 0 ? call_.group : group_of(plan_.service, call_.variant);
    for (const EndpointPlan& one : endpoints) {
      if (one.service == plan_.service && one.group == group_) served_by_.push_back(&one);
    }
    path_ = path(is_thrift(scenario.callers[plan_.caller].wire), is_thrift(served_by_.front()->wire));
    over_ns_ = call_.ended_ns > 0 ? call_.ended_ns : base::never_ns;
    // Oneway: until it is executed, whatever its caller was told before.
    if (plan_.flow == Flow::oneway && call_.executions > 0)
      over_ns_ = std::max(call_.executed_ns, call_.ended_ns);
  }

  Path path() const { return path_; }

  bool meets(const Harm& harm) const {
    if (harm.from_ns > over_ns_ || (lasts(harm.kind) ? harm.to_ns : harm.from_ns) < call_.started_ns)
      return false;
    if (harm.connection != SIZE_MAX) return harm.connection == call_.connection;
    if (harm.address.empty()) return true;
    if (!call_.endpoint.empty()) return harm.address == call_.endpoint;
    return std::any_of(served_by_.begin(), served_by_.end(),
                       [&](const EndpointPlan* one) { return one->address == harm.address; });
  }

  bool delayed() const {
    if (call_.executions > 0 && plan_.answer_after_ns > 0 && call_.answered) return true;
    if (const auto link = ledger_.caller_links.find(call_.connection);
        link != ledger_.caller_links.end() && slow(link->second)) {
      return true;
    }
    const auto link = ledger_.provider_links.find(call_.endpoint);
    return link != ledger_.provider_links.end() &&
           std::any_of(link->second.begin(), link->second.end(), [](const auto& one) { return slow(one); });
  }

  // The cut of its connection that it may have died of.
  Cut cut() const {
    const bool unsent = plan_.flow == Flow::oneway && call_.executions == 0;
    if (!call_.lost && !unsent && (call_.ends == 0 || call_.ok)) return Cut::none;
    const auto of = [](const net::memory::ConnectionOptions& link) {
      return link.to_server.cut != Cut::none ? link.to_server.cut : link.to_client.cut;
    };
    if (const auto link = ledger_.caller_links.find(call_.connection);
        call_.ends == 0 && link != ledger_.caller_links.end()) {
      return of(link->second);
    }
    for (const EndpointPlan* one : served_by_) {
      if (!call_.endpoint.empty() && one->address != call_.endpoint) continue;
      const auto links = ledger_.provider_links.find(one->address);
      if (links == ledger_.provider_links.end()) continue;
      for (const auto& link : links->second) {
        if (of(link) != Cut::none) return of(link);
      }
    }
    return Cut::none;
  }

  bool over_link() const {
    return ledger_.caller_links.contains(call_.connection) || ledger_.provider_links.contains(call_.endpoint);
  }

  // A call of the same connection that was started before is executed, or answered, behind it.
  bool overtakes(const CallRecord& other) const {
    if (!other.started || other.connection != call_.connection || &other >= &call_) return false;
    const bool executed = call_.executed_order > 0 && other.executed_order > call_.executed_order;
    const std::uint64_t served = plan_.flow == Flow::oneway ? call_.executed_order : call_.answered_order;
    const bool answered = served > 0 && other.answered_order > served;
    return other.started_ns <= call_.started_ns && (executed || answered);
  }

 private:
  Path path(bool from_thrift, bool to_thrift) const {
    if (plan_.flow == Flow::talk) return Path::talk;
    if (plan_.flow == Flow::push) return Path::push;
    if (plan_.flow == Flow::list) return Path::list;
    const std::size_t number =
        (from_thrift ? 0u : 4u) + (to_thrift ? 0u : 2u) + (plan_.flow == Flow::oneway ? 1u : 0u);
    return static_cast<Path>(number);
  }

  const Ledger& ledger_;
  const CallPlan& plan_;
  const CallRecord& call_;
  std::size_t group_ = 0;
  std::vector<const EndpointPlan*> served_by_;
  base::Nanoseconds over_ns_ = 0;
  Path path_ = Path::thrift_thrift;
};

}  // namespace

std::string_view to_string(Path path) {
  switch (path) {
#define KOINE_SIMULATOR_PATH(name, text) \
  case Path::name: return text;
    KOINE_SIMULATOR_PATHS(KOINE_SIMULATOR_PATH)
#undef KOINE_SIMULATOR_PATH
  }
  return "";
}

std::string_view to_string(Trouble trouble) {
  switch (trouble) {
#define KOINE_SIMULATOR_TROUBLE(name, text) \
  case Trouble::name: return text;
    KOINE_SIMULATOR_TROUBLES(KOINE_SIMULATOR_TROUBLE)
#undef KOINE_SIMULATOR_TROUBLE
  }
  return "";
}

void Tally::add(const Scenario& scenario, const Ledger& ledger, std::size_t calls) {
  const std::vector<EndpointPlan> endpoints = endpoints_of(scenario.family);
  for (std::size_t i = 0; i < calls; ++i) {
    const CallRecord& call = ledger.calls[i];
    if (!call.started) continue;
    const Meeting meeting(scenario, ledger, endpoints, i);
    const auto column = static_cast<std::size_t>(meeting.path());
    const auto add_to = [&](std::size_t row) { ++counts_[row][column]; };
    const auto add_trouble = [&](Trouble trouble) { add_to(row_of(trouble)); };
    ++calls_[column];
    for (const Harm& harm : ledger.harms) {
      if (!meeting.meets(harm)) continue;
      add_to(row_of(harm.kind));
      if (harm.kind == FaultKind::break_caller || harm.kind == FaultKind::break_provider)
        add_trouble(trouble_of(harm.cut));
      if (harm.kind == FaultKind::caller_repeats || harm.kind == FaultKind::provider_repeats)
        add_trouble(Trouble::duplicate);
    }
    if (call.lied) {
      const Lie lie = scenario.calls[i].lie;
      add_to(row_of(lie));
      if (lie == Lie::twice) add_trouble(Trouble::duplicate);
      if (lie == Lie::cut_off || lie == Lie::stuck) add_trouble(Trouble::cut);
      if (lie == Lie::reset_stream || lie == Lie::refused_stream) add_trouble(Trouble::reset);
    }
    if (meeting.over_link()) add_to(row_of(FaultKind::link));
    if (meeting.delayed()) add_trouble(Trouble::delay);
    if (call.answered_late) add_trouble(Trouble::late);
    if (const Cut cut = meeting.cut(); cut != Cut::none) add_trouble(trouble_of(cut));
    if (std::any_of(ledger.calls.begin(), ledger.calls.begin() + static_cast<std::ptrdiff_t>(i),
                    [&](const CallRecord& other) { return meeting.overtakes(other); })) {
      add_trouble(Trouble::shuffle);
    }
  }
}

void Tally::add(const Tally& other) {
  for (std::size_t path = 0; path < path_count; ++path) {
    calls_[path] += other.calls_[path];
    for (std::size_t row = 0; row < row_count; ++row) counts_[row][path] += other.counts_[row][path];
  }
}

std::string_view Tally::row_name(std::size_t row) {
  if (row < trouble_count) return to_string(static_cast<Trouble>(row));
  if (row < trouble_count + fault_count) return to_string(static_cast<FaultKind>(row - trouble_count));
  return to_string(static_cast<Lie>(row - trouble_count - fault_count));
}

std::uint64_t Tally::row_sum(std::size_t row) const {
  std::uint64_t sum = 0;
  for (const std::uint64_t one : counts_[row]) sum += one;
  return sum;
}

std::string Tally::table() const {
  constexpr std::size_t name_width = 60;
  constexpr std::size_t width = 11;
  const auto right = [](std::string_view text) {
    return std::string(text.size() < width ? width - text.size() : 1, ' ').append(text);
  };
  const auto left = [&](std::string_view text) {
    std::string cell(text);
    cell.resize(std::max(name_width, cell.size() + 1), ' ');
    return cell;
  };
  std::string text = left("calls that met it, by flow (T: Thrift, g: gRPC)");
  for (std::size_t path = 0; path < path_count; ++path) text += right(to_string(static_cast<Path>(path)));
  const auto line = [&](std::string_view name, const std::array<std::uint64_t, path_count>& counts) {
    text += '\n' + left(name);
    for (const std::uint64_t count : counts) text += right(std::to_string(count));
  };
  line("calls", calls_);
  for (std::size_t row = 0; row < row_count; ++row) {
    if (row != row_of(Lie::none)) line(row_name(row), counts_[row]);
  }
  return text;
}

std::vector<std::string> Tally::missing() const {
  std::vector<std::string> all;
  for (std::size_t row = 0; row < row_count; ++row) {
    if (row == row_of(Lie::none)) continue;
    if (row_sum(row) == 0) {
      all.push_back(std::string(row_name(row)) + ": met by no call");
      continue;
    }
    for (std::size_t path = 0; path < path_count && row < trouble_count; ++path) {
      if (counts_[row][path] > 0 || !can_be(static_cast<Trouble>(row), static_cast<Path>(path))) continue;
      all.push_back(std::string(row_name(row)) + ": met by no call " +
                    std::string(to_string(static_cast<Path>(path))));
    }
  }
  return all;
}

}  // namespace koine::gateway::testing::simulator
