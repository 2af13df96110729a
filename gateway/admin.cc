// The admin's listener and its connections.
#include "gateway/admin.h"

#include <utility>

#include "codecs/transports/http1/server_session.h"

namespace koine::gateway {
namespace {

namespace http1 = codecs::transports::http1;

constexpr std::size_t connections_max = 64;
constexpr base::Nanoseconds idle_timeout_ns = 60 * base::second_ns;

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
    stream_ = admin.network_.adopt(std::move(socket), *this, net::StreamOptions());
    watch();
  }

  void on_data(base::Buffer& in) override {
    if (failed_) return in.clear();
    watch();
    if (!session_.feed(in).ok()) failed_ = true;
    if (!failed_ && !session_.wants_read()) stream_->pause_reading();
    admin_.turn_.queue(*this);
  }
  void on_eof() override {
    session_.on_eof();
    admin_.turn_.queue(*this);
  }
  void on_writable() override { admin_.turn_.queue(*this); }
  void on_closed(const base::Status&) override { over(); }

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
      return over();
    }
    if (stream_->reading_paused() && session_.wants_read()) stream_->resume_reading();
  }

 private:
  static http1::ServerOptions options(Admin& admin) {
    http1::ServerOptions out;
    out.limits = admin_limits();
    out.pool = &admin.network_.loop().slabs();
    return out;
  }
  void watch() {
    timer_.start(idle_timeout_ns, [this] { over(); });
  }
  void over() {
    if (over_) return;
    over_ = true;
    if (stream_->open()) stream_->close();
    admin_.turn_.doom([&admin = admin_, own = own_] { admin.connections_.erase(own); });
  }

  Admin& admin_;
  const Handle own_;
  http1::ServerSession session_;
  net::StreamPtr stream_;
  net::Timer timer_;
  bool get_ = false;
  bool failed_ = false;
  bool over_ = false;
  std::string path_;
};

Admin::Admin(net::Network& network, base::Logger& log, AdminSource& source, router::Address bind)
    : network_(network), log_(log), source_(source), bind_(std::move(bind)), turn_(network.loop()) {}

Admin::~Admin() = default;

base::Status Admin::listen() {
  const std::string text = bind_.to_string();
  auto address = net::Address::parse(text);
  if (!address.has_value()) return address.error().with_context("admin " + text);
  auto socket = network_.listen(*address, *this, net::ListenOptions());
  if (!socket.has_value()) return socket.error().with_context("admin " + text);
  socket_ = std::move(*socket);
  return {};
}

void Admin::on_accepted(net::AcceptedSocket socket) {
  if (connections_.size() >= connections_max) return;  // closes it
  connections_.emplace(*this, std::move(socket));
}

void Admin::on_accept_failed(const base::Status& status) {
  log_.error("accept_failed", {{"listener", "admin"}, {"error", status.to_string()}});
}

}  // namespace koine::gateway
