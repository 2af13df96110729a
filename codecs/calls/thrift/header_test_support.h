// For the tests of THeader: its messages taken apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "codecs/calls/thrift/message_reader.h"
#include "codecs/calls/thrift/thrift_test_support.h"

namespace koine::codecs::calls::thrift {

// Every message in `bytes`: outer and inner sequence id, type, name, text of the body, infos as "k=v".
struct Answer {
  std::uint32_t outer = 0;
  std::int32_t inner = 0;
  std::uint8_t type = 0;
  std::string name;
  std::string body;
  std::vector<std::string> infos;
  std::uint16_t flags = 0;
};
inline std::vector<Answer> answers(std::string_view bytes) {
  std::vector<Answer> out;
  const base::Limits limits;
  MessageReader reader(limits, nullptr, nullptr, false);
  base::Buffer in = buffer_of(bytes);
  Incoming incoming;
  while (reader.next(in, incoming) == MessageReader::State::message) {
    const base::Slice message = incoming.message.linearize();
    const MessageBegin begin = parse_message_begin(message.bytes(), message.size(), false, 1000);
    EXPECT_EQ(begin.fault, "");
    Answer& answer = out.emplace_back();
    answer.outer = incoming.envelope.seqid;
    answer.inner = begin.seqid;
    answer.type = begin.type;
    answer.name = begin.name;
    answer.body = base::as_text(message.bytes().subspan(begin.length));
    answer.flags = incoming.envelope.out_of_order ? 1 : 0;
    for (const transports::theader::Info& info : incoming.infos) {
      answer.infos.push_back(std::string(info.key) + "=" + std::string(info.value));
    }
  }
  EXPECT_TRUE(in.empty());
  return out;
}

inline std::vector<std::string> entries(const model::Metadata& metadata) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < metadata.size(); ++i) {
    out.push_back(std::string(metadata[i].name) + "=" + std::string(metadata[i].value));
  }
  return out;
}

}  // namespace koine::codecs::calls::thrift
