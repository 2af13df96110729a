// Damaged .proto files and descriptor sets: always a schema or an error with a place, never a crash.
#include <fstream>
#include <random>
#include <sstream>

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/duration.pb.h>
#include <gtest/gtest.h>

#include "idl/proto/reader.h"

namespace koine::idl::proto {
namespace {

std::string contract() {
  std::ifstream in(std::string(KOINE_SOURCE_DIR) + "/interop-tests/contract/contract.proto");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void read_and_check(const std::string& name, const std::string& bytes, std::uint32_t seed) {
  auto sources = memory_sources({{name, bytes}});
  const std::vector<std::string> names = {name};
  const ReadResult result = read(*sources, names);
  ASSERT_EQ(result.schema == nullptr, has_errors(result.diagnostics)) << seed;
  for (const Diagnostic& diagnostic : result.diagnostics) {
    ASSERT_FALSE(diagnostic.location.file.empty()) << seed << " " << render(diagnostic);
    ASSERT_FALSE(diagnostic.message.empty()) << seed;
  }
}

std::string damaged(std::string bytes, std::uint32_t seed, const std::vector<std::string>& pieces) {
  std::mt19937 random(seed);
  for (std::uint32_t i = 0; i <= random() % 4; ++i) {
    const std::size_t at = random() % (bytes.size() + 1);
    switch (random() % 4) {
      case 0: bytes.erase(at, random() % 40); break;
      case 1: bytes.insert(at, pieces[random() % pieces.size()]); break;
      case 2: bytes.resize(at + 1, '\0'); break;
      default:
        if (at < bytes.size()) bytes[at] = static_cast<char>(random());
        break;
    }
    if (bytes.empty()) bytes = " ";
  }
  return bytes;
}

TEST(DamagedProto, GivesASchemaOrErrors) {
  const std::vector<std::string> pieces = {"{",
                                           "}",
                                           "message M {",
                                           "enum E { A = 1; }",
                                           "\"",
                                           "= -1",
                                           "[",
                                           "reserved 1 to max;",
                                           "map<",
                                           "oneof x",
                                           "import \"google/protobuf/any.proto\";",
                                           "/*",
                                           "option (koine.field).range = 1;",
                                           "repeated",
                                           "\xFF\xFE",
                                           "99999999999999999999"};
  const std::string text = contract();
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    read_and_check("t.proto", damaged(text, seed, pieces), seed);
    if (HasFatalFailure()) return;
  }
}

TEST(DamagedDescriptorSet, GivesASchemaOrErrors) {
  google::protobuf::FileDescriptorSet set;
  google::protobuf::Duration::descriptor()->file()->CopyTo(set.add_file());
  google::protobuf::FileDescriptorProto& file = *set.mutable_file(0);
  file.set_name("d.proto");  // not the built-in one
  file.set_package("d");
  google::protobuf::DescriptorProto::descriptor()->file()->CopyTo(set.add_file());
  set.mutable_file(1)->set_name("e.proto");
  set.mutable_file(1)->set_package("e");
  const std::vector<std::string> pieces = {
      "\x0A\x01"
      "a",
      std::string("\x12\x00", 2), "\xFF\xFF\xFF\xFF\x0F", "\x70\x01"};
  const std::string bytes = set.SerializeAsString();
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    read_and_check("s.binpb", damaged(bytes, seed, pieces), seed);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace koine::idl::proto
