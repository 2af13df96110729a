// The command line, on CLI11.
#include "cli/app.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "idl/source.h"

namespace koine::cli {
namespace {

void add_serve(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command = app.add_subcommand("serve", "Run the gateway. SIGHUP reloads, SIGTERM drains.");
  command->add_option("-c,--config", options->config, "The configuration file")->required();
  command->add_option("--log-level", options->log_level, "debug, info, warn, error or off")
      ->capture_default_str();
  command->add_flag("--log-json", options->log_json, "Logs as JSON lines");
  command->add_option("--sabotage", options->sabotage)->group("");
  command->footer(
      "Prints one line on standard output when it serves:\n"
      "  READY <listener address>… [admin=<address>]\n"
      "Logs go to standard error. Exit code 0 after a drain, 1 when it could not start.");
  command->callback([options, &exit_code] { exit_code = serve(*options); });
}

void add_check(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command = app.add_subcommand("check", "Everything that serve would refuse, without serving.");
  command->add_option("-c,--config", options->config, "The configuration file")->required();
  command->add_flag("--json", options->json, "The findings as JSON");
  command->footer("Exit code 0: serve would start with it. 1: it would not; every reason is listed.");
  command->callback([options, &exit_code] { exit_code = check(*options); });
}

void add_idl(CLI::App& app, int& exit_code) {
  CLI::App* idl = app.add_subcommand("idl", "Work with .thrift, .proto and .java files.");
  idl->require_subcommand(1);

  auto checked = std::make_shared<IdlCheckOptions>();
  CLI::App* check_command =
      idl->add_subcommand("check", "Parse and lint; messages like a compiler's, with a caret.");
  check_command->add_option("FILE", checked->files, ".thrift, .proto, .binpb (a descriptor set) or .java")
      ->required();
  check_command->add_option("-I,--import", checked->import_paths,
                            "Where includes and imports are looked for");
  check_command->add_flag("--json", checked->json, "The findings as JSON");
  check_command->callback([checked, &exit_code] { exit_code = idl_check(*checked); });

  auto converted = std::make_shared<IdlConvertOptions>();
  CLI::App* convert =
      idl->add_subcommand("convert", "Derive the other IDL: exactly what the gateway serves.");
  convert->add_option("FILE", converted->files, ".thrift, .proto or .java; all of one language")->required();
  convert->add_option("--to", converted->to, "proto, thrift or java")
      ->required()
      ->check(CLI::IsMember({"proto", "thrift", "java"}));
  convert->add_option("-I,--import", converted->import_paths, "Where includes and imports are looked for");
  convert->add_option("-o,--output", converted->output,
                      "A folder for the files; without it, standard output");
  convert->add_option(
      "--lock", converted->lock,
      "A file that keeps the numbers and names that had to be chosen; made when it is missing");
  convert->add_flag("--plain", converted->plain,
                    "proto: without Koine's options, so that it imports nothing of Koine's");
  convert->callback([converted, &exit_code] { exit_code = idl_convert(*converted); });

  auto matched = std::make_shared<IdlMatchOptions>();
  CLI::App* match = idl->add_subcommand("match", "Pair two IDLs that were written independently, by name.");
  match->add_option("EXPOSED", matched->exposed, "The IDL that callers use: .thrift, .proto, .binpb or .java")
      ->required();
  match->add_option("PROVIDER", matched->provider, "The IDL of the provider")->required();
  match->add_option("-I,--import", matched->import_paths, "Where includes and imports are looked for");
  match->add_option("--service", matched->service,
                    "EXPOSED:PROVIDER, where a file has more than one service");
  match->add_option("--overrides", matched->overrides,
                    "A file with the configuration's expose: renames and allowances");
  match->add_flag("--propose", matched->propose,
                  "Print overrides that cover everything, to be read and kept");
  match->add_flag("--json", matched->json, "Everything as one JSON object");
  match->footer(
      "mapped: has a counterpart. adapter: one of another shape. allowed: lost, and said to be so.\n"
      "lossy: one that cannot hold all of it. unmapped: none. refused: an error stands in the way.\n"
      "Exit code 0: everything is covered. 1: it is not. 2: wrong command line or overrides.\n"
      "  koine idl match shop.proto shop.thrift --propose > overrides.yaml");
  match->callback([matched, &exit_code] { exit_code = idl_match(*matched); });

  auto rule = std::make_shared<std::string>();
  CLI::App* explain = idl->add_subcommand("explain", "What a rule means and how to satisfy it.");
  explain->add_option("RULE", *rule, "As it stands in brackets, UNIT_MISSING")->required();
  explain->callback([rule, &exit_code] { exit_code = idl_explain(*rule); });
}

void add_call(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<CallOptions>();
  CLI::App* command = app.add_subcommand("call", "One call in any protocol: JSON in, JSON out.");
  command->add_option("ADDRESS", options->address, "host:port or unix:/path")->required();
  command
      ->add_option("METHOD", options->method,
                   "package.Service/Method; Dubbo: package.Interface/method, with a group, a version and an "
                   "overload's parameters group/package.Interface:version/method(int, String)")
      ->required();
  command->add_option("-d,--data", options->data,
                      "The request as JSON; @file reads a file, - standard input");
  command->add_option("-p,--protocol", options->protocol, "grpc, thrift, dubbo (Dubbo2) or triple")
      ->check(CLI::IsMember({"grpc", "thrift", "dubbo", "triple"}))
      ->capture_default_str();
  command
      ->add_option("--transport", options->transport,
                   "Thrift: framed, unframed (buffered) or header (THeader)")
      ->check(CLI::IsMember({"framed", "unframed", "header"}))
      ->capture_default_str();
  command->add_option("--encoding", options->encoding, "Thrift: binary, compact or json")
      ->check(CLI::IsMember({"binary", "compact", "json"}))
      ->capture_default_str();
  command->add_flag("--zlib", options->zlib,
                    "Thrift: a zlib stream around the connection; with header, its zlib transform");
  command->add_option("--multiplexed", options->multiplexed,
                      "Thrift: the service's name in a TMultiplexedProcessor");
  command->add_option(
      "-s,--schema", options->schema,
      ".thrift, .proto, .binpb, .java or .dubbo.json files; dubbo and triple: where there are "
      "any, else a generic call is made");
  command->add_option("-I,--import", options->import_paths, "Where includes and imports are looked for");
  command->add_option("-H,--metadata", options->metadata,
                      "name: value, any number of times (not Thrift without --transport header)");
  command->add_option("-t,--timeout", options->timeout, "How long to wait: 500ms, 15s")
      ->capture_default_str();
  command->add_flag("-v,--verbose", options->verbose, "Metadata, trailers and times as well");
  command->add_flag("--json", options->json, "Everything about the answer as one JSON object");
  command->footer(
      "The schema may be in any language: it is derived for the protocol that is spoken. A provider of "
      "Dubbo's\n"
      "is called without one as well ($invoke): METHOD has the parameters' types where the name is not the "
      "only\n"
      "one, and the request is an array of arguments.\n"
      "An error's declared exception, or its other details, are shown with their type, as JSON.\n"
      "Exit code 0: answered with a value. 3: answered with an error. 1: not answered. 2: wrong command "
      "line.\n"
      "  koine call 127.0.0.1:7000 shop.OrderService/GetOrder -s shop.thrift -d '{\"id\": \"7\"}'\n"
      "  koine call 127.0.0.1:20880 'shop.OrderService/find(long)' -p dubbo -d '[7]'");
  command->callback([options, &exit_code] { exit_code = call(*options); });
}

void add_decode(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<DecodeOptions>();
  CLI::App* command = app.add_subcommand("decode", "Captured bytes on standard input as JSON.");
  command
      ->add_option(
          "-p,--protocol", options->protocol,
          "thrift (every transport and encoding), grpc (length-prefixed messages) or dubbo (frames of "
          "Dubbo2)")
      ->required()
      ->check(CLI::IsMember({"grpc", "thrift", "dubbo"}));
  command->add_option("-s,--schema", options->schema,
                      ".thrift, .proto, .binpb, .java or .dubbo.json files; dubbo: where there are any");
  command->add_option("-I,--import", options->import_paths, "Where includes and imports are looked for");
  command->add_option("-m,--method", options->method,
                      "gRPC, and answers of Dubbo without their requests: package.Service/Method, which the "
                      "bytes do not say");
  command->add_flag("--reply", options->reply, "gRPC: the bytes are the answer's");
  command->callback([options, &exit_code] { exit_code = decode(*options); });
}

// The options of a command by their names, "--config".
std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;  // hidden
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// An option that the command does not have, "--confg", with the one that was meant: CLI11 says of it at best
// that it was not expected, and nothing at all when it misses something else. Empty when there is none.
std::string unknown_option(const CLI::App& app) {
  const CLI::App* command = &app;
  std::string name = app.get_name();
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    name.append(" ").append(command->get_name());
  }
  for (const std::string& word : command->remaining()) {
    if (!word.starts_with('-') || word.size() < 2) continue;
    const std::string given = word.substr(0, word.find('='));
    const std::vector<std::string> names = option_names(*command);
    return "'" + given + "' is no option of " + name +
           ", which has: " + idl::list_names(names, names.size()) + idl::did_you_mean(given, names);
  }
  return "";
}

// CLI11 says of a command that does not exist only that one is required. Empty when the first words are
// commands or options.
std::string unknown_command(const CLI::App& app, int argc, char** argv) {
  const CLI::App* at = &app;
  for (int i = 1; i < argc && at->get_require_subcommand_min() > 0; ++i) {
    const std::string word = argv[i];
    if (word.empty() || word.starts_with('-')) return "";
    const CLI::App* next = nullptr;
    std::vector<std::string> known;
    for (const CLI::App* command : at->get_subcommands([](const CLI::App*) { return true; })) {
      known.push_back(command->get_name());
      if (command->get_name() == word) next = command;
    }
    if (next == nullptr) {
      return "'" + word + "' is no command; there are: " + idl::list_names(known) +
             idl::did_you_mean(word, known);
    }
    at = next;
  }
  return "";
}

}  // namespace

