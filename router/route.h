// MethodRoute: everything a call needs once it is known what it means; and RouteTable, which finds it.
//
// Built by control when a configuration loads, immutable afterwards, shared between threads. Pure: no clock,
// no socket, no policy. Look-ups allocate nothing unless they fail, or mean one of several overloads.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "model/call.h"
#include "router/cluster.h"

namespace koine::idl {
struct Method;
}
namespace koine::transcode {
class MethodPlan;
}

namespace koine::router {

inline constexpr std::size_t body_format_count = static_cast<std::size_t>(model::BodyFormat::opaque) + 1;

// One method as callers of one protocol see it.
struct MethodRoute {
  std::uint32_t id = 0;                // index in RouteTable::routes(): what per-snapshot tables hang on
  const Cluster* cluster = nullptr;    // never null
  Protocol caller = Protocol::thrift;  // whose method this is
  std::string service;                 // the exposed interface's full name, in the caller's language
  std::string method;                  // as the caller says it; of overloads "name(signature)"
  bool any_method = false;             // every method that has no route of its own; `method` is "*" then
  std::string provider_service;        // as the provider is told: gRPC's full name, empty for plain Thrift
  std::string provider_method;
  std::string provider_signature;  // its parameters, where providers are told of them (Dubbo)
  model::MethodKind kind = model::MethodKind::unary;  // as the caller makes it
  const idl::Method* caller_method = nullptr;
  const idl::Method* provider_method_idl = nullptr;
  // By the caller's body format; null = that format cannot be spoken here (CALL_NO_FORM).
  std::array<const transcode::MethodPlan*, body_format_count> plans{};
  // Of Dubbo's callers: the plan of calls whose body names the method; null: it has none.
  const transcode::MethodPlan* generic_plan = nullptr;
  // A call of this one names another method of the service, in its body (transcode/generic_call.h).
  bool names_method = false;
  PolicyNumbers policy;
  // Not OK: this method is refused with this reason whenever it is called, while its neighbours serve.
  base::Status refusal;

  const transcode::MethodPlan* plan(model::BodyFormat format) const {
    return plans[static_cast<std::size_t>(format)];
  }
};

// How the routes of overloads are called: "find(Ljava/lang/String;)".
std::string overload(std::string_view method, std::string_view signature);

// What the wire said, and what the listener adds to it.
struct Query {
  Protocol caller = Protocol::thrift;
  std::string_view service;  // empty when the wire does not say (plain Thrift)
  std::string_view method;
  std::string_view default_service;  // the listener's thrift.default_service: a Cluster's name; may be empty
  std::string_view signature = {};   // CallHead::signature
};

class RouteTable {
 public:
  RouteTable() = default;
  RouteTable(const RouteTable&) = delete;
  RouteTable& operator=(const RouteTable&) = delete;

  // Adds a method under every name by which callers of route.caller may call its service: gRPC's full name;
  // for Thrift the names a multiplexed prefix may have. Errors: CALL_AMBIGUOUS_METHOD when one of the names
  // already has that method, with both owners. `route.cluster` outlives the table; route.id is set here.
  [[nodiscard]] base::Status add(MethodRoute route, const std::vector<std::string>& service_names);

  // Which method a call means. With a service name that name alone decides. Without one (plain Thrift): the
  // listener's default service, if it has the method; else the only service that has it. Errors:
  // CALL_UNKNOWN_SERVICE, CALL_UNKNOWN_METHOD, CALL_AMBIGUOUS_METHOD, each naming the candidates, and the
  // route's own refusal.
  base::Result<const MethodRoute*> find(const Query& query) const;
  // Whether callers of that protocol may call a service of that name.
  bool has_service(Protocol caller, std::string_view service) const {
    return family(caller).services.contains(service);
  }

  const std::vector<std::unique_ptr<const MethodRoute>>& routes() const { return routes_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };
  template <class Value>
  using ByName = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;
  using Methods = ByName<const MethodRoute*>;
  struct Family {
    ByName<Methods> services;                         // wire service name -> methods
    ByName<Methods> clusters;                         // Cluster::name -> methods; null: it has several
    ByName<std::vector<const MethodRoute*>> methods;  // method name -> every owner
  };

  static const MethodRoute* find_method(const Methods& methods, const Query& query);
  const Family& family(Protocol protocol) const { return families_[static_cast<std::size_t>(protocol)]; }
  base::Result<const MethodRoute*> find_by_method(const Family& all, const Query& query) const;

  std::vector<std::unique_ptr<const MethodRoute>> routes_;
  std::array<Family, protocol_count> families_;
};

}  // namespace koine::router
