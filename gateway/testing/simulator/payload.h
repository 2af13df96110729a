// What the simulator's calls carry: a nonce, a checksum, and padding, in every body format.
//
//   struct Ping { 1: i64 nonce, 2: i64 check, 3: string pad }
//
// Written and read here without a line of the product's codecs, so that both ends judge what the gateway
// made of it. Nonce and check are in [2^61, 2^62): every varint of them has the same length, and the size of
// a body tells the size of its padding. Plain values, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/call.h"

namespace koine::gateway::testing::simulator {

// Whose words they are: a request that came back as an answer is not intact.
enum class Side : std::uint8_t { request, answer };

struct Ping {
  std::int64_t nonce = 0;
  std::int64_t check = 0;
  std::string pad;
};

// The nonce of the call with that number in a run with that seed.
std::int64_t nonce_of(std::uint64_t seed, std::size_t call);
// `message`: which one of a stream; 0 for a unary call.
Ping make_ping(std::int64_t nonce, Side side, std::uint32_t message, std::size_t pad_bytes);
bool intact(const Ping& ping, Side side, std::uint32_t message);

// The arguments struct {1: Ping} in the Thrift formats, the bare message in protobuf.
std::string encode_arguments(model::BodyFormat format, const Ping& ping);
std::optional<Ping> decode_arguments(model::BodyFormat format, std::string_view body);

// What a provider answers: a Ping, the declared exception Refused { 1: i64 nonce, 2: string message }, what
// stands for a gRPC status in derived Thrift (RpcStatus { 1: i32 code, 2: string message, 3: list<binary> }),
// or nothing (void).
struct Result {
  enum class Kind : std::uint8_t { value, refused, status, nothing };
  Kind kind = Kind::nothing;
  Ping value;
  std::int64_t refused_nonce = 0;
  std::int32_t status = 0;
};
// The result struct {0: Ping} or {1: Refused}; in protobuf only a value or nothing. A status is only read.
std::string encode_result(model::BodyFormat format, const Result& result);
std::optional<Result> decode_result(model::BodyFormat format, std::string_view body);
// How many bytes of `bytes` the struct at their front takes: 0 when they are too few, npos when they are no
// struct of these formats.
std::size_t struct_bytes(model::BodyFormat format, std::string_view bytes);

}  // namespace koine::gateway::testing::simulator
