// A caller on Apache Thrift's concurrent C++ client: one connection, every call a thread of its own.
//
//   concurrent HOST PORT SERVICE    framed binary, SERVICE before the method's name (TMultiplexedProcessor)
//
// Jobs come on standard input, answers go to standard output in the order in which they come, both as frames
// of a length (u32) and content, numbers little-endian:
//   job     u64 id, i64 nonce, i64 crc, i32 answer bytes, i32 delay, payload
//   answer  u64 id, u8 kind; 0: i64 nonce, i64 crc, i32 provider, payload; 1: i32 type of the application
//   exception, text;
//           2: text, of what happened to the connection
// READY comes first, on a line with the number 0.
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <thrift/TApplicationException.h>
#include <thrift/async/TConcurrentClientSyncInfo.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TMultiplexedProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TSocket.h>

#include "Work.h"

namespace {

using namespace apache::thrift;

template <class T>
void put(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T>
T take(const char*& at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  at += sizeof value;
  return value;
}

std::mutex output;

void answer(const std::string& content) {
  std::string frame;
  put(frame, static_cast<std::uint32_t>(content.size()));
  frame += content;
  const std::lock_guard<std::mutex> lock(output);
  std::fwrite(frame.data(), 1, frame.size(), stdout);
  std::fflush(stdout);
}

void call(rig::WorkConcurrentClient& client, std::uint64_t id, const rig::Job& job) {
  std::string out;
  put(out, id);
  try {
    rig::Answer got;
    client.work(got, job);
    put(out, std::uint8_t{0});
    put(out, got.nonce);
    put(out, got.crc);
    put(out, got.provider);
    out += got.payload;
  } catch (const TApplicationException& error) {
    put(out, std::uint8_t{1});
    put(out, static_cast<std::int32_t>(error.getType()));
    out += error.what();
  } catch (const std::exception& error) {
    put(out, std::uint8_t{2});
    out += error.what();
  }
  answer(out);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) {
    std::fprintf(stderr, "usage: concurrent HOST PORT SERVICE\n");
    return 2;
  }
  try {
    int port = 0;
    std::from_chars(arguments[2], arguments[2] + std::strlen(arguments[2]), port);
    auto socket = std::make_shared<transport::TSocket>(arguments[1], port);
    socket->setNoDelay(true);
    socket->open();
    auto framed = std::make_shared<transport::TFramedTransport>(socket);
    auto protocol = std::make_shared<protocol::TBinaryProtocol>(framed);
    auto named = std::make_shared<protocol::TMultiplexedProtocol>(protocol, arguments[3]);
    auto sync = std::make_shared<async::TConcurrentClientSyncInfo>();
    rig::WorkConcurrentClient client(protocol, named, sync);
    std::fputs("READY 0\n", stdout);
    std::fflush(stdout);
    std::vector<std::thread> calls;
    std::uint32_t size = 0;
    while (std::fread(&size, sizeof size, 1, stdin) == 1) {
      std::string content(size, '\0');
      if (std::fread(content.data(), 1, size, stdin) != size) break;
      const char* at = content.data();
      const auto id = take<std::uint64_t>(at);
      rig::Job job;
      job.nonce = take<std::int64_t>(at);
      job.crc = take<std::int64_t>(at);
      job.answerBytes = take<std::int32_t>(at);
      job.delayMillis = take<std::int32_t>(at);
      const char* const end = content.data() + size;
      job.payload.assign(at, end);
      calls.emplace_back([&client, id, job = std::move(job)] { call(client, id, job); });
    }
    socket->close();
    for (std::thread& each : calls) each.join();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "concurrent: %s\n", error.what());
    return 1;
  }
  return 0;
}