int run(int argc, char** argv) {
  CLI::App app("Koine: one gateway between Thrift, gRPC and Dubbo services, typed and never silently lossy.",
               "koine");
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  app.footer("koine COMMAND --help says more. Documentation: docs/ of the source tree.");
  int exit_code = exit_ok;
  add_serve(app, exit_code);
  add_check(app, exit_code);
  add_idl(app, exit_code);
  add_call(app, exit_code);
  add_decode(app, exit_code);
  auto json = std::make_shared<bool>(false);
  CLI::App* version_command = app.add_subcommand("version", "Version, build and library versions.");
  version_command->add_flag("--json", *json, "As JSON");
  version_command->callback([json, &exit_code] { exit_code = version(*json); });
  if (const std::string wrong = unknown_command(app, argc, argv); !wrong.empty()) {
    std::fprintf(stderr, "%s\nRun with --help for more information.\n", wrong.c_str());
    return exit_usage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    if (const std::string wrong = unknown_option(app); problem.get_exit_code() != 0 && !wrong.empty()) {
      std::fprintf(stderr, "%s\nRun with --help for more information.\n", wrong.c_str());
      return exit_usage;
    }
    const int code = app.exit(problem);
    return code == 0 ? exit_ok : exit_usage;
  }
  return exit_code;
}

}  // namespace koine::cli
