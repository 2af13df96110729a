// The command line as a person or a script meets it: exit codes and what is said of mistakes. Nothing here
// reaches a network; what calls do is tested with the gateway.
#include "cli/app.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "cli/command_line_test_support.h"
#include "cli/commands.h"
#include "cli/output.h"

namespace koine::cli {
namespace {

TEST_F(CommandLine, NamesTheCommandsWhenThereIsNoSuchOne) {
  const Said said = run_with({"server"});
  EXPECT_EQ(said.code, exit_usage);
  EXPECT_TRUE(has(said.err,
                  "'server' is no command; there are: serve, check, idl, call, decode, version; did you mean "
                  "'serve'?"))
      << said.err;
  EXPECT_TRUE(
      has(run_with({"idl", "lint"}).err, "'lint' is no command; there are: check, convert, match, explain"));
  EXPECT_EQ(run_with({}).code, exit_usage);
  EXPECT_EQ(run_with({"idl"}).code, exit_usage);
  EXPECT_EQ(run_with({"--help"}).code, exit_ok);
  EXPECT_EQ(run_with({"version"}).code, exit_ok);
  EXPECT_EQ(run_with({"version", "extra"}).code, exit_usage);
}

TEST_F(CommandLine, NamesTheOptionThatWasMeant) {
  // Without --config as well: what is written wrong is said, not what is missing for it.
  const Said check = run_with({"check", "--confg", "k.yaml"});
  EXPECT_EQ(check.code, exit_usage);
  EXPECT_TRUE(has(check.err,
                  "'--confg' is no option of koine check, which has: --help, --config, --json; did you "
                  "mean '--config'?"))
      << check.err;
  const Said transport = call({"--tansport=framed"});
  EXPECT_EQ(transport.code, exit_usage);
  EXPECT_TRUE(has(transport.err, "; did you mean '--transport'?")) << transport.err;
  const Said nested = run_with({"idl", "check", path("shop.thrift"), "--jsn"});
  EXPECT_EQ(nested.code, exit_usage);
  EXPECT_TRUE(has(nested.err, "'--jsn' is no option of koine idl check")) << nested.err;
  // Hidden ones are not told of.
  EXPECT_FALSE(has(run_with({"serve", "--sabotge", "x"}).err, "sabotage"));
  EXPECT_TRUE(has(run_with({"check"}).err, "--config is required"));
}

TEST_F(CommandLine, NamesTheServiceAndTheMethodThatWereMeant) {
  const std::pair<const char*, const char*> names[] = {
      {"Shop/Find", "no service 'Shop' in the schemas, which have: shop.Shop; did you mean 'shop.Shop'?"},
      {"shop.shop/Find", "did you mean 'shop.Shop'?"},
      {"shop.Shop/Fnd", "no method 'Fnd' in shop.Shop, which has: Find; did you mean 'Find'?"},
      {"shop.Shop/FIND", "did you mean 'Find'?"},
      {"Find",
       "'Find' does not say which service: write package.Service/Method; did you mean 'shop.Shop/find'?"},
      {"shop.Shop.find", "did you mean 'shop.Shop/find'?"},
      {"shop.Shop.Find", "did you mean 'shop.Shop/find'?"},
  };
  for (const auto& [name, text] : names) {
    const Said said = run_with({"call", "nowhere", name, "-s", path("shop.thrift")});
    EXPECT_NE(said.code, exit_ok);
    EXPECT_TRUE(has(said.err, text)) << name << ": " << said.err;
  }
  for (const char* name : {"/", "a/", "/b", ""}) {
    const Said said = run_with({"call", "nowhere", name, "-s", path("shop.thrift")});
    EXPECT_EQ(said.code, exit_usage) << name;
  }
}

TEST_F(CommandLine, CountsInWords) {
  EXPECT_EQ(counted(0, "route"), "0 routes");
  EXPECT_EQ(counted(1, "route"), "1 route");
  EXPECT_EQ(counted(2, "route"), "2 routes");
  const std::string config = file("k.yaml",
                                  "schemas: { files: [shop.thrift] }\nlisteners: [127.0.0.1:0]\n"
                                  "services: [{ name: shop, interface: shop.Shop, protocol: thrift,\n"
                                  "  endpoints: [127.0.0.1:9090] }]\n");
  EXPECT_EQ(run_with({"check", "-c", config}).out, config + ": ok, 1 service, 8 routes\n");
  const std::string wrong = file("wrong.yaml", "listeners: [127.0.0.1:0]\nservices: [{ name: shop }]\n");
  const Said said = run_with({"check", "-c", wrong});
  EXPECT_EQ(said.code, exit_failed);
  EXPECT_TRUE(has(said.err, "koine: " + wrong + ": 4 errors; serve would not start with it\n")) << said.err;
}

TEST_F(CommandLine, TellsFilesThatAreWrongFromWordsThatAreWrong) {
  EXPECT_EQ(run_with({"idl", "check", path("shop.thrift")}).code, exit_ok);
  EXPECT_EQ(run_with({"idl", "check", path("missing.thrift")}).code, exit_failed);
  const Said folder = run_with({"idl", "check", std::filesystem::path(path("x")).parent_path().string()});
  EXPECT_EQ(folder.code, exit_failed);
  const Said device = run_with({"check", "-c", "/dev/null"});
  EXPECT_EQ(device.code, exit_failed);
  EXPECT_TRUE(has(device.err, "this is no regular file")) << device.err;
  // The same for the commands that only need a schema.
  const std::string broken = file("broken.thrift", "struct {");
  EXPECT_EQ(run_with({"call", "nowhere", "a/b", "-s", broken}).code, exit_failed);
  const Said missing = run_with({"call", "nowhere", "a/b", "-s", path("missing.thrift")});
  EXPECT_EQ(missing.code, exit_failed);
  EXPECT_TRUE(has(missing.err, "no such file")) << missing.err;
  EXPECT_TRUE(has(missing.err, "koine: IDL_IO: the schema has 1 error\n")) << missing.err;
  EXPECT_TRUE(has(run_with({"call", "nowhere", "a/b", "-s", broken}).err, "koine: IDL_SYNTAX: "))
      << missing.err;
  EXPECT_TRUE(has(run_with({"call", "nowhere", "a/b", "-s", path("*.proto")}).err, "koine: IDL_IO: '"));
  EXPECT_EQ(run_with({"decode", "-p", "grpc", "-s", broken, "-m", "a/b"}).code, exit_failed);
  EXPECT_EQ(run_with({"call", "nowhere", "a/b"}).code, exit_usage);
}

TEST_F(CommandLine, ConvertsOnlyIntoTheOtherLanguage) {
  const Said same = run_with({"idl", "convert", path("shop.thrift"), "--to", "thrift"});
  EXPECT_EQ(same.code, exit_usage);
  EXPECT_TRUE(has(same.err, "is written in thrift already")) << same.err;
  const Said other = run_with({"idl", "convert", path("shop.thrift"), "--to", "proto", "--plain"});
  EXPECT_EQ(other.code, exit_ok);
  EXPECT_TRUE(has(other.out, "rpc Find(")) << other.out;
}

TEST_F(CommandLine, KeepsInALockWhatConversionChose) {
  const std::string source =
      file("numbers.thrift", "namespace * shop\nstruct S { 19000: i32 a, 1: i32 b }\n");
  const std::string lock = path("koine.lock");
  const std::vector<std::string> words = {"idl", "convert", source, "--to", "proto", "--lock", lock};
  Said said = run_with(words);
  EXPECT_EQ(said.code, exit_ok) << said.err;
  EXPECT_TRUE(has(said.out, "int32 a = 119000")) << said.out;
  EXPECT_EQ(said.err, "koine: " + lock + ": 1 line added\n");
  EXPECT_TRUE(
      has(text_in("koine.lock"), "file numbers.thrift to proto:\n  field shop.S.a (19000): number 119000\n"));
  EXPECT_EQ(run_with(words).err, "");

  file("numbers.thrift", "namespace * shop\nstruct S { 1: i32 b }\n");
  said = run_with(words);
  EXPECT_EQ(said.err,
            "koine: " + lock + ": field shop.S.a (19000) is deleted; nothing else gets what it had\n");
  EXPECT_TRUE(has(said.out, "  reserved 119000;\n")) << said.out;

  file("numbers.thrift", "namespace * shop\nstruct S { 19000: i32 c, 1: i32 b }\n");
  const std::string before = text_in("koine.lock");
  said = run_with(words);
  EXPECT_EQ(said.code, exit_failed);
  EXPECT_EQ(said.out, "");
  EXPECT_TRUE(
      has(said.err, "koine.lock:7:1: error: 'field shop.S.a (19000): number 119000, deleted' cannot stay"))
      << said.err;
  EXPECT_EQ(text_in("koine.lock"), before);
  file("koine.lock", "version: 1\n<<<<<<< ours\n");
  EXPECT_TRUE(has(run_with(words).err, "koine.lock:2:1: error: a merge left this mark"))
      << run_with(words).err;
}

TEST_F(CommandLine, ConvertsSeveralFilesIntoAFolder) {
  const std::string first = file("a.thrift", "namespace * a\nstruct A { 1: i32 x }\n");
  std::filesystem::create_directories(path("sub"));
  const std::string second =
      file("sub/b.thrift", "include \"../a.thrift\"\nnamespace * b\nstruct B { 1: a.A a }\n");
  const Said said = run_with({"idl", "convert", first, second, "--to", "proto", "-o", path("out")});
  EXPECT_EQ(said.code, exit_ok) << said.err;
  EXPECT_TRUE(has(text_in("out/sub/b.proto"), "import \"a.proto\";\n"));
  EXPECT_TRUE(has(text_in("out/a.proto"), "message A {"));
  EXPECT_EQ(run_with({"idl", "check", path("out/sub/b.proto"), "-I", path("out")}).code, exit_ok);
  EXPECT_EQ(run_with({"idl", "convert", first, path("out/a.proto"), "--to", "proto"}).code, exit_usage);
}

TEST_F(CommandLine, ChecksAndConvertsJava) {
  const std::string source =
      file("Shop.java",
           "package shop; public interface Shop { Item find(long id); Object any(); }\n"
           "class Item { String sku; }\n");
  Said said = run_with({"idl", "check", source});
  EXPECT_EQ(said.code, exit_ok) << said.err;
  EXPECT_EQ(said.out, "1 file: ok\n");
  EXPECT_TRUE(has(said.err, "'any' is left out of 'Shop'")) << said.err;
  said = run_with({"idl", "convert", source, "--to", "proto", "--plain"});
  EXPECT_TRUE(has(said.out, "rpc Find(FindRequest) returns (Item);")) << said.out << said.err;
  said = run_with({"idl", "convert", source, "--to", "thrift"});
  EXPECT_TRUE(has(said.out, "Item find(1: i64 id)")) << said.out << said.err;
  said = run_with({"idl", "convert", source, path("shop.thrift"), "--to", "proto"});
  EXPECT_EQ(said.code, exit_usage);
  EXPECT_TRUE(has(said.err, "convert those of one language at a time")) << said.err;
  const std::string one = file("One.java", "package one; public class One { two.Two two; }\n");
  const std::string two = file("Two.java", "package two; public class Two { one.One one; }\n");
  said = run_with({"idl", "convert", one, two, "--to", "proto"});
  EXPECT_EQ(said.code, exit_failed);
  EXPECT_TRUE(has(said.err, "one.proto, two.proto would import one another in a circle")) << said.err;
  EXPECT_TRUE(has(run_with({"idl", "explain", "JAVA_DYNAMIC"}).out, "Methods that reach one are left out"));
}

TEST_F(CommandLine, ConvertsIntoJavaOneFileAClass) {
  const std::string source =
      file("stock.thrift", "namespace java acme\nstruct Item { 1: i32 n }\nservice Stock { Item item() }\n");
  Said said = run_with({"idl", "convert", source, "--to", "java", "-o", path("java")});
  EXPECT_EQ(said.code, exit_ok) << said.err;
  EXPECT_TRUE(has(text_in("java/acme/dubbo/Item.java"), "public class Item implements Serializable {"));
  EXPECT_TRUE(has(text_in("java/acme/dubbo/Stock.java"), "  Item item();\n"));
  said = run_with({"idl", "check", path("java/acme/dubbo/Stock.java")});
  EXPECT_EQ(said.out, "1 file: ok\n") << said.err;
  said = run_with({"idl", "convert", source, "--to", "java"});
  EXPECT_TRUE(has(said.out, "// acme/dubbo/Stock.java\npackage acme.dubbo;\n")) << said.out;
}

TEST_F(CommandLine, NamesTheMethodsThatConversionLeavesOut) {
  const std::string streams =
      file("streams.proto",
           "syntax = \"proto3\"; package s; message M {}\n"
           "service S { rpc Get(M) returns (M); rpc Watch(M) returns (stream M);\n"
           "rpc Push(stream M) returns (M); rpc Both(stream M) returns (stream M); }");
  const Said said = run_with({"idl", "convert", streams, "--to", "thrift"});
  EXPECT_EQ(said.code, exit_ok);
  EXPECT_TRUE(has(said.out, "M get(1: M request)")) << said.out;
  for (const char* method : {"s.S.Watch", "s.S.Push", "s.S.Both"}) {
    EXPECT_TRUE(
        has(said.err, "warning: '" + std::string(method) + "' streams, which Thrift cannot; it is left out"))
        << said.err;
  }
  EXPECT_FALSE(has(said.err, "s.S.Get")) << said.err;
  EXPECT_FALSE(has(said.out, "watch")) << said.out;
}

TEST_F(CommandLine, RefusesOptionsOfCallThatWouldMeanNothing) {
  const std::pair<std::vector<std::string>, std::string> wrong[] = {
      {{"-p", "thrift", "-H", "a: b"}, "framed Thrift carries no metadata"},
      {{"-p", "thrift", "--transport", "unframed", "-H", "a: b"}, "unframed Thrift carries no metadata"},
      {{"-p", "thrift", "--transport", "header", "--encoding", "json"},
       "carries binary or compact, not json"},
      {{"--transport", "header"}, "--transport and --zlib are Thrift's"},
      {{"--zlib"}, "--transport and --zlib are Thrift's"},
      {{"--multiplexed", "Shop"}, "--multiplexed is Thrift's"},
      {{"--encoding", "compact"}, "--encoding is Thrift's"},
      {{"-t", "5"}, "--timeout '5' is no time to wait"},
      {{"-t", "0s"}, "--timeout '0s' is no time to wait"},
      {{"-t", "99999999999999h"}, "is no time to wait"},
      {{"-H", "no colon"}, "is not 'name: value'"},
      {{"-H", "a: x\ny"}, "the value of metadata 'a' is not printable ASCII"},
      {{"-d", "@" + path("missing.json")}, "no file '"},
  };
  for (const auto& [words, text] : wrong) {
    const Said said = call(words);
    EXPECT_EQ(said.code, exit_usage) << text;
    EXPECT_TRUE(has(said.err, text)) << said.err;
  }
  // Nothing wrong with these: only the address is left to stumble over.
  for (const std::vector<std::string>& words : {std::vector<std::string>{"-H", "a-bin: \xff", "-H", "b: "},
                                                {"-p", "thrift", "--multiplexed", "Shop"},
                                                {"-p", "thrift", "--transport", "header", "-H", "a: b"},
                                                {"-p", "thrift", "--transport", "unframed", "--zlib"},
                                                {"-p", "thrift", "--encoding", "json"},
                                                {"-p", "thrift", "--encoding", "compact", "-t", "1ms"}}) {
    const Said said = call(words);
    EXPECT_EQ(said.code, exit_failed);
    EXPECT_TRUE(has(said.err, "expected host:port")) << said.err;
  }
}

TEST_F(CommandLine, SaysWhereARequestDoesNotFit) {
  const std::pair<std::string, std::string> requests[] = {
      {R"({"sku":1})", "MAP_TYPE at sku: "},
      {R"({"nope":1})", "MAP_UNKNOWN_FIELD at nope: "},
      {R"({"sku":"a","sku":"b"})", "MAP_DUPKEY at sku: "},
      {R"({"sku":"a"} x)", "something follows the JSON value, at byte 12"},
      {R"({)", "the JSON text ends too early, at byte 1"},
  };
  for (const auto& [request, text] : requests) {
    const Said said = call({"-d", request});
    EXPECT_EQ(said.code, exit_failed) << request;
    EXPECT_TRUE(has(said.err, text)) << said.err;
  }
  const Said method = run_with({"call", "nowhere", "shop.Shop/Lose", "-s", path("shop.thrift")});
  EXPECT_TRUE(has(method.err, "no method 'Lose' in shop.Shop, which has: Find\n")) << method.err;
}

TEST_F(CommandLine, WarnsOfADerivedFileThatIsOlderThanItsSource) {
  EXPECT_EQ(run_with({"idl", "convert", path("shop.thrift"), "--to", "proto", "-o", path("")}).code, exit_ok);
  const std::vector<std::string> check = {"idl", "check", path("shop.thrift"), path("shop.proto")};
  EXPECT_EQ(run_with(check).out, "2 files: ok\n");
  file("shop.thrift", std::string(shop) + "struct More {}\n");
  const Said said = run_with(check);
  EXPECT_EQ(said.code, exit_ok);
  EXPECT_TRUE(has(said.out + said.err, "[DERIVED_HASH_STALE]")) << said.out << said.err;
}

TEST_F(CommandLine, ShowsNothingOfAPeerThatSteersTheTerminal) {
  testing::internal::CaptureStderr();
  complain("UNKNOWN: \x1b[31mred\r\x7f\nn\xc3\xa9");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "koine: UNKNOWN: ?[31mred??\nn\xc3\xa9\n");
}

}  // namespace
}  // namespace koine::cli
