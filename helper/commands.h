// The subcommands of compiler-cache-helper, but for serve. What they found goes to standard output, what went
// wrong to standard error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "helper/counters.h"

namespace compiler_cache {

/// Exit codes of the program.
enum ExitCode : int {
  kExitOk = 0,
  kExitFailure = 1,
  kExitUsage = 2,
};

struct CommandOptions {
  std::string build_root;          ///< absolute, from find_tree()
  bool json = false;               ///< stats, status: one JSON object instead of text
  bool on_miss = false;            ///< summary: nothing when there was no miss
  bool shared = false;             ///< clear: the shared store too
  std::string output;              ///< report: the HTML file; empty: the default
  std::string trace;               ///< report: the file for trace events; empty: none
  std::uint64_t build = 0;         ///< explain, report: its number; 0: the newest
  std::vector<std::string> files;  ///< explain: as typed, relative to the working folder
};

/// The absolute path without symlinks of a build folder that the user named. `invalid` when it has no
/// .compiler-cache.
Result<std::string> find_tree(const std::string& given);

/// Each returns an ExitCode.
int run_stats(const CommandOptions& options);
/// For builds, which run it last: a line about the build that it is part of.
int run_summary(const CommandOptions& options);
int run_explain(const CommandOptions& options);
int run_status(const CommandOptions& options);
int run_report(const CommandOptions& options);
int run_clear(const CommandOptions& options);
int run_stop(const CommandOptions& options);
/// kExitFailure when something is wrong.
int run_doctor(const CommandOptions& options);
/// For those who work on the helper: what it has recorded about each compile, as JSON.
int run_dump(const CommandOptions& options);

/// The counters of the tree whose .compiler-cache is `folder`: from its helper, else from the disk.
Result<BuildCounters> find_counters(const std::string& folder);

/// file:// and the absolute `path`, with what a URL cannot hold as %XX.
std::string file_url(std::string_view path);

/// Prints a sentence on standard error, after the program's name.
void print_error(const std::string& sentence);

}  // namespace compiler_cache
