// Loads a configuration file into a Snapshot.
#include "control/load.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <tuple>
#include <utility>

#include "control/exposed_routes.h"
#include "control/exposures.h"
#include "control/modes.h"
#include "control/route_builder.h"
#include "control/schema_set.h"
#include "koine/config/v1/config.pb.h"

namespace koine::control {
namespace {

namespace v1 = config::v1;

// Loading in progress: the configuration as it was read, where its keys stand, and the Snapshot being filled.
class Loader {
 public:
  explicit Loader(const LoadOptions& options) : options_(options) {}
  LoadResult run();

 private:
  bool read_file();
  void process_wide();
  void limits();
  void listeners();
  void services();
  void service(const v1::Service& from, const std::string& path, router::Cluster& cluster);
  void untyped(const v1::Service& from, const std::string& path, router::Cluster& cluster);
  void schemas();
  void schema_files(const std::string& directory, std::vector<std::string>& files);
  void annotations();
  void exposed_routes(const ServiceRoutes& service, const v1::Service& from, const std::string& path,
                      const transcode::PlanOptions& options);
  void routes();
  void service_routes(ServiceRoutes& service, const std::string& path);

  // Nothing is said of a key that is wrong already: what was read in its place means nothing.
  void error(const std::string& path, std::string_view rule, std::string message) {
    if (map_.is_wrong(path)) return;
    diagnostics_.push_back(map_.error_at(path, std::string(rule), std::move(message)));
  }
  std::optional<router::Address> address(const std::string& text, const std::string& path, bool port_zero) {
    base::Result<router::Address> parsed = router::parse_address(text, port_zero);
    if (parsed) return *parsed;
    error(path, "ADDRESS", std::string(parsed.error().message()));
    return std::nullopt;
  }
  Complain complain(const std::string& path) {
    return [this, path](const std::string& key, std::string rule, std::string message) {
      error(path + key, std::move(rule), std::move(message));
    };
  }
  // Where to listen: a name may mean several addresses, or another one tomorrow.
  std::optional<router::Address> own_address(const std::string& text, const std::string& path) {
    std::optional<router::Address> found = address(text, path, true);
    if (!found || found->kind != router::Address::Kind::name) return found;
    error(path, "ADDRESS",
          "what is listened on needs an IP address, such as 127.0.0.1 or [::1], or a Unix socket, not the "
          "name '" +
              found->host + "'");
    return std::nullopt;
  }

