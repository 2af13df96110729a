// Counting calls, and merging the shards into text.
#include "governance/metrics/metrics.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace koine::governance::metrics {
namespace {

std::size_t index_of(router::Protocol protocol) { return static_cast<std::size_t>(protocol); }

// The shortest text that reads back as the same number; never with an exponent.
std::string number(double value) {
  std::array<char, 400> text{};
  char* const end = text.data() + text.size();
  constexpr double whole_max = 9007199254740992.0;  // 2^53
  const bool whole =
      value >= 0 && value < whole_max && value == static_cast<double>(static_cast<std::uint64_t>(value));
  const std::to_chars_result done = whole ? std::to_chars(text.data(), end, static_cast<std::uint64_t>(value))
                                          : std::to_chars(text.data(), end, value, std::chars_format::fixed);
  return std::string(text.data(), done.ptr);
}

// Samples by metric name, so that each name's lines stand together.
class Page {
 public:
  void declare(std::string_view name, std::string_view type, std::string_view help) {
    if (families_.contains(name)) return;
    order_.emplace_back(name);
    families_[std::string(name)] = {"# HELP " + std::string(name) + " " + std::string(help) + "\n# TYPE " +
                                        std::string(name) + " " + std::string(type) + "\n",
                                    {}};
  }
  // Adds to what stands under the same labels. Samples stand in the order of their text, or of `order`.
  void add(std::string_view family, const std::string& sample, double value, const std::string& order = {}) {
    Sample& one = families_.find(family)->second.samples[order.empty() ? sample : order];
    one.text = sample;
    one.value += value;
  }
  std::string text() const {
    std::string out;
    for (const std::string& name : order_) {
      const Family& family = families_.at(name);
      if (family.samples.empty()) continue;
      out += family.head;
      for (const auto& [order, sample] : family.samples)
        out += sample.text + " " + number(sample.value) + "\n";
    }
    return out;
  }

 private:
  struct Sample {
    std::string text;
    double value = 0;
  };
  struct Family {
    std::string head;
    std::map<std::string, Sample> samples;
  };
  std::map<std::string, Family, std::less<>> families_;
  std::vector<std::string> order_;
};

std::string label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + escape_label(value) + "\"";
}

std::string method_labels(const MethodCell& cell) {
  return label("service", cell.service) + "," + label("method", cell.method) + "," +
         label("caller", cell.caller) + "," + label("provider", cell.provider);
}

void add_method(Page& page, const MethodCell& cell) {
  const std::string labels = method_labels(cell);
  for (std::size_t path = 0; path < path_count; ++path) {
    for (std::size_t code = 0; code < code_count; ++code) {
      const std::uint64_t count = cell.calls[path][code].value();
      if (count == 0) continue;
      page.add("koine_gateway_calls_total",
               "koine_gateway_calls_total{" + labels + "," +
                   label("path", to_string(static_cast<Path>(path))) + "," +
                   label("code", model::to_string(static_cast<model::Code>(code))) + "}",
               static_cast<double>(count));
    }
  }
  const std::string family = "koine_gateway_call_duration_seconds";
  std::uint64_t below = 0;
  for (std::size_t i = 0; i <= duration_bounds_ns.size(); ++i) {
    below += cell.durations[i].value();
    const bool last = i == duration_bounds_ns.size();
    const std::string bound =
        last ? "+Inf"
             : number(static_cast<double>(duration_bounds_ns[i]) / static_cast<double>(base::second_ns));
    // Prometheus wants buckets in the order of their bounds, which is not the order of their texts.
    page.add(family, family + "_bucket{" + labels + "," + label("le", bound) + "}",
             static_cast<double>(below), labels + std::to_string(100 + i));
  }
  page.add(family, family + "_count{" + labels + "}", static_cast<double>(below), labels + "200");
  page.add(family, family + "_sum{" + labels + "}", static_cast<double>(cell.duration_sum_us.value()) / 1e6,
           labels + "201");
  const auto total = [&](std::string_view name, const Counter& counter) {
    if (counter.value() > 0) {
      page.add(name, std::string(name) + "{" + labels + "}", static_cast<double>(counter.value()));
    }
  };
  const auto each = [&](std::string_view name, std::string_view key, const auto& kinds,
                        const auto& counters) {
    for (std::size_t i = 0; i < counters.size(); ++i) {
      const std::uint64_t count = counters[i].value();
      if (count == 0) continue;
      page.add(name, std::string(name) + "{" + labels + "," + label(key, model::to_string(kinds[i])) + "}",
               static_cast<double>(count));
    }
  };
  each("koine_transcode_dropped_fields_total", "reason", model::all_drops, cell.dropped_fields);
  each("koine_transcode_lost_values_total", "allowance", model::all_allowances, cell.lost_values);
  total("koine_transcode_dropped_duplicates_total", cell.dropped_duplicates);
  total("koine_gateway_dropped_metadata_total", cell.dropped_metadata);
}

