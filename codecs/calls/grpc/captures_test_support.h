// For tests: what real gRPC and HTTP/2 programs sent, as hexadecimal text.
#pragma once

#include <string>
#include <string_view>

namespace koine::codecs::calls::grpc::testing {

inline std::string bytes_of(std::string_view hexadecimal) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string out;
  for (std::size_t i = 0; i + 1 < hexadecimal.size(); i += 2) {
    out += static_cast<char>(digit(hexadecimal[i]) * 16 + digit(hexadecimal[i + 1]));
  }
  return out;
}

// curl 7.88.1 (libcurl 7.88.1, nghttp2 1.52.0): curl --http2-prior-knowledge -H "te: trailers" -H
// "content-type: application/grpc" --data-binary @body, as far as it goes before the server speaks.
inline constexpr std::string_view curl_request =
    "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a"
    "000012040000000000000300000064000402000000000200"
    "00000000000408000000000001ff00010000490104000000"
    "0183048c61139eb5f559216c43188a9f86418b089d5c0b81"
    "70dc684cbedf7a8825b650c3abbcf2e153032a2f2a400274"
    "65864d833505b11f5f8b1d75d0620d263d4c4d65640f0d02"
    "313000000a000100000001000000000568656c6c6f";

// nghttp 1.52.0, the same headers and body: with PRIORITY frames and a priority in HEADERS.
inline constexpr std::string_view nghttp_request =
    "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a"
    "00000c04000000000000030000006400040000ffff000005"
    "02000000000300000000c800000502000000000500000000"
    "640000050200000000070000000000000005020000000009"
    "000000070000000502000000000b00000003000000510124"
    "0000000d0000000b0f83048c61139eb5f559216c43188a9f"
    "86418b089d5c0b8170dc65d7c0ef53032a2f2a907a8aaa69"
    "d29ac4c0576c4b830f0d02313040027465864d833505b11f"
    "5f8b1d75d0620d263d4c4d656400000a00010000000d0000"
    "00000568656c6c6f";

// h2load 1.52.0, the same headers and body: windows of 1 GiB.
inline constexpr std::string_view h2load_request =
    "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a"
    "00000c04000000000000020000000000043fffffff000004"
    "0800000000003fff000000004b010400000001048c61139e"
    "b5f559216c43188a9f86418b089d5c0b8170dc6de1099f83"
    "7a8f9c541c722954d3a5358980aed8970740027465864d83"
    "3505b11f5f8b1d75d0620d263d4c4d65640f0d0231300000"
    "0a000100000001000000000568656c6c6f";

// grpc-go 1.85.0: unary /s.S/Get with metadata x-a: 1 and x-bin: 00 01 ff and a deadline of 1 s, until it
// gives up.
inline constexpr std::string_view grpc_go_request =
    "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a"
    "000000040000000000000000040100000000000078010400"
    "00000183864586610bee631153418b089d5c0b8170dc69a1"
    "01ff5f901d75d0620d263d4c4d6564ff75d8749f7a8a9aca"
    "c8b4c7602bbcdae040027465864d833505b11f408e9acac8"
    "b0c842d6958b510f21aa9b839bd9ab40899acac8b24d494f"
    "6a7f867de7db7036ff4003782d6101314084f2b466ab0441"
    "41482f00000a000100000001000000000568656c6c6f0000"
    "0403000000000100000008";

// grpc-go 1.85.0 as a server: the answer to a unary call of 10 bytes on stream 1 with metadata x-a-bin: 00
// ff, echoed as x-head-bin; trailers x-tail: t and x-tail-bin: 00 ff.
inline constexpr std::string_view grpc_go_answer =
    "000006040000000000000500004000000000040100000000"
    "0000040800000000000000000f0000080600000000000204"
    "1010090e070700001c010400000001885f8b1d75d0620d26"
    "3d4c4d65644088f2b4e51c8b466abf0341503800000f0000"
    "00000001000000000a7878787878787878787800002f0105"
    "0000000140889acac8b21234da8f013040899acac8b52542"
    "07317f004085f2b2466a3f01744088f2b2466a168cd57f03"
    "415038";

}  // namespace koine::codecs::calls::grpc::testing
