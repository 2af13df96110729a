// Transports and protocols of a dialect (transport-encoding[-zlib][-mux]), for both sides, and the names of
// errors.
#pragma once

#include <memory>
#include <string>

#include <thrift/TApplicationException.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/protocol/THeaderProtocol.h>
#include <thrift/protocol/TJSONProtocol.h>
#include <thrift/protocol/TMultiplexedProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TSocket.h>
#include <thrift/transport/TZlibTransport.h>

#include "../cpp/peer.h"

namespace thrift_peer {

using namespace apache::thrift;
using namespace apache::thrift::protocol;
using namespace apache::thrift::transport;
using ProtocolPtr = std::shared_ptr<TProtocol>;
using TransportPtr = std::shared_ptr<TTransport>;

// The service in a multiplexed dialect.
inline std::string service_of(const std::string& contract) {
  return contract == "own" ? "Interop" : "InteropService";
}

struct Dialect {
  std::string transport, encoding;
  bool zlib = false, multiplexed = false;

  static Dialect parse(const std::string& name) {
    const auto words = peer::split(name, '-');
    Dialect dialect{words.at(0), words.at(1)};
    for (std::size_t i = 2; i < words.size(); ++i)
      (words[i] == "zlib" ? dialect.zlib : dialect.multiplexed) = true;
    return dialect;
  }

  bool header() const { return transport == "header"; }
  std::uint16_t header_encoding() const {
    return encoding == "binary" ? T_BINARY_PROTOCOL : T_COMPACT_PROTOCOL;
  }
};

inline TransportPtr layered(const Dialect& dialect, const TransportPtr& socket) {
  if (dialect.header()) return socket;  // the header protocol brings its own
  const TransportPtr below = dialect.zlib ? std::make_shared<TZlibTransport>(socket) : socket;
  if (dialect.transport == "framed") return std::make_shared<TFramedTransport>(below);
  if (dialect.transport == "unframed") return std::make_shared<TBufferedTransport>(below);
  throw std::invalid_argument("unknown transport " + dialect.transport);
}

inline ProtocolPtr encoded(const Dialect& dialect, const TransportPtr& transport) {
  if (dialect.encoding == "binary") return std::make_shared<TBinaryProtocol>(transport);
  if (dialect.encoding == "lax") return std::make_shared<TBinaryProtocol>(transport, 0, 0, false, false);
  if (dialect.encoding == "compact") return std::make_shared<TCompactProtocol>(transport);
  if (dialect.encoding == "json") return std::make_shared<TJSONProtocol>(transport);
  throw std::invalid_argument("unknown encoding " + dialect.encoding);
}

// One TCP connection with the protocol objects on top.
class Connection {
 public:
  Connection(const peer::Target& target, int limit_ms)
      : dialect_(Dialect::parse(target.dialect)),
        socket_(std::make_shared<TSocket>(target.host, target.port)) {
    socket_->setConnTimeout(peer::answer_limit_ms);
    socket_->setSendTimeout(peer::answer_limit_ms);
    socket_->setRecvTimeout(limit_ms);
    socket_->setNoDelay(true);
    socket_->open();
    if (dialect_.header()) {
      header = std::make_shared<THeaderProtocol>(socket_, dialect_.header_encoding());
      if (dialect_.zlib)
        std::dynamic_pointer_cast<THeaderTransport>(header->getTransport())
            ->setTransform(THeaderTransport::ZLIB_TRANSFORM);
      protocol = header;
    } else {
      transport_ = layered(dialect_, socket_);
      protocol = encoded(dialect_, transport_);
    }
    service_ = service_of(target.contract);
    output = named(protocol);
  }

  // A second set of protocol objects: a compact protocol that reads while it writes mixes up its own fields.
  ProtocolPtr separate_output() const { return named(encoded(dialect_, transport_)); }

  bool concurrent() const { return !dialect_.header(); }
  void close() { socket_->close(); }

  ProtocolPtr protocol, output;             // for reading, for writing
  std::shared_ptr<THeaderProtocol> header;  // with its info headers, where the dialect has them

 private:
  ProtocolPtr named(const ProtocolPtr& plain) const {
    return dialect_.multiplexed ? std::make_shared<TMultiplexedProtocol>(plain, service_) : plain;
  }

  Dialect dialect_;
  std::string service_;
  std::shared_ptr<TSocket> socket_;
  TransportPtr transport_;
};

// ------------------------------------------------------- values and errors

// A struct as TJSON: maps and sets are ordered in C++, doubles have 17 digits, so equal texts are equal
// values.
template <class T>
std::string json_of(const T& value) {
  auto buffer = std::make_shared<TMemoryBuffer>();
  TJSONProtocol protocol(buffer);
  value.write(&protocol);
  return buffer->getBufferAsString();
}

template <class T>
T read_from(TProtocol& protocol) {
  T value;
  value.read(&protocol);
  return value;
}

// A value of the table: the binary protocol in hexadecimal.
template <class T>
T parsed(const std::string& hex) {
  std::vector<std::uint8_t> bytes(hex.size() / 2);
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
  TBinaryProtocol protocol(
      std::make_shared<TMemoryBuffer>(bytes.data(), static_cast<std::uint32_t>(bytes.size())));
  return read_from<T>(protocol);
}

// The same of the value as it comes out of this library's own reader in a dialect: its TJSON reader loses
// U+0000.
template <class T>
std::string json_as_read(const Dialect& dialect, const T& value) {
  if (dialect.encoding != "json") return json_of(value);
  auto buffer = std::make_shared<TMemoryBuffer>();
  TJSONProtocol protocol(buffer);
  value.write(&protocol);
  return json_of(read_from<T>(protocol));
}

// Names the exception that is being handled the way the runner matches it.
inline std::string describe() {
  try {
    throw;
  } catch (const TApplicationException& error) {
    return "TApplicationException(" + std::to_string(error.getType()) + "): " + error.what();
  } catch (const TTransportException& error) {
    return "TTransportException(" + std::to_string(error.getType()) + "): " + error.what();
  } catch (const TProtocolException& error) {
    return "TProtocolException(" + std::to_string(error.getType()) + "): " + error.what();
  } catch (const std::exception& error) { return std::string("Exception: ") + error.what(); }
}

}  // namespace thrift_peer
