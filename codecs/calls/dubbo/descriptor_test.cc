// Descriptors of real methods, and of none.
#include "codecs/calls/dubbo/descriptor.h"

#include <gtest/gtest.h>

namespace koine::codecs::calls::dubbo {
namespace {

TEST(DubboDescriptor, EveryTypeIsOneArgument) {
  EXPECT_EQ(count_arguments(""), 0u);
  EXPECT_EQ(count_arguments("ZBCDFIJS"), 8u);
  EXPECT_EQ(count_arguments("Ljava/lang/String;"), 1u);
  EXPECT_EQ(count_arguments("ILjava/lang/String;Ljava/util/List;J[B[[I[Ljava/lang/Object;"), 7u);
  EXPECT_EQ(count_arguments("Ljava/lang/String;[Ljava/lang/String;[Ljava/lang/Object;"), 3u);
}

TEST(DubboDescriptor, WhatDubboGoWritesDifferentlyCountsTheSame) {
  EXPECT_EQ(count_arguments("V"), 1u);
  EXPECT_EQ(count_arguments("[Ljava/util/Date"), 1u);
  EXPECT_EQ(count_arguments("[Ljava/util/DateJ"), 2u);
  EXPECT_EQ(count_arguments("[Ljava/util/Date;J"), 2u);
}

TEST(DubboDescriptor, AnythingElseIsNone) {
  for (const char* text : {"Q", "[", "[[", "L", "L;", "Ljava/lang/String", "I ", "ILx"}) {
    EXPECT_FALSE(count_arguments(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace koine::codecs::calls::dubbo
