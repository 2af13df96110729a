// What a port that did not answer as it was asked to seems to be, and what to try instead.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace koine::cli {

// As much of an answer as is looked at.
inline constexpr std::size_t first_bytes_max = 512;

// "an HTTP/1 server answered (HTTP/1.1 400 Bad Request): …" for the first bytes of an answer to a call in
// `protocol` ("grpc", "thrift", …). Empty when they are that protocol's own, or nothing known. Without bytes:
// what a peer that closes the connection, or keeps silent, may have expected.
std::string other_peer(std::string_view protocol, std::string_view first_bytes);

}  // namespace koine::cli
