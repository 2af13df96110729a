// The interop contract, both authors' versions, derived into the other language: consistent, and taken by the
// distribution's compilers for every language.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "idl/derive/testing/support.h"
#include "idl/dump.h"

namespace koine::idl::derive::testing {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream in(std::string(KOINE_SOURCE_DIR) + "/" + path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(Contract, ThriftBecomesProtoThatProtocTakes) {
  auto source = read_thrift({{"contract.thrift", text_of("interop-tests/contract/contract.thrift")}});
  ASSERT_FALSE(source->services().empty());
  auto proto = derived(*source, Language::proto);
  EXPECT_EQ(inconsistencies(*source, *proto), "");
  const Files files = printed_proto(*proto);
  EXPECT_EQ(protoc_complaints(files, {"cpp", "java", "php", "python"}), "");
  EXPECT_EQ(protoc_complaints(printed_proto(*proto, false), {"cpp", "java", "php", "python"}), "");
}

TEST(Contract, ProtoBecomesThriftThatTheCompilerTakes) {
  auto source = read_proto({{"contract.proto", text_of("interop-tests/contract/contract.proto")}});
  ASSERT_FALSE(source->services().empty());
  auto thrift = derived(*source, Language::thrift);
  EXPECT_EQ(inconsistencies(*source, *thrift), "");
  const Files files = printed_thrift(*thrift);
  EXPECT_EQ(thrift_complaints(files, {"java", "go", "php", "cpp", "py"}), "");
}

TEST(Contract, DerivedProtoSaysWhatTheDerivedSchemaHolds) {
  auto source = read_thrift({{"contract.thrift", text_of("interop-tests/contract/contract.thrift")}});
  auto proto = derived(*source, Language::proto);
  auto read_back = read_proto(printed_proto(*proto));
  const DumpOptions bare{true, false, false};
  EXPECT_EQ(difference(dump(*proto, bare), dump(*read_back, bare)), "");
}

TEST(Contract, DerivedThriftSaysWhatTheDerivedSchemaHolds) {
  auto source = read_proto({{"contract.proto", text_of("interop-tests/contract/contract.proto")}});
  auto thrift = derived(*source, Language::thrift);
  auto read_back = read_thrift(printed_thrift(*thrift));
  EXPECT_EQ(difference(shape_of(*thrift), shape_of(*read_back)), "");
}

TEST(Contract, ThriftComesBackFromItsProto) {
  auto source = read_thrift({{"contract.thrift", text_of("interop-tests/contract/contract.thrift")}});
  auto proto = derived(*source, Language::proto);
  auto proto_read = read_proto(printed_proto(*proto));
  auto thrift = derived(*proto_read, Language::thrift);
  EXPECT_EQ(difference(shape_of(*source), shape_of(*thrift)), "");
}

// The service of that name in Java that javac takes, and that is read without a word.
void expect_java(const Schema& source, std::string_view service_name) {
  auto java = derived(source, Language::java);
  EXPECT_EQ(inconsistencies(source, *java), "");
  const Files files = printed_java(*java);
  EXPECT_EQ(javac_complaints(files), "");
  std::string said;
  auto again = try_read(files, Language::java, &said);
  EXPECT_EQ(said, "");
  ASSERT_NE(again, nullptr);
  const Service* service = again->find_service(service_name);
  ASSERT_NE(service, nullptr);
  EXPECT_EQ(service->methods.size(), source.services().front().methods.size());
}

TEST(Contract, ThriftBecomesJavaThatJavacTakes) {
  expect_java(*read_thrift({{"contract.thrift", text_of("interop-tests/contract/contract.thrift")}}),
              "koine.interop.contract.dubbo.Interop");
}

TEST(Contract, ProtoBecomesJavaThatJavacTakes) {
  expect_java(*read_proto({{"contract.proto", text_of("interop-tests/contract/contract.proto")}}),
              "koine.interop.v1.dubbo.InteropService");
}

}  // namespace
}  // namespace koine::idl::derive::testing
