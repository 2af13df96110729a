// Attachments that speak for the call itself: who may say them, and in which form.
#include <string>

#include <gtest/gtest.h>

#include "codecs/calls/dubbo/dubbo_test_support.h"

namespace koine::codecs::calls::dubbo {
namespace {

// A request without arguments and with these attachments.
std::string request_with(std::string_view attachments) {
  const std::string body = text("2.0.2") + text("shop.Orders") + text("0.0.0") + text("m") + text("") + "H" +
                           std::string(attachments) + "Z";
  FrameHead head;
  head.is_request = head.is_two_way = true;
  head.length = body.size();
  base::Buffer bytes;
  append_header(bytes, head);
  bytes.append(body);
  return bytes.to_string();
}

TEST(DubboAttachments, WhatSpeaksForTheCallIsATextOrTheRequestIsRefused) {
  // A provider goes by these: nobody else's form of them is passed on.
  for (const char* name : {"path", "interface", "version", "group", "timeout", "traceparent", "tracestate"}) {
    for (const char* value : {"21 F0", "79 01 61", "01 ED A0 BD", "48 5A"}) {
      KeptServer server;
      ASSERT_TRUE(server.feed(request_with(text(name) + from_hex(value))).ok());
      EXPECT_EQ(server.refused.size(), 1u) << name << " " << value;
    }
  }
  KeptServer server;
  ASSERT_TRUE(server.feed(request_with(text("timeout") + "\xc9\xf4" + text("group") + "N")).ok());
  ASSERT_EQ(server.calls.size(), 1u);
  EXPECT_EQ(server.calls[0].head.timeout_ns, 500 * base::millisecond_ns);  // as a number
  EXPECT_EQ(server.calls[0].head.service, "shop.Orders");
}

TEST(DubboAttachments, NothingIsWrittenInTheNameOfTheCallButItsOwn) {
  model::CallHead head = head_of("shop.Orders", "m");
  head.trace.parent = "\xf0";  // what another protocol's may hold
  for (const char* name : {"path", "path-bin", "group-bin", "generic", "generic-bin", "traceparent-bin"}) {
    head.metadata.add(name, "\xf0");
  }
  KeptClient client;
  ASSERT_TRUE(client.start(1, head, "").ok());
  KeptServer again;
  ASSERT_TRUE(again.feed(client.drained()).ok());
  ASSERT_EQ(again.calls.size(), 1u);
  EXPECT_EQ(again.calls[0].head.service, "shop.Orders");
  EXPECT_EQ(again.calls[0].head.trace.parent, "\xc3\xb0");
  EXPECT_EQ(again.calls[0].head.metadata.size(), 0u);
}

}  // namespace
}  // namespace koine::codecs::calls::dubbo