  const LoadOptions& options_;
  v1::Config config_;
  SourceMap map_;
  std::vector<idl::Diagnostic> diagnostics_;
  std::shared_ptr<Snapshot> snapshot_ = std::make_shared<Snapshot>();
  std::vector<std::unique_ptr<router::Cluster>> clusters_;
  std::vector<router::PolicyNumbers> policies_;  // one a cluster
  SchemaSet schema_set_;
  bool schemas_whole_ = false;  // all were read: what is not among them does not exist
};

std::int64_t nanoseconds(const google::protobuf::Duration& duration) {
  return duration.seconds() * base::second_ns + duration.nanos();
}

// Both have the same names, and the configuration's begin with one more.
router::Protocol protocol_of(v1::Protocol protocol) {
  const int index = std::max(static_cast<int>(protocol) - 1, 0);
  return static_cast<router::Protocol>(index);
}

// Schemas know the interface alone.
void split_key(router::Cluster& cluster) {
  std::string& name = cluster.interface;
  if (const std::size_t slash = name.find('/'); slash != std::string::npos) {
    cluster.group = name.substr(0, slash);
    name.erase(0, slash + 1);
  }
  if (const std::size_t colon = name.find(':'); colon != std::string::npos) {
    cluster.version = name.substr(colon + 1);
    name.erase(colon);
  }
}

router::ThriftDialect dialect(const v1::Thrift& from) {
  using Transport = router::ThriftDialect::Transport;
  router::ThriftDialect into;
  into.transport = from.transport() == v1::Thrift::TRANSPORT_HEADER     ? Transport::header
                   : from.transport() == v1::Thrift::TRANSPORT_UNFRAMED ? Transport::unframed
                                                                        : Transport::framed;
  into.encoding = from.encoding() == v1::Thrift::ENCODING_JSON      ? model::BodyFormat::thrift_json
                  : from.encoding() == v1::Thrift::ENCODING_COMPACT ? model::BodyFormat::thrift_compact
                                                                    : model::BodyFormat::thrift_binary;
  into.zlib = from.zlib();
  into.multiplexed_name = from.multiplexed();
  return into;
}

std::string item(const char* list, int index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

bool Loader::read_file() {
  base::Result<std::optional<std::string>> text = options_.sources->read(options_.path);
  map_.file = options_.path;
  if (!text || !*text) {
    error("", "CONFIG_IO", text ? "no such file" : std::string(text.error().message()));
    return false;
  }
  return read_yaml({**text, options_.path, options_.environment}, config_, map_, diagnostics_);
}

void Loader::limits() {
  const v1::Limits& from = config_.limits();
  const google::protobuf::Reflection& reflection = *from.GetReflection();
  const google::protobuf::Descriptor& type = *from.GetDescriptor();
  base::Limits& into = snapshot_->limits;
  const bool written = config_.has_limits();
#define KOINE_LIMIT_SET(name, unit, value, ceiling, reason, meaning)                   \
  if (const auto* field = written ? type.FindFieldByName(#name) : nullptr;             \
      field != nullptr && reflection.HasField(from, field)) {                          \
    const std::uint64_t wanted = reflection.GetUInt64(from, field);                    \
    if (wanted == 0 || wanted > (ceiling)) {                                           \
      error("limits." #name, "LIMIT", "must be from 1 to " + std::to_string(ceiling)); \
    } else {                                                                           \
      into.name = static_cast<std::size_t>(wanted);                                    \
    }                                                                                  \
  }
  KOINE_LIMITS(KOINE_LIMIT_SET)
#undef KOINE_LIMIT_SET
#define KOINE_TIMER_SET(name, value, ceiling, reason, meaning)                                       \
  if (from.has_##name()) {                                                                           \
    const std::int64_t wanted = nanoseconds(from.name());                                            \
    if (wanted <= 0 || wanted > (ceiling)) {                                                         \
      error("limits." #name, "LIMIT",                                                                \
            "must be more than 0 and at most " + std::to_string((ceiling) / base::second_ns) + "s"); \
    } else {                                                                                         \
      into.name##_ns = wanted;                                                                       \
    }                                                                                                \
  }
  KOINE_TIMERS(KOINE_TIMER_SET)
#undef KOINE_TIMER_SET
  if (into.write_low_bytes >= into.write_high_bytes) {
    error("limits", "LIMIT", "write_low_bytes must be less than write_high_bytes");
  }
  // Whoever raises one limit only is not made to find the others.
  if (!from.has_connection_memory_bytes_max()) {
    into.connection_memory_bytes_max = std::max(into.connection_memory_bytes_max, 4 * into.message_bytes_max);
  }
  if (!from.has_memory_bytes_max()) {
    into.memory_bytes_max = std::max(into.memory_bytes_max, into.connection_memory_bytes_max);
  }
  if (into.connection_memory_bytes_max / 4 < into.message_bytes_max) {
    error("limits", "LIMIT", "connection_memory_bytes_max must be at least four times message_bytes_max");
  }
  if (into.memory_bytes_max < into.connection_memory_bytes_max) {
    error("limits", "LIMIT", "memory_bytes_max must be at least connection_memory_bytes_max");
  }
}

void Loader::process_wide() {
  snapshot_->version = options_.version;
  snapshot_->source = options_.path;
  if (config_.has_workers()) {
    if (config_.workers() == 0 || config_.workers() > 1024)
      error("workers", "WORKERS", "must be from 1 to 1024");
    snapshot_->workers = config_.workers();
  }
  if (config_.has_drain_timeout()) snapshot_->drain_timeout_ns = nanoseconds(config_.drain_timeout());
  if (config_.has_admin()) {
    snapshot_->admin = own_address(config_.admin().bind(), "admin");
    if (snapshot_->admin && !snapshot_->admin->loopback()) {
      error("admin", "ADMIN_EXPOSED",
            "the admin port listens on loopback (127.0.0.1, [::1]) or a Unix socket only");
    }
  }
  if (config_.has_access_log()) {
    snapshot_->access_log.enabled = true;
    const std::string& path = config_.access_log().path();
    snapshot_->access_log.path = path == "-" ? "stdout" : path;
  }
  limits();
  snapshot_->access_log.ring_bytes = snapshot_->limits.access_log_queue_bytes;
}

void Loader::listeners() {
  for (int i = 0; i < config_.listeners_size(); ++i) {
    const v1::Listener& from = config_.listeners(i);
    const std::string path = item("listeners", i);
    Listener listener;
    const auto bind = own_address(from.bind(), path + ".bind");
    if (bind) listener.bind = *bind;
    for (const int protocol : from.protocols()) {
      listener.protocols.push_back(protocol_of(static_cast<v1::Protocol>(protocol)));
    }
    listener.thrift_default_service = from.thrift().default_service();
    listener.thrift_lax = from.thrift().lax();
    bool known = listener.thrift_default_service.empty() || config_.services().empty();
    std::vector<std::string> names;
    for (int j = 0; j < config_.services_size(); ++j) {
      const std::string& name = config_.services(j).name();
      names.push_back(name);
      known =
          known || name == listener.thrift_default_service || map_.is_wrong(item("services", j) + ".name");
    }
    if (!known) {
      error(path + ".thrift.default_service", "UNKNOWN_SERVICE",
            "no service of that name; there are: " + idl::list_names(names) +
                idl::did_you_mean(listener.thrift_default_service, names));
    }
    snapshot_->listeners.push_back(std::move(listener));
  }
}

// A service without a schema: its calls pass as they are.
void Loader::untyped(const v1::Service& from, const std::string& path, router::Cluster& cluster) {
  cluster.untyped = from.untyped();
  if (!cluster.untyped) return;
  if (cluster.protocol != router::Protocol::thrift &&
      model::info(cluster.protocol).untyped_format == model::BodyFormat::none) {
    error(path + ".untyped", "IMPOSSIBLE", "only a schema says which methods of gRPC stream");
  }
  for (const auto& [key, is_there] :
       {std::pair(".expose", from.expose_size() != 0), {".mapping", from.has_mapping()}}) {
    if (is_there) error(path + key, "IMPOSSIBLE", "calls of an untyped service are not translated");
  }
}

void Loader::service(const v1::Service& from, const std::string& path, router::Cluster& cluster) {
  cluster.name = from.name();
  cluster.interface = from.interface();
  cluster.protocol = protocol_of(from.protocol());
  untyped(from, path, cluster);
  const bool has_key =
      cluster.protocol == router::Protocol::triple || cluster.protocol == router::Protocol::dubbo;
  if (!cluster.untyped && has_key) split_key(cluster);
  if (from.has_thrift() && cluster.protocol != router::Protocol::thrift) {
    error(path + ".thrift", "IMPOSSIBLE",
          "says how a Thrift provider is spoken to, but protocol is not thrift");
  }
  cluster.thrift = dialect(from.thrift());
  if (cluster.thrift.transport == router::ThriftDialect::Transport::header &&
      cluster.thrift.encoding == model::BodyFormat::thrift_json) {
    error(path + ".thrift.encoding", "IMPOSSIBLE",
          "the header transport carries binary or compact, not json");
  }
  if (from.thrift().has_pipelined()) cluster.pipelined_max = from.thrift().pipelined();
  if (cluster.pipelined_max == 0) error(path + ".thrift.pipelined", "LIMIT", "must be at least 1");
  if (from.has_connections_max()) cluster.connections_max = from.connections_max();
  if (cluster.connections_max == 0) error(path + ".connections_max", "LIMIT", "must be at least 1");
  if (from.has_idle_close()) cluster.idle_close_ns = nanoseconds(from.idle_close());
  for (int i = 0; i < from.endpoints_size(); ++i) {
    const auto parsed =
        address(from.endpoints(i).address(), path + "." + item("endpoints", i) + ".address", false);
    if (parsed) cluster.endpoints.push_back({*parsed});
  }

  check_mapping(from.mapping(), complain(path + ".mapping."));
  // A service's own policies win, key by key.
  router::PolicyNumbers policy;
  for (const v1::Policies* one : {&config_.policies(), &from.policies()}) {
    if (one->has_timeout()) policy.timeout_ns = nanoseconds(one->timeout());
    if (one->limits().has_concurrency()) cluster.concurrency_max = one->limits().concurrency();
  }
  const std::uint64_t concurrency_ceiling =
      base::limit_table()[static_cast<std::size_t>(base::Limit::concurrency_max)].ceiling;
  if (cluster.concurrency_max > concurrency_ceiling) {
    const bool own = from.policies().limits().has_concurrency();
    error((own ? path + "." : "") + "policies.limits.concurrency", "LIMIT",
          "must be from 1 to " + std::to_string(concurrency_ceiling) + ", or 0 for no limit");
  }
  if (policy.timeout_ns <= 0) {
    const bool own = from.policies().has_timeout();
    error((own ? path + "." : "") + "policies.timeout", "LIMIT", "must be more than nothing");
  }
  policies_.push_back(policy);
}

void Loader::services() {
  for (int i = 0; i < config_.services_size(); ++i) {
    const std::string path = item("services", i);
    auto cluster = std::make_unique<router::Cluster>();
    cluster->id = static_cast<std::uint32_t>(i);
    service(config_.services(i), path, *cluster);
    for (const auto& other : clusters_) {
      if (other->name != cluster->name || map_.is_wrong(path + ".name")) continue;
      error(path + ".name", "DUPLICATE", "another service has that name");
      map_.wrong.insert(path + ".name");
    }
    clusters_.push_back(std::move(cluster));
  }
}

// The files that there are. One that is not is told where the configuration names it.
void Loader::schema_files(const std::string& directory, std::vector<std::string>& files) {
  for (int i = 0; i < config_.schemas().files_size(); ++i) {
    const std::string path = "schemas." + item("files", i);
    if (map_.is_wrong(path)) continue;
    const base::Result<std::vector<std::string>> found =
        expand_globs({config_.schemas().files(i)}, directory);
    if (!found) {
      error(path, "NO_FILE", std::string(found.error().message()));
      continue;
    }
    for (const std::string& file : *found) {
      const base::Result<std::optional<std::string>> text = options_.sources->read(file);
      if (!text) {
        error(path, "NO_FILE", "'" + file + "': " + std::string(text.error().message()));
      } else if (!*text) {
        error(path, "NO_FILE",
              "there is no file '" + file + "'; relative names start at the folder of the configuration");
      } else if (!schema_language(file)) {
        error(
            path, "FILE_KIND",
            "'" + file + "' is no schema: expected a name in .thrift, .proto, .binpb, .java or .dubbo.json");
      } else {
        files.push_back(file);
      }
    }
  }
}

void Loader::annotations() {
  if (idl::has_errors(diagnostics_)) return;  // what is named may be in what could not be read
  for (const auto& [name, from] : config_.schemas().annotations()) {
    const base::Status status = schema_set_.annotate(name, annotations_of(from));
    if (!status.ok()) error("schemas.annotations." + name, "UNKNOWN_NAME", std::string(status.message()));
  }
}

void Loader::schemas() {
  const auto& services = config_.services();
  const bool needed =
      std::any_of(services.begin(), services.end(), [](const v1::Service& one) { return !one.untyped(); });
  if (needed && !config_.has_schemas()) error("schemas", "MISSING_KEY", "required, but not written");
  const std::string directory = std::filesystem::path(options_.path).parent_path().string();
  std::vector<idl::Diagnostic> before = std::exchange(diagnostics_, {});
  std::vector<std::string> files;
  schema_files(directory, files);
  std::vector<std::string> import_paths;
  for (const std::string& path : config_.schemas().import_paths()) {
    const bool absolute = std::filesystem::path(path).is_absolute();
    import_paths.push_back(absolute || directory.empty() ? path : directory + "/" + path);
  }
  schema_set_.read(files, import_paths, *options_.sources, diagnostics_);
  if (const std::string& lock = config_.schemas().lock(); !lock.empty()) {
    const bool absolute = std::filesystem::path(lock).is_absolute();
    schema_set_.read_lock(absolute || directory.empty() ? lock : directory + "/" + lock, false,
                          *options_.sources, diagnostics_);
  }
  annotations();
  schemas_whole_ = !map_.is_wrong("schemas") && !idl::has_errors(diagnostics_);
  std::swap(before, diagnostics_);
  diagnostics_.insert(diagnostics_.end(), std::make_move_iterator(before.begin()),
                      std::make_move_iterator(before.end()));
}

void Loader::service_routes(ServiceRoutes& service, const std::string& path) {
  if (map_.is_wrong(path + ".interface")) return;
  const router::Cluster& cluster = *service.cluster;
  if (cluster.untyped) {
    transcode::PlanOptions options;
    options.limits = snapshot_->limits;
    const base::Status status = add_untyped_routes(service, options, *snapshot_);
    if (!status.ok()) error(path, base::to_string(status.reason()), std::string(status.message()));
    return;
  }
  const idl::Language native = language_of(cluster.protocol);
  if (schema_set_.find_service(cluster.interface, native, service.written_in) == nullptr) {
    if (!schemas_whole_) return;  // it may be in what could not be read
    const std::vector<std::string> names = schema_set_.service_names();
    error(path + ".interface", "UNKNOWN_INTERFACE",
          "no service '" + cluster.interface + "' in the schemas, which have: " + idl::list_names(names) +
              idl::did_you_mean(cluster.interface, names));
    return;
  }
  for (const char* key : {".name", ".protocol", ".thrift", ".mapping"}) {
    if (map_.is_wrong(path + key)) return;
  }
  std::vector<const idl::Service*> services;  // what cannot be derived is told by add_routes
  for (const idl::Language language : {idl::Language::thrift, idl::Language::proto}) {
    const auto found = schema_set_.service_in(cluster.interface, service.written_in, language);
    if (found) services.push_back(*found);
  }
  const v1::Service& from = config_.services(static_cast<int>(cluster.id));
  for (const v1::Exposure& one : from.expose()) {
    idl::Language found = idl::Language::thrift;
    const idl::Service* exposed = schema_set_.find_service(one.interface(), idl::Language::proto, found);
    if (exposed != nullptr) services.push_back(exposed);
  }
  transcode::Allowances allowances;
  transcode::PlanOptions options =
      mapping_options(from.mapping(), services, allowances, complain(path + ".mapping."));
  options.limits = snapshot_->limits;
  if (from.expose_size() != 0) return exposed_routes(service, from, path, options);
  std::vector<std::string> warnings;
  const base::Status status = add_routes(service, schema_set_, options, *snapshot_, warnings);
  if (!status.ok()) error(path, base::to_string(status.reason()), std::string(status.message()));
  for (std::string& text : warnings) {
    idl::Diagnostic warning = map_.error_at(path, "NO_FORM", std::move(text));
    warning.severity = idl::Severity::warning;
    diagnostics_.push_back(std::move(warning));
  }
}

void Loader::exposed_routes(const ServiceRoutes& own, const v1::Service& from, const std::string& path,
                            const transcode::PlanOptions& options) {
  ServiceRoutes service = own;
  service.refuse_method = from.on_unmapped() == v1::ON_UNMAPPED_REFUSE_METHOD;
  const std::vector<Exposure> exposures = exposures_of(from);
  for (std::size_t i = 0; i < exposures.size(); ++i) {
    const std::string key = path + "." + item("expose", static_cast<int>(i));
    if (map_.is_wrong(key)) continue;
    std::vector<idl::Diagnostic> findings;
    add_exposed_routes(service, exposures[i], schema_set_, options, *snapshot_, findings);
    for (idl::Diagnostic& one : findings) {
      if (one.location.file.empty()) {
        const idl::Severity severity = one.severity;
        one = map_.error_at(key, std::move(one.rule), std::move(one.message));
        one.severity = severity;
      }
      diagnostics_.push_back(std::move(one));
    }
  }
}

void Loader::routes() {
  for (std::size_t i = 0; i < clusters_.size(); ++i) {
    ServiceRoutes service;
    router::Cluster& cluster = *clusters_[i];
    const idl::Language native = language_of(cluster.protocol);
    cluster.as_on_wire = !cluster.untyped &&
                         schema_set_.find_service(cluster.interface, native, service.written_in) != nullptr &&
                         service.written_in != native &&
                         service.written_in == language_of(model::info(cluster.protocol).wire);
    snapshot_->clusters.push_back(std::move(clusters_[i]));
    service.cluster = snapshot_->clusters.back().get();
    service.policy = policies_[i];
    service_routes(service, item("services", static_cast<int>(i)));
  }
  for (std::shared_ptr<const void>& one : schema_set_.owned()) snapshot_->owned.push_back(std::move(one));
}

// Every part is looked at, whatever is wrong with those before it.
LoadResult Loader::run() {
  if (read_file()) {
    process_wide();
    listeners();
    services();
    schemas();
    routes();
  }
  // The configuration's own by their places, then the schemas'.
  const auto place = [this](const idl::Diagnostic& one) {
    return one.location.file != map_.file ? std::tuple(true, 0, 0)
                                          : std::tuple(false, one.location.line, one.location.column);
  };
  std::stable_sort(diagnostics_.begin(), diagnostics_.end(),
                   [&](const idl::Diagnostic& a, const idl::Diagnostic& b) { return place(a) < place(b); });
  LoadResult result;
  if (!idl::has_errors(diagnostics_)) result.snapshot = snapshot_;
  result.diagnostics = std::move(diagnostics_);
  return result;
}

}  // namespace

LoadResult load(const LoadOptions& options) { return Loader(options).run(); }

Environment process_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    const char* value = ::secure_getenv(std::string(name).c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

}  // namespace koine::control
