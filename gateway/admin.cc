// The admin's listener and its connections.
#include "gateway/admin.h"

#include <utility>

#include "codecs/transports/http1/server_session.h"

namespace koine::gateway {
namespace {

namespace http1 = codecs::transports::http1;

// Requests carry no bodies here, and heads of a few hundred bytes.
base::Limits admin_limits() {
  base::Limits limits;
  limits.message_bytes_max = 4u << 10;
  limits.headers_bytes_max = 16u << 10;
  return limits;
}

}  // namespace

class AdminConnection final : public net::StreamHandler, public http1::ServerEvents, public Turn::Task {
 public:
  AdminConnection(Admin& admin, net::AcceptedSocket socket, Handle own)
      : admin_(admin), own_(own), session_(options(admin), *this), timer_(admin.network_.loop()) {
    net::StreamOptions stream;
    stream.unacknowledged_timeout_ns = admin.source_.limits().unacknowledged_timeout_ns;
    stream.keep_alive = true;
    stream_ = admin.network_.adopt(std::move(socket), *this, stream);
    heard_at_ns_ = admin.network_.loop().now_ns();
    wait_for_request();
  }
  base::Nanoseconds heard_at_ns() const { return heard_at_ns_; }
  bool over() const { return over_; }

  void on_data(base::Buffer& in) override {
    if (failed_) return in.clear();
    heard_at_ns_ = admin_.network_.loop().now_ns();
    // From the first byte on; further ones win no time.
    if (!in_request_) {
      in_request_ = true;
      watch(base::Limit::admin_request_timeout, admin_.source_.limits().admin_request_timeout_ns);
    }
    if (!session_.feed(in).ok()) failed_ = true;
    if (!failed_ && !session_.wants_read()) stream_->pause_reading();
    admin_.turn_.queue(*this);
  }
  void on_eof() override {
    session_.on_eof();
    admin_.turn_.queue(*this);
  }
  void on_writable() override { admin_.turn_.queue(*this); }
  void on_closed(const base::Status&) override { close(); }

  void on_request(const http1::MessageHead& head) override {
    get_ = head.method == "GET" || head.method == "HEAD";
    path_ = head.target.substr(0, head.target.find('?'));
  }
  void on_body(base::Slice&&) override {}
  void on_request_end() override {
    AdminPage page = get_ ? admin_page(admin_.source_, path_)
                          : AdminPage{405, "text/plain; charset=utf-8", "this port is only read: use GET\n"};
    model::Metadata fields;
    fields.add("content-type", page.content_type);
    fields.add("cache-control", "no-store");
    if (page.status == 405) fields.add("allow", "GET, HEAD");
    base::Buffer body(&admin_.network_.loop().slabs());
    body.append(page.body);
    session_.respond(page.status, fields, std::move(body));
    wait_for_request();
  }

  void end_of_turn() override {
    if (over_) return;
    while (!stream_->congested() && session_.wants_write()) {
      base::Buffer out(&admin_.network_.loop().slabs());
      session_.drain(out);
      if (out.empty()) break;
      stream_->write(std::move(out));
    }
    if (session_.wants_close() || (failed_ && !session_.wants_write())) {
      stream_->close_after_flush();
      return close();
    }
    if (stream_->reading_paused() && session_.wants_read()) stream_->resume_reading();
  }

  void close() {
    if (over_) return;
    over_ = true;
    timer_.cancel();
    if (stream_->open()) stream_->close();
    admin_.turn_.doom([&admin = admin_, own = own_] { admin.connections_.erase(own); });
  }

 private:
  static http1::ServerOptions options(Admin& admin) {
    http1::ServerOptions out;
    out.limits = admin_limits();
    out.pool = &admin.network_.loop().slabs();
    return out;
  }
  void wait_for_request() {
    in_request_ = false;
    watch(base::Limit::admin_idle_timeout, admin_.source_.limits().admin_idle_timeout_ns);
  }
  void watch(base::Limit limit, base::Nanoseconds timeout_ns) {
    timer_.start(timeout_ns, [this, limit] {
      admin_.source_.limit_hits().add(limit);
      close();
    });
  }
  Admin& admin_;
  const Handle own_;
  http1::ServerSession session_;
  net::StreamPtr stream_;
  net::Timer timer_;
  bool get_ = false;
  bool failed_ = false;
  bool over_ = false;
  bool in_request_ = false;
  base::Nanoseconds heard_at_ns_ = 0;
  std::string path_;
};

Admin::Admin(net::Network& network, base::Logger& log, AdminSource& source, router::Address bind)
    : network_(network), log_(log), source_(source), bind_(std::move(bind)), turn_(network.loop()) {}

Admin::~Admin() = default;

base::Status Admin::listen() {
  auto address = net::Address::parse(bind_.to_string());
  if (!address.has_value()) return address.error().with_context("admin port");
  auto socket = network_.listen(*address, *this, net::ListenOptions());
  if (!socket.has_value()) return socket.error().with_context("admin port");
  socket_ = std::move(*socket);
  return {};
}

void Admin::on_accepted(net::AcceptedSocket socket) {
  if (connections_.size() >= source_.limits().admin_connections_max) {
    source_.limit_hits().add(base::Limit::admin_connections_max);
    // None to be closed: all are closing already.
    AdminConnection* silent = most_silent();
    if (silent == nullptr) return;
    silent->close();
  }
  connections_.emplace(*this, std::move(socket));
}

AdminConnection* Admin::most_silent() {
  AdminConnection* found = nullptr;
  for (const Handle handle : connections_.handles()) {
    AdminConnection* one = connections_.find(handle);
    if (one == nullptr || one->over()) continue;
    if (found == nullptr || one->heard_at_ns() < found->heard_at_ns()) found = one;
  }
  return found;
}

void Admin::on_accept_failed(const base::Status& status) {
  log_.error("accept_failed", {{"listener", "admin"}, {"error", status.to_string()}});
}

}  // namespace koine::gateway
