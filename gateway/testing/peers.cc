// Callers and providers of codec halves.
#include "gateway/testing/peers.h"

#include <algorithm>
#include <array>
#include <utility>

namespace koine::gateway::testing {
namespace {

base::Buffer text_struct(std::uint8_t field, std::string_view text) {
  // TBinaryProtocol: type string (11), id i16, length i32, bytes, stop.
  const auto size = static_cast<std::uint32_t>(text.size());
  const std::array<std::uint8_t, 7> head = {11,
                                            0,
                                            field,
                                            static_cast<std::uint8_t>(size >> 24),
                                            static_cast<std::uint8_t>(size >> 16),
                                            static_cast<std::uint8_t>(size >> 8),
                                            static_cast<std::uint8_t>(size)};
  base::Buffer body;
  body.append(base::Bytes(head));
  body.append(text);
  body.append(std::string_view("\0", 1));
  return body;
}

// A text as a peer writes it, in field `id` unless it is the body itself.
base::Buffer body(bool raw, std::uint8_t id, std::string_view text) {
  if (!raw) return text_struct(id, text);
  base::Buffer out;
  out.append(text);
  return out;
}
std::string read_body(bool raw, const base::Buffer& body) { return raw ? body.to_string() : text_of(body); }

codecs::ClientOptions client_options(net::Network& network, model::BodyFormat format,
                                     std::string_view address) {
  codecs::ClientOptions options;
  options.pool = &network.loop().slabs();
  options.authority = address.starts_with("unix:") ? std::string_view("localhost") : address;
  options.body_format = format;
  options.pipelined_max = 1000;
  return options;
}

}  // namespace

base::Buffer arguments_of(std::string_view text) { return text_struct(1, text); }
base::Buffer result_of(std::string_view text) { return text_struct(0, text); }

std::string text_of(const base::Buffer& body) {
  const std::string bytes = body.to_string();
  if (bytes.size() < 8 || bytes[0] != 11) return "?";
  std::size_t size = 0;
  for (std::size_t i = 3; i < 7; ++i) size = size << 8 | static_cast<std::uint8_t>(bytes[i]);
  return size + 8 == bytes.size() ? bytes.substr(7, size) : "?";
}

// ---- Caller

Caller::Caller(net::Network& network, Turn& turn, const codecs::CallCodec& codec, model::BodyFormat format,
               std::string_view address)
    : turn_(turn),
      format_(format),
      session_(codec.make_client(client_options(network, format, address), *this)) {
  stream_ = network.connect(*net::Address::parse(address), *this, net::ConnectOptions());
  turn_.queue(*this);
}

Caller::~Caller() = default;

std::shared_ptr<CallRecord> Caller::begin(const CallSpec& spec, std::string_view text, bool stream) {
  auto record = std::make_shared<CallRecord>();
  record->sent = text;
  model::CallHead head;
  head.service = spec.service;
  head.method = spec.method;
  head.signature = spec.signature;
  head.kind = spec.kind;
  head.body_format = format_;
  head.metadata = spec.metadata;
  head.timeout_ns = spec.timeout_ns;
  model::Payload message;
  message.format = format_;
  if (!stream) message.bytes = body(raw, 1, text);
  const codecs::CallId id = next_id_++;
  const base::Status started = session_->start(id, head, !stream, std::move(message), !stream, stream);
  if (!started.ok()) {
    record->done = true;
    record->outcome = model::outcome_from(started, model::Phase::not_sent);
    return record;
  }
  calls_[id] = record;
  turn_.queue(*this);
  return record;
}

std::shared_ptr<CallRecord> Caller::call(const CallSpec& spec, std::string_view text) {
  return begin(spec, text, false);
}

std::shared_ptr<CallRecord> Caller::open(const CallSpec& spec) { return begin(spec, {}, true); }

codecs::CallId Caller::id_of(const std::shared_ptr<CallRecord>& call) const {
  for (const auto& [id, record] : calls_) {
    if (record == call) return id;
  }
  return 0;
}

void Caller::send(const std::shared_ptr<CallRecord>& call, std::string_view text, bool last) {
  model::Payload message;
  message.format = format_;
  message.bytes = body(raw, 1, text);
  call->writable = session_->send_message(id_of(call), true, std::move(message), last);
  turn_.queue(*this);
}

void Caller::end(const std::shared_ptr<CallRecord>& call) {
  session_->send_message(id_of(call), false, model::Payload(), true);
  turn_.queue(*this);
}

void Caller::cancel(const std::shared_ptr<CallRecord>& call) {
  const codecs::CallId id = id_of(call);
  calls_.erase(id);
  const bool usable = session_->cancel(id);
  turn_.queue(*this);
  if (!usable) close();
}

void Caller::pause(const std::shared_ptr<CallRecord>& call) { session_->pause(id_of(call)); }

void Caller::resume(const std::shared_ptr<CallRecord>& call) {
  session_->resume(id_of(call));
  turn_.queue(*this);
}

void Caller::close() {
  closed_ = true;
  stream_->close();
}

void Caller::gone(const base::Status& why) {
  if (closed_) return;
  closed_ = true;
  stream_->close();
  session_->on_closed(why);
}

void Caller::on_data(base::Buffer& in) {
  const base::Status fed = session_->feed(in);
  if (!fed.ok()) return gone(fed);
  turn_.queue(*this);
}

void Caller::on_eof() { gone(base::Status(base::Reason::net_eof, "the gateway closed the connection")); }

void Caller::on_closed(const base::Status& status) {
  gone(status.ok() ? base::Status(base::Reason::net_eof, "closed") : status);
}

void Caller::on_reply(codecs::CallId id, model::Reply&& reply) {
  const auto record = calls_[id];
  if (reply.has_message) record->texts.push_back(read_body(raw, reply.message.bytes));
  record->metadata = std::move(reply.head.metadata);
  on_finish(id, std::move(reply.outcome));
}

void Caller::on_head(codecs::CallId id, model::ReplyHead&& head) {
  calls_[id]->head = true;
  calls_[id]->metadata = std::move(head.metadata);
}

void Caller::on_message(codecs::CallId id, model::Payload&& message) {
  calls_[id]->texts.push_back(read_body(raw, message.bytes));
}

void Caller::on_finish(codecs::CallId id, model::Outcome&& outcome) {
  CallRecord& record = *calls_[id];
  record.done = true;
  ++record.ends;
  record.outcome = std::move(outcome);
}

void Caller::on_writable(codecs::CallId id) { calls_[id]->writable = true; }

void Caller::end_of_turn() {
  if (closed_) return;
  while (!stream_->congested() && session_->wants_write()) {
    base::Buffer out;
    session_->drain(out);
    if (out.empty()) break;
    stream_->write(std::move(out));
  }
}

// ---- Provider

class Provider::Connection final : public net::StreamHandler, public codecs::ServerEvents, public Turn::Task {
 public:
  Connection(Provider& provider, std::uint32_t number, net::AcceptedSocket socket)
      : provider_(provider), number_(number) {
    codecs::ServerOptions options;
    options.pool = &provider.network_.loop().slabs();
    options.streams = [&provider](std::string_view path) {
      const std::string_view method = path.substr(path.rfind('/') + 1);
      return std::find(provider.stream_methods.begin(), provider.stream_methods.end(), method) !=
             provider.stream_methods.end();
    };
    session = provider.codec_.make_server(std::move(options), *this);
    stream = provider.network_.adopt(std::move(socket), *this, net::StreamOptions());
  }

