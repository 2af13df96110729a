// One unary call over a connection of its own.
#include "cli/one_call.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "cli/other_peer.h"
#include "net/dialer.h"
#include "net/socket_network.h"

namespace koine::cli {
namespace {

class OneCall final : public net::StreamHandler, public codecs::ClientEvents {
 public:
  OneCall(net::Network& network, const codecs::CallCodec& codec, const OneCallOptions& options,
          model::CallHead head, model::Payload message)
      : loop_(network.loop()),
        options_(options),
        head_(std::move(head)),
        message_(std::move(message)),
        timer_(loop_) {
    session_ = codec.make_client(options.session, *this);
  }

  base::Result<model::Reply> run(net::Network& network, const net::Address& address, OneCallTimes& times) {
    start_ns_ = loop_.now_ns();
    net::ConnectOptions connect;
    connect.timeout_ns = options_.timeout_ns;
    net::Dialer dialer(network, address, connect, [this](base::Result<net::StreamPtr> stream) {
      if (!stream) return end(not_connected(stream.error()));
      stream_ = std::move(*stream);
      stream_->set_handler(*this);
      connected_ns_ = loop_.now_ns();
      begin();
    });
    timer_.start(options_.timeout_ns, [this] {
      end(base::Status(base::Reason::call_deadline, stream_ == nullptr
                                                        ? "not connected within the timeout"
                                                        : "no answer within the timeout; -t sets it"));
    });
    loop_.run();
    times.connected_ns = connected_ns_ == 0 ? 0 : connected_ns_ - start_ns_;
    times.total_ns = loop_.now_ns() - start_ns_;
    if (!failure_.ok()) return stream_ == nullptr || refused_ ? failure_ : explained(failure_);
    if (reply_->outcome.origin == model::Origin::transport) explain(reply_->outcome.message);
    return std::move(*reply_);
  }

  // ---- the connection
  void on_data(base::Buffer& in) override {
    note(in);
    const base::Status status = session_->feed(in);
    flush();
    if (!status.ok()) end(status.with_context("the answer breaks its protocol"));
  }
  void on_eof() override {
    lost(base::Status(base::Reason::net_eof, "the connection was closed before an answer came"));
  }
  void on_closed(const base::Status& status) override {
    lost(status.ok() ? base::Status(base::Reason::net_eof, "the connection was closed") : status);
  }
  void on_writable() override { flush(); }

  // ---- the call
  void on_reply(codecs::CallId, model::Reply&& reply) override {
    reply_ = std::move(reply);
    done();
  }
  void on_head(codecs::CallId, model::ReplyHead&&) override {}
  void on_message(codecs::CallId, model::Payload&&) override {}
  void on_finish(codecs::CallId, model::Outcome&& outcome) override {
    reply_.emplace().outcome = std::move(outcome);
    done();
  }
  void on_writable(codecs::CallId) override {}
  void on_capacity() override { begin(); }

 private:
  void begin() {
    if (started_ || stream_ == nullptr || session_->capacity() == 0) return;
    started_ = true;
    head_.timeout_ns = options_.timeout_ns - (loop_.now_ns() - start_ns_);
    const base::Status status = session_->start(1, head_, true, std::move(message_), true, false);
    if (!status.ok()) {
      refused_ = true;
      return end(status);
    }
    flush();
  }
  void flush() {
    if (stream_ == nullptr) return;
    base::Buffer out;
    session_->drain(out);
    if (!out.empty()) stream_->write(std::move(out));
  }
  // Keeps the answer's beginning.
  void note(const base::Buffer& in) {
    const std::size_t room = first_bytes_max - first_bytes_.size();
    std::array<std::uint8_t, first_bytes_max> bytes;
    const std::size_t size = in.copy_to(std::span(bytes).first(std::min(room, in.size())));
    first_bytes_.append(base::as_text(std::span(bytes).first(size)));
  }
  // The peer did not answer as it was asked to: says what it may be.
  void explain(std::string& message) const {
    const std::string peer = other_peer(head_.protocol, first_bytes_);
    if (!peer.empty()) message.append("; ").append(peer);
  }
  base::Status explained(const base::Status& why) const {
    std::string message(why.message());
    explain(message);
    return {why.reason(), std::move(message), std::string(why.path())};
  }
  base::Status not_connected(const base::Status& why) const {
    if (why.reason() != base::Reason::net_io) return why;
    return {why.reason(), std::string(why.message()) + ": does the server run, and is this its address?"};
  }
  void lost(const base::Status& why) {
    if (ended_) return;
    if (started_) session_->on_closed(why);
    if (!reply_) end(why);
  }
  void end(const base::Status& why) {
    if (ended_) return;
    failure_ = why;
    done();
  }
  void done() {
    ended_ = true;
    loop_.stop();
  }

  net::Loop& loop_;
  const OneCallOptions& options_;
  model::CallHead head_;
  model::Payload message_;
  net::Timer timer_;
  std::unique_ptr<codecs::ClientSession> session_;
  net::StreamPtr stream_;
  std::optional<model::Reply> reply_;
  base::Status failure_;
  std::string first_bytes_;  // of the answer
  base::Nanoseconds start_ns_ = 0;
  base::Nanoseconds connected_ns_ = 0;
  bool started_ = false;
  bool refused_ = false;  // by the session: nothing was sent
  bool ended_ = false;
};

}  // namespace

base::Result<model::Reply> one_call(const codecs::CallCodec& codec, const OneCallOptions& options,
                                    model::CallHead head, model::Payload message, OneCallTimes& times) {
  const base::Result<net::Address> address = net::Address::parse(options.address);
  if (!address) return address.error();
  const base::SystemClock clock;
  net::Resolver resolver;
  base::Result<std::unique_ptr<net::Network>> network = net::make_socket_network(clock, resolver);
  if (!network) return network.error();
  OneCall call(**network, codec, options, std::move(head), std::move(message));
  base::Result<model::Reply> reply = call.run(**network, *address, times);
  if (reply) {
    // What arrived lies in slabs of the network's own, which ends here.
    std::vector<std::uint8_t> bytes(reply->message.bytes.size());
    reply->message.bytes.copy_to(bytes);
    reply->message.bytes = base::Buffer();
    reply->message.bytes.append(base::Bytes(bytes));
  }
  return reply;
}

}  // namespace koine::cli
