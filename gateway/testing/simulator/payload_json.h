// The simulator's bodies in TJSONProtocol (apache/thrift lib/cpp/src/thrift/protocol/TJSONProtocol.cpp): a
// struct is {"id":{"type":value},…}, with the types i32, i64, str, rec and lst. Plain functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/testing/simulator/payload.h"

namespace koine::gateway::testing::simulator {

std::string encode_arguments_json(const Ping& ping);
std::optional<Ping> decode_arguments_json(std::string_view body);
std::string encode_result_json(const Result& result);
std::optional<Result> decode_result_json(std::string_view body);
// Where the array or object at the front ends; 0: not yet; npos: there is none.
std::size_t json_bytes(std::string_view bytes);

}  // namespace koine::gateway::testing::simulator
