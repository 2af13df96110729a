// What the admin's pages say.
#include "base/log.h"
#include "gateway/admin.h"

namespace koine::gateway {
namespace {

constexpr std::string_view plain_text = "text/plain; charset=utf-8";

// A small writer of JSON: objects and lists of texts and numbers, two spaces of indentation.
class Json {
 public:
  void open(std::string_view key, char bracket) {
    begin(key);
    text_ += bracket;
    ++depth_;
    first_ = true;
  }
  void close(char bracket) {
    --depth_;
    if (!first_) line();
    text_ += bracket;
    first_ = false;
  }
  void add(std::string_view key, std::string_view value) {
    begin(key);
    base::append_json_quoted(text_, value);
  }
  void add(std::string_view key, std::uint64_t value) {
    begin(key);
    text_ += std::to_string(value);
  }
  std::string take() { return std::move(text_) + "\n"; }

 private:
  void line() {
    text_ += '\n';
    text_.append(static_cast<std::size_t>(depth_) * 2, ' ');
  }
  void begin(std::string_view key) {
    if (!first_) text_ += ',';
    if (depth_ > 0) line();
    first_ = false;
    if (key.empty()) return;
    base::append_json_quoted(text_, key);
    text_ += ": ";
  }
  std::string text_;
  int depth_ = 0;
  bool first_ = true;
};

std::uint64_t milliseconds(base::Nanoseconds value) {
  return static_cast<std::uint64_t>(value / base::millisecond_ns);
}

void describe_listeners(Json& json, const control::Snapshot& snapshot,
                        const std::vector<std::string>& addresses) {
  json.open("listeners", '[');
  for (std::size_t i = 0; i < snapshot.listeners.size(); ++i) {
    const control::Listener& listener = snapshot.listeners[i];
    json.open({}, '{');
    json.add("bind", listener.bind.to_string());
    if (i < addresses.size()) json.add("address", addresses[i]);
    json.open("protocols", '[');
    for (std::size_t p = 0; p < router::protocol_count; ++p) {
      const auto protocol = static_cast<router::Protocol>(p);
      if (listener.accepts(protocol)) json.add({}, router::to_string(protocol));
    }
    json.close(']');
    if (!listener.thrift_default_service.empty())
      json.add("default_service", listener.thrift_default_service);
    json.close('}');
  }
  json.close(']');
}

void describe_services(Json& json, const control::Snapshot& snapshot) {
  json.open("services", '[');
  for (const auto& cluster : snapshot.clusters) {
    json.open({}, '{');
    json.add("name", cluster->name);
    json.add("interface", cluster->interface);
    json.add("protocol", router::to_string(cluster->protocol));
    json.add("encoding", model::to_string(cluster->body_format()));
    if (!cluster->thrift.multiplexed_name.empty()) json.add("multiplexed", cluster->thrift.multiplexed_name);
    json.open("endpoints", '[');
    for (const router::Endpoint& endpoint : cluster->endpoints) json.add({}, endpoint.address.to_string());
    json.close(']');
    json.add("connections_max", cluster->connections_max);
    json.add("pipelined_max", cluster->pipelined_max);
    json.add("concurrency_max", cluster->concurrency_max);
    json.add("idle_close_ms", milliseconds(cluster->idle_close_ns));
    std::uint64_t methods = 0;
    for (const auto& route : snapshot.routes.routes()) methods += route->cluster == cluster.get() ? 1u : 0u;
    json.add("routes", methods);
    json.close('}');
  }
  json.close(']');
}

}  // namespace

std::string describe(const control::Snapshot& snapshot, const std::vector<std::string>& addresses,
                     std::size_t workers) {
  Json json;
  json.open({}, '{');
  json.add("version", snapshot.version);
  json.add("source", snapshot.source);
  json.add("workers", workers);
  json.add("drain_timeout_ms", milliseconds(snapshot.drain_timeout_ns));
  describe_listeners(json, snapshot, addresses);
  describe_services(json, snapshot);
  json.open("limits", '{');
#define KOINE_GATEWAY_LIMIT(name, ...) json.add(#name, snapshot.limits.name);
  KOINE_LIMITS(KOINE_GATEWAY_LIMIT)
#undef KOINE_GATEWAY_LIMIT
#define KOINE_GATEWAY_TIMER(name, ...) json.add(#name "_ms", milliseconds(snapshot.limits.name##_ns));
  KOINE_TIMERS(KOINE_GATEWAY_TIMER)
#undef KOINE_GATEWAY_TIMER
  json.close('}');
  json.close('}');
  return json.take();
}

AdminPage admin_page(const AdminSource& source, std::string_view path) {
  if (path == "/metrics") return {200, "text/plain; version=0.0.4; charset=utf-8", source.metrics_text()};
  if (path == "/health/live") {
    return source.live() ? AdminPage{200, plain_text, "live\n"}
                         : AdminPage{503, plain_text, "a worker is stuck\n"};
  }
  if (path == "/health/ready") {
    return source.ready() ? AdminPage{200, plain_text, "ready\n"} : AdminPage{503, plain_text, "not ready\n"};
  }
  if (path == "/config") return {200, "application/json", source.config_text()};
  return {404, plain_text, "pages: /metrics /health/live /health/ready /config\n"};
}

}  // namespace koine::gateway
