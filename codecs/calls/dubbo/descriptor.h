// JVM parameter descriptors: what a Dubbo2 request says of its arguments' types.
//
//   Z B C D F I J S V   boolean, byte, char, double, float, int, long, short, void
//   Lpackage/Name;      a class             [   in front of the element's: an array
//
// One behind the other, nothing in between; none at all for no arguments (JVM specification §4.3.2;
// apache/dubbo ReflectUtils.getDesc). dubbo-go says V for an argument that is nil, and leaves the semicolon
// of [Ljava/util/Date out (its getArgType). Pure, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace koine::codecs::calls::dubbo {

// How many arguments it describes; nothing when it is no descriptor.
std::optional<std::size_t> count_arguments(std::string_view descriptor);

}  // namespace koine::codecs::calls::dubbo
