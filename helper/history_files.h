// The history of a tree's builds on disk: `.compiler-cache/history`, see history_codec.h. For the helper that
// writes it, and for those who read it while none runs.
//
// A file appears by rename, whole. What is damaged or of another version is passed over with a note, and
// collected by its number like the others.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "helper/file_system.h"
#include "helper/step_record.h"

namespace compiler_cache {

inline constexpr char kHistoryFolder[] = "history";
inline constexpr std::size_t kKeptBuilds = 100;
/// Builds whose steps are kept as well, as long as these take no more bytes than that; the newest always is.
inline constexpr std::size_t kKeptSteps = 10;
inline constexpr std::uint64_t kMaxStepsBytes = 64U << 20;

struct History {
  std::vector<BuildSummary> builds;  ///< newest first
  std::vector<std::string> notes;    ///< what could not be read
};

/// `folder` is the .compiler-cache. Nothing there yet is an empty history. Changes nothing.
History read_history(FileSystem& files, const std::string& folder);
/// `not_found` for a build of which only the totals are kept.
Result<BuildSteps> read_steps(FileSystem& files, const std::string& folder, std::uint64_t number);

/// Any thread; one call at a time does something.
class HistoryFiles {
 public:
  /// `folder` resolves from the .compiler-cache.
  explicit HistoryFiles(FileSystem& folder) : folder_(folder) {}

  /// Writes what is new of a build: its steps, and in the summary what these add to the counters. What is on
  /// disk already of the same build, by this helper or by the one before it, stays. The summary's number is
  /// found here.
  Status write(BuildSummary summary, const BuildSteps& more);

  /// One file of the folder, by rename.
  Status replace(const std::string& name, const std::string& bytes);

 private:
  using BuildKey = std::pair<std::uint64_t, std::uint64_t>;  ///< id, start time of its process

  std::uint64_t number_of(const BuildSummary& summary);
  Status put(const std::string& name, const std::string& bytes);
  void collect();

  FileSystem& folder_;
  std::mutex mutex_;
  std::map<BuildKey, std::uint64_t> numbers_;  ///< guarded by mutex_; of builds that this process wrote
};

}  // namespace compiler_cache
