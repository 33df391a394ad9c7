// The program: a build tree's helper, and with subcommands the tool that asks about it.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>
#include <string>

#include "helper/commands.h"
#include "helper/remote_schemes.h"
#include "helper/serve.h"
#include "helper/serve_options.h"

namespace compiler_cache {
namespace {

struct Arguments {
  std::string tree;
  CommandOptions command;
  ServeOptions serve;
};

using Run = int (*)(const Arguments& arguments);

struct Subcommand {
  const char* name;
  const char* description;
  bool has_json;
  Run run;
};

constexpr Subcommand kSubcommands[] = {
    {"serve", "Be the helper of a build tree; launchers start it by themselves", false,
     [](const Arguments& arguments) { return serve(arguments.serve); }},
    {"stats", "What the cache did in the last build and in all", true,
     [](const Arguments& arguments) { return run_stats(arguments.command); }},
    {"explain", "Why things were compiled in the last build, or what became of single files", true,
     [](const Arguments& arguments) { return run_explain(arguments.command); }},
    {"summary", "One line about the build that runs it, for the end of its output", false,
     [](const Arguments& arguments) { return run_summary(arguments.command); }},
    {"status", "Whether a helper runs, what it has loaded, what the stores hold", true,
     [](const Arguments& arguments) { return run_status(arguments.command); }},
    {"doctor", "What keeps builds from being cached, and what to do about it", true,
     [](const Arguments& arguments) { return run_doctor(arguments.command); }},
    {"report", "Write one HTML file that shows the builds, or the trace of one", false,
     [](const Arguments& arguments) { return run_report(arguments.command); }},
    {"clear", "Empty the tree's cache", false,
     [](const Arguments& arguments) { return run_clear(arguments.command); }},
    {"stop", "End the helper; the next build starts another one", false,
     [](const Arguments& arguments) { return run_stop(arguments.command); }},
    {"dump", "What is recorded about each compile", true,
     [](const Arguments& arguments) { return run_dump(arguments.command); }},
};

void declare(CLI::App& program, const Subcommand& subcommand, Arguments& arguments) {
  CLI::App* const app = program.add_subcommand(subcommand.name, subcommand.description);
  app->add_option("--tree", arguments.tree, "The build folder")->required();
  if (subcommand.has_json) app->add_flag("--json", arguments.command.json, "Print one JSON object");
  const std::string name = subcommand.name;
  if (name == "dump") app->group("");  // for those who work on the helper; its output may change
  if (name == "explain") {
    app->add_option("--build", arguments.command.build,
                    "Number of a recorded build; the newest if not given");
    app->add_option("FILE", arguments.command.files, "Sources or objects");
  }
  if (name == "summary")
    app->add_flag("--on-miss", arguments.command.on_miss, "Nothing when all came from the cache");
  if (name == "clear") app->add_flag("--shared", arguments.command.shared, "The shared store too");
  if (name == "report") {
    app->add_option("--output", arguments.command.output, "The HTML file (default: in the build folder)");
    app->add_option("--trace", arguments.command.trace,
                    "Write trace events for Perfetto to this file instead; with --output both");
    app->add_option("--build", arguments.command.build, "Number of the build that is shown in detail");
  }
  if (name == "serve") {
    app->add_option("--owner-pid", arguments.serve.owner_pid, "End when this process ends")
        ->check(CLI::Range(1, std::numeric_limits<std::int32_t>::max()));
    app->add_flag("--foreground", arguments.serve.foreground, "Log to standard error");
  }
}

int dispatch(const CLI::App& program, Arguments& arguments) {
  Result<std::string> tree = find_tree(arguments.tree);
  if (!tree) {
    print_error(tree.error().message);
    return kExitFailure;
  }
  arguments.command.build_root = *tree;
  arguments.serve.build_root = *tree;
  for (const Subcommand& subcommand : kSubcommands) {
    if (program.got_subcommand(subcommand.name)) return subcommand.run(arguments);
  }
  return kExitUsage;
}

int run(int argc, char** argv) {
  CLI::App program("CompilerCache: the cache of one build tree", "compiler-cache-helper");
  program.set_version_flag("--version", "compiler-cache-helper " COMPILER_CACHE_VERSION);
  program.add_flag_callback(
      "--remote-schemes", [] { throw CLI::CallForVersion(remote_schemes(), kExitOk); },
      "Print the kinds of URLs that results can be shared through, and end");
  program.require_subcommand(1);
  Arguments arguments;
  for (const Subcommand& subcommand : kSubcommands) declare(program, subcommand, arguments);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and version come as errors with code 0.
    return program.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  return dispatch(program, arguments);
}

}  // namespace
}  // namespace compiler_cache

// What nobody catches is to reach std::terminate: a helper leaves its last words there.
int main(int argc, char** argv) {  // NOLINT(bugprone-exception-escape)
  return compiler_cache::run(argc, argv);
}
