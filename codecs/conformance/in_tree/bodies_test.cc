// The body formats of this tree pass the conformance kit: every shape of message that transcoding is measured
// with, as it is written in each format.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "codecs/conformance/in_tree/plan_body.h"
#include "transcode/formats.h"
#include "transcode/shapes_test_support.h"

namespace koine::codecs::conformance::in_tree {
namespace {

using model::BodyFormat;
using transcode::testing::Shape;
using transcode::testing::Shapes;

const idl::StructType& root_of(const Shape& shape, BodyFormat format) {
  return transcode::is_thrift(format) ? *shape.thrift : *shape.proto;
}

std::string in_format(const Shape& shape, BodyFormat format) {
  transcode::testing::Runner runner(BodyFormat::thrift_compact, *shape.thrift, format,
                                    root_of(shape, format));
  std::string out;
  const base::Status status = runner.run(shape.compact, out);
  EXPECT_TRUE(status.ok()) << shape.name << ": " << status.to_string();
  return out;
}

// Field 2 of `deep` is a `deep`: so many of them inside one another.
std::string nested(BodyFormat format, std::size_t depth) {
  std::string out;
  switch (format) {
    case BodyFormat::thrift_compact:
      for (std::size_t i = 1; i < depth; ++i) out += "\x2c";
      return out + std::string(depth, '\0');
    case BodyFormat::thrift_binary:
      for (std::size_t i = 1; i < depth; ++i) out += std::string("\x0c\0\x02", 3);
      return out + std::string(depth, '\0');
    case BodyFormat::protobuf: {
      // Innermost first, written backwards: each length is that of what is there already.
      std::string backwards;
      for (std::size_t i = 1; i < depth; ++i) {
        std::string head = "\x12";
        std::size_t left = backwards.size();
        for (; left >= 0x80; left >>= 7) head.push_back(static_cast<char>(left | 0x80));
        head.push_back(static_cast<char>(left));
        backwards.append(head.rbegin(), head.rend());
      }
      return std::string(backwards.rbegin(), backwards.rend());
    }
    case BodyFormat::thrift_json:
      for (std::size_t i = 1; i < depth; ++i) out += "{\"2\":{\"rec\":";
      out += "{}";
      for (std::size_t i = 1; i < depth; ++i) out += "}}";
      return out;
    default:
      for (std::size_t i = 1; i < depth; ++i) out += "{\"f2\":";
      return out + "{}" + std::string(depth - 1, '}');
  }
}

class BodyConformance : public ::testing::TestWithParam<BodyFormat> {};

TEST_P(BodyConformance, EveryShape) {
  const BodyFormat format = GetParam();
  const Shapes shapes;
  for (const Shape& shape : shapes.all()) {
    const std::string message = in_format(shape, format);
    if (message.size() > 2000) continue;  // more of the same
    PlanBody body(format, root_of(shape, format));
    BodyFormatUnderTest test;
    test.name = std::string(model::to_string(format)) + " " + shape.name;
    test.body = &body;
    test.lengths_max = 4000;
    // A protobuf message may end behind any field.
    test.ends_itself = format != BodyFormat::protobuf;
    test.walk_sees_nesting = format != BodyFormat::protobuf;
    if (shape.name == "deep") test.nested = [format](std::size_t depth) { return nested(format, depth); };
    const BodyVector vectors[] = {{shape.name, message, ""}};
    const Report report = check_body(test, vectors);
    EXPECT_TRUE(report.ok()) << report.to_string();
    EXPECT_GT(report.cases("length"), 0u);
    EXPECT_GT(report.cases("stable"), 0u);
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, BodyConformance,
                         ::testing::Values(BodyFormat::thrift_binary, BodyFormat::thrift_compact,
                                           BodyFormat::protobuf, BodyFormat::json, BodyFormat::thrift_json),
                         [](const auto& one) { return std::string(model::to_string(one.param)); });

}  // namespace
}  // namespace koine::codecs::conformance::in_tree