  void touch() { provider_.turn_.queue(*this); }

  void on_data(base::Buffer& in) override {
    if (!session->feed(in).ok()) stream->close();
    touch();
  }
  void on_eof() override {
    session->on_eof();
    stream->close();
    end_all();
  }
  void on_closed(const base::Status&) override { end_all(); }
  void on_writable() override { touch(); }

  void on_call(codecs::CallId id, model::CallHead&& head, bool has_message, model::Payload&& message,
               bool end_of_stream) override {
    auto call = std::make_shared<ServedCall>();
    call->connection = number_;
    call->id = id;
    call->head = std::move(head);
    if (has_message) call->texts.push_back(read_body(provider_.raw, message.bytes));
    call->ended = end_of_stream;
    provider_.calls.push_back(call);
    if (call->head.kind == model::MethodKind::oneway) {
      session->no_reply(id);
      call->answered = true;
    } else if (provider_.echo && end_of_stream) {
      provider_.answer(*call, call->text());
    }
  }
  void on_message(codecs::CallId id, bool has_message, model::Payload&& message,
                  bool end_of_stream) override {
    ServedCall* call = find(id);
    if (call == nullptr) return;
    if (has_message) call->texts.push_back(read_body(provider_.raw, message.bytes));
    call->ended = call->ended || end_of_stream;
    if (provider_.echo && has_message) provider_.send(*call, call->texts.back());
    if (provider_.echo && end_of_stream) provider_.finish(*call);
  }
  void on_cancel(codecs::CallId id, base::Reason) override {
    if (ServedCall* call = find(id)) call->cancelled = true;
  }
  void on_writable(codecs::CallId) override {}
  void end_of_turn() override {
    while (stream->open() && !stream->congested() && session->wants_write()) {
      base::Buffer out;
      session->drain(out);
      if (out.empty()) break;
      stream->write(std::move(out));
    }
    if (session->wants_close() && stream->open()) stream->close_after_flush();
  }