void add_service(Page& page, const ServiceCell& cell) {
  const auto put = [&](std::string_view name, std::uint64_t value) {
    page.add(name, std::string(name) + "{" + label("service", cell.service) + "}",
             static_cast<double>(value));
  };
  put("koine_upstream_connections", cell.connections_opened.value() - cell.connections_closed.value());
  put("koine_upstream_connections_opened_total", cell.connections_opened.value());
  put("koine_upstream_connect_failures_total", cell.connect_failures.value());
  put("koine_upstream_permit_waits_total", cell.permit_waits.value());
}

void add_limit_hits(Page& page, const base::LimitHits& hits, std::size_t index) {
  const std::uint64_t count = hits.value(static_cast<base::Limit>(index));
  if (count == 0) return;
  const base::LimitInfo& info = base::limit_table()[index];
  page.add("koine_limit_hits_total",
           "koine_limit_hits_total{" + label("limit", info.name) + "," +
               label("reason", base::to_string(info.reason)) + "}",
           static_cast<double>(count));
}

void add_process(Page& page, const Shard& shard) {
  for (std::size_t i = 0; i < router::protocol_count; ++i) {
    const std::string labels =
        "{" + label("caller", router::to_string(static_cast<router::Protocol>(i))) + "}";
    // Finished is read first: a call that ends in between must not make the difference negative.
    const std::uint64_t finished = shard.calls_finished[i].value();
    const std::uint64_t started = std::max(shard.calls_started[i].value(), finished);
    page.add("koine_gateway_calls_in_flight", "koine_gateway_calls_in_flight" + labels,
             static_cast<double>(started - finished));
    const std::uint64_t closed = shard.connections_closed[i].value();
    const std::uint64_t opened = std::max(shard.connections_opened[i].value(), closed);
    page.add("koine_gateway_connections", "koine_gateway_connections" + labels,
             static_cast<double>(opened - closed));
    page.add("koine_gateway_connections_opened_total", "koine_gateway_connections_opened_total" + labels,
             static_cast<double>(opened));
  }
  for (std::size_t i = 0; i < reason_count; ++i) {
    const std::string_view reason = base::to_string(static_cast<base::Reason>(i));
    const auto put = [&](std::string_view name, std::string_view key, std::uint64_t value) {
      if (value > 0)
        page.add(name, std::string(name) + "{" + label(key, reason) + "}", static_cast<double>(value));
    };
    const std::uint64_t calls = shard.failures[i].value();
    const std::uint64_t connections = shard.connection_failures[i].value();
    put("koine_gateway_call_failures_total", "reason", calls);
    put("koine_gateway_connection_failures_total", "reason", connections);
    if (reason.starts_with("MAP_")) put("koine_transcode_refusals_total", "reason", calls);
  }
  for (std::size_t i = 0; i < base::limit_count; ++i) add_limit_hits(page, shard.limit_hits, i);
  page.add("koine_gateway_held_bytes", "koine_gateway_held_bytes",
           static_cast<double>(shard.held_bytes.value()));
  page.add("koine_gateway_connections_held_back", "koine_gateway_connections_held_back",
           static_cast<double>(shard.connections_held_back.value()));
  page.add("koine_gateway_buffer_bytes", "koine_gateway_buffer_bytes",
           static_cast<double>(shard.buffer_bytes.value()));
  for (std::size_t i = 0; i < stranger_names.size(); ++i) {
    const std::uint64_t refused = shard.connections_refused[i].value();
    if (refused == 0) continue;
    page.add("koine_gateway_strangers_total",
             "koine_gateway_strangers_total{" + label("protocol", stranger_names[i]) + "}",
             static_cast<double>(refused));
  }
}

template <std::size_t size>
void add_counts(std::array<Counter, size>& counters, const std::array<std::uint64_t, size>& counts) {
  for (std::size_t i = 0; i < size; ++i) {
    if (counts[i] > 0) counters[i].add(counts[i]);
  }
}

