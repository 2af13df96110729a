// The commands, as functions of their options.
//
// Exit codes, the same for all: 0 it worked; 1 it did not (problems were found in what the files say, the
// call failed); 2 the command line was wrong; for `call`, 3 when the call was answered with an error of its
// own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace koine::cli {

inline constexpr int exit_ok = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_call_error = 3;

struct ServeOptions {
  std::string config;
  bool log_json = false;
  std::string log_level = "info";
  std::string sabotage;  // hidden: how the interop matrix proves that it can fail
};
int serve(const ServeOptions& options);

struct CheckOptions {
  std::string config;
  bool json = false;
};
int check(const CheckOptions& options);

struct IdlCheckOptions {
  std::vector<std::string> files;
  std::vector<std::string> import_paths;
  bool json = false;
};
int idl_check(const IdlCheckOptions& options);

struct IdlConvertOptions {
  std::vector<std::string> files;
  std::vector<std::string> import_paths;
  std::string to;      // proto or thrift
  std::string output;  // a folder; empty = standard output
  std::string lock;    // where chosen numbers and names are kept; empty = nowhere
  bool plain = false;  // proto without koine's options, for teams that only want stubs
};
int idl_convert(const IdlConvertOptions& options);

struct IdlMatchOptions {
  std::string exposed;  // files
  std::string provider;
  std::vector<std::string> import_paths;
  std::string service;    // EXPOSED:PROVIDER; empty = the only one of each file
  std::string overrides;  // a file; empty = none
  bool propose = false;
  bool json = false;
};
int idl_match(const IdlMatchOptions& options);
int idl_explain(const std::string& rule);

struct CallOptions {
  std::string address;
  std::string method;  // package.Service/Method
  std::string data;    // JSON, @file, or - for standard input
  std::string protocol = "grpc";
  // Thrift, in the words of the configuration's services[].thrift:
  std::string transport = "framed";  // framed, unframed or header
  std::string encoding = "binary";   // binary, compact or json
  bool zlib = false;
  std::string multiplexed;  // the service's name in a TMultiplexedProcessor
  std::vector<std::string> schema;
  std::vector<std::string> import_paths;
  std::vector<std::string> metadata;  // name: value
  std::string timeout = "15s";
  bool verbose = false;
  bool json = false;
};
int call(const CallOptions& options);

struct DecodeOptions {
  std::string protocol;
  std::vector<std::string> schema;
  std::vector<std::string> import_paths;
  std::string method;  // gRPC and replies: package.Service/Method
  bool reply = false;
};
int decode(const DecodeOptions& options);

int version(bool json);

}  // namespace koine::cli