  std::unique_ptr<codecs::ServerSession> session;
  net::StreamPtr stream;

 private:
  ServedCall* find(codecs::CallId id) {
    for (const auto& call : provider_.calls) {
      if (call->connection == number_ && call->id == id) return call.get();
    }
    return nullptr;
  }
  void end_all() {
    for (const auto& call : provider_.calls) {
      if (call->connection == number_ && !call->answered) call->cancelled = true;
    }
    provider_.serve_next();
  }

  Provider& provider_;
  const std::uint32_t number_;
};

Provider::Provider(net::Network& network, Turn& turn, const codecs::CallCodec& codec,
                   model::BodyFormat format, std::string_view address)
    : network_(network), turn_(turn), codec_(codec), format_(format) {
  auto listening = network.listen(*net::Address::parse(address), *this, net::ListenOptions());
  if (!listening.has_value()) std::abort();
  listener_ = std::move(*listening);
}

Provider::~Provider() = default;

void Provider::on_accepted(net::AcceptedSocket socket) {
  queue_.push_back(std::move(socket));
  serve_next();
}

void Provider::serve_next() {
  while (!queue_.empty() && (!one_at_a_time || connections() == 0)) {
    const std::uint32_t number = next_connection_++;
    connections_[number] = std::make_unique<Connection>(*this, number, std::move(queue_.front()));
    queue_.pop_front();
  }
}

void Provider::on_accept_failed(const base::Status&) {}

Provider::Connection* Provider::find(std::uint32_t connection) {
  const auto found = connections_.find(connection);
  return found != connections_.end() && found->second->stream->open() ? found->second.get() : nullptr;
}

void Provider::answer(ServedCall& call, std::string_view text) {
  call.answered = true;
  Connection* connection = find(call.connection);
  if (connection == nullptr || call.cancelled) return;
  model::Reply reply;
  reply.has_message = true;
  reply.message.format = call.head.body_format;
  reply.message.bytes = body(raw, 0, text);
  connection->session->reply(call.id, std::move(reply));
  connection->touch();
}

void Provider::fail(ServedCall& call, model::Code code, std::string_view message) {
  call.answered = true;
  Connection* connection = find(call.connection);
  if (connection == nullptr || call.cancelled) return;
  model::Reply reply;
  reply.outcome.code = code;
  reply.outcome.message = message;
  connection->session->reply(call.id, std::move(reply));
  connection->touch();
}

void Provider::send(ServedCall& call, std::string_view text) {
  Connection* connection = find(call.connection);
  if (connection == nullptr || call.cancelled) return;
  model::Payload message;
  message.format = call.head.body_format;
  message.bytes = body(raw, 0, text);
  connection->session->send_message(call.id, std::move(message));
  connection->touch();
}

void Provider::finish(ServedCall& call, model::Code code) {
  call.answered = true;
  Connection* connection = find(call.connection);
  if (connection == nullptr || call.cancelled) return;
  model::Outcome outcome;
  outcome.code = code;
  connection->session->finish(call.id, std::move(outcome));
  connection->touch();
}

void Provider::pause(ServedCall& call) {
  if (Connection* connection = find(call.connection)) connection->session->pause(call.id);
}

void Provider::resume(ServedCall& call) {
  Connection* connection = find(call.connection);
  if (connection == nullptr) return;
  connection->session->resume(call.id);
  connection->touch();
}

void Provider::write_raw(std::uint32_t connection, std::string_view bytes) {
  if (Connection* found = find(connection)) found->stream->write(base::as_bytes(bytes));
}

std::size_t Provider::connections() const {
  return static_cast<std::size_t>(std::count_if(connections_.begin(), connections_.end(),
                                                [](const auto& one) { return one.second->stream->open(); }));
}

void Provider::close_connections() {
  for (const auto& [number, connection] : connections_) connection->stream->close();
}

void Provider::say_goodbye() {
  for (const auto& [number, connection] : connections_) {
    if (!connection->stream->open()) continue;
    connection->session->shutdown();
    connection->touch();
  }
}

}  // namespace koine::gateway::testing