void declare_all(Page& page) {
  page.declare("koine_gateway_calls_total", "counter",
               "Calls that ended, by how their bodies crossed and how they ended.");
  page.declare("koine_gateway_call_duration_seconds", "histogram", "From a call's arrival to its end.");
  page.declare("koine_gateway_calls_in_flight", "gauge", "Calls that have begun and not ended.");
  page.declare("koine_gateway_call_failures_total", "counter",
               "Calls that the gateway or a transport ended, by reason.");
  page.declare("koine_transcode_refusals_total", "counter",
               "Values without a faithful form on the other side, by reason.");
  page.declare("koine_transcode_dropped_fields_total", "counter", "Fields that were left out, by reason.");
  page.declare("koine_transcode_lost_values_total", "counter",
               "Values that lost something, as a lenient mapping allows by name.");
  page.declare("koine_transcode_dropped_duplicates_total", "counter",
               "Elements of sets and keys of maps that were there already.");
  page.declare("koine_gateway_dropped_metadata_total", "counter",
               "Metadata entries that the provider's protocol cannot carry.");
  page.declare("koine_limit_hits_total", "counter",
               "How often each limit was met: refused, closed, or made to wait.");
  page.declare("koine_gateway_held_bytes", "gauge", "Requests and answers held for callers, in bytes.");
  page.declare("koine_gateway_connections_held_back", "gauge",
               "Callers' connections that hold so much that reading or their answers pause.");
  page.declare("koine_gateway_buffer_bytes", "gauge", "Bytes in buffers now in use.");
  page.declare("koine_gateway_connections", "gauge", "Callers' connections now open.");
  page.declare("koine_gateway_connections_opened_total", "counter", "Callers' connections ever opened.");
  page.declare("koine_gateway_connection_failures_total", "counter",
               "Callers' connections that the gateway ended, by reason.");
  page.declare("koine_gateway_strangers_total", "counter",
               "Callers' connections refused for their first bytes, by what those say is spoken.");
  page.declare("koine_upstream_connections", "gauge", "Connections to providers now open.");
  page.declare("koine_upstream_connections_opened_total", "counter", "Connections to providers ever opened.");
  page.declare("koine_upstream_connect_failures_total", "counter",
               "Attempts to connect to a provider that failed.");
  page.declare("koine_upstream_permit_waits_total", "counter",
               "Calls that waited because connections_max was reached.");
}

}  // namespace

Verdict Metrics::on_call(Call& call, model::Outcome& /*stop*/) {
  shard_.calls_started[index_of(call.caller)].add();
  return Verdict::proceed;
}

void Metrics::on_finish(Call& call, const model::Outcome& outcome) {
  MethodCell& cell = shard_.method(call.route, call.caller);
  const std::size_t code = std::min(static_cast<std::size_t>(outcome.code), code_count - 1);
  cell.calls[static_cast<std::size_t>(call.path)][code].add();
  const base::Nanoseconds lasted = std::max<base::Nanoseconds>(call.now_ns - call.started_ns, 0);
  const auto bucket = std::lower_bound(duration_bounds_ns.begin(), duration_bounds_ns.end(), lasted);
  cell.durations[static_cast<std::size_t>(bucket - duration_bounds_ns.begin())].add();
  cell.duration_sum_us.add(static_cast<std::uint64_t>(lasted / base::microsecond_ns));
  add_counts(cell.dropped_fields, call.dropped_fields);
  add_counts(cell.lost_values, call.lost_values);
  if (call.dropped_duplicates > 0) cell.dropped_duplicates.add(call.dropped_duplicates);
  if (call.dropped_metadata > 0) cell.dropped_metadata.add(call.dropped_metadata);
  if (outcome.origin != model::Origin::application)
    shard_.failures[static_cast<std::size_t>(outcome.reason)].add();
  shard_.calls_finished[index_of(call.caller)].add();
}

Shard& Registry::add_shard() {
  const std::lock_guard lock(mutex_);
  return *shards_.emplace_back(std::make_unique<Shard>());
}

std::string Registry::render(const std::vector<Extra>& extras) const {
  Page page;
  declare_all(page);
  for (std::size_t i = 0; i < base::limit_count; ++i) add_limit_hits(page, process_hits_, i);
  {
    const std::lock_guard lock(mutex_);
    for (const auto& shard : shards_) {
      add_process(page, *shard);
      for (const MethodCell* cell : shard->methods()) add_method(page, *cell);
      for (const ServiceCell* cell : shard->services()) add_service(page, *cell);
    }
  }
  for (const Extra& extra : extras) {
    page.declare(extra.name, extra.type, extra.help);
    page.add(extra.name, std::string(extra.name) + (extra.labels.empty() ? "" : "{" + extra.labels + "}"),
             extra.value);
  }
  return page.text();
}

std::string escape_label(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace koine::governance::metrics
