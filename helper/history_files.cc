#include "helper/history_files.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <optional>

#include "helper/history_codec.h"

namespace compiler_cache {
namespace {

constexpr std::size_t kDigits = 10;
constexpr std::string_view kBuildSuffix = ".build";
constexpr std::string_view kStepsSuffix = ".steps";
constexpr char kHistoryTemporary[] = ".tmp";
constexpr std::uint32_t kHistoryFolderMode = 0700;
constexpr std::uint32_t kHistoryFileMode = 0600;
/// Of a file: zstd may make incompressible bytes a little longer.
constexpr std::uint64_t kMaxHistoryFile = kStepsKind.max_size + (kStepsKind.max_size >> 7) + kSealHeaderSize;

std::string name_of_build(std::uint64_t number, std::string_view suffix) {
  char text[32];
  std::snprintf(text, sizeof text, "%010llu", static_cast<unsigned long long>(number));
  return text + std::string(suffix);
}

std::optional<std::uint64_t> number_in(std::string_view name, std::string_view suffix) {
  if (name.size() != kDigits + suffix.size() || !name.ends_with(suffix)) return std::nullopt;
  std::uint64_t number = 0;
  for (const char digit : name.substr(0, kDigits)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return number;
}

/// Newest first.
std::vector<std::uint64_t> numbers_in(FileSystem& files, const std::string& folder, std::string_view suffix) {
  std::vector<std::uint64_t> numbers;
  const Result<std::vector<FolderEntry>> entries = files.list(folder);
  if (!entries) return numbers;
  for (const FolderEntry& entry : *entries) {
    if (const std::optional<std::uint64_t> number = number_in(entry.name, suffix)) numbers.push_back(*number);
  }
  std::ranges::sort(numbers, std::greater{});
  return numbers;
}

Result<std::string> read_sealed(FileSystem& files, const std::string& path, const SealKind& kind,
                                std::string_view label) {
  Result<std::string> file = files.read(path, kMaxHistoryFile);
  if (!file) return file;
  Unsealed unsealed = unseal(kind, label, *file);
  if (unsealed.state == SealState::good) return std::move(unsealed.payload);
  if (unsealed.state == SealState::damaged)
    return Error{ErrorKind::corrupt, std::string(label) + " is damaged"};
  return Error{ErrorKind::unsupported, std::string(label) + " is of another version"};
}

Result<BuildSummary> read_summary(FileSystem& files, const std::string& history, std::uint64_t number) {
  const std::string name = name_of_build(number, kBuildSuffix);
  const Result<std::string> bytes = read_sealed(files, history + "/" + name, kSummaryKind, name);
  if (!bytes) return bytes.error();
  Result<BuildSummary> summary = decode_summary(*bytes);
  if (summary && summary->number != number) return Error{ErrorKind::corrupt, name + " is another build's"};
  return summary;
}

Result<BuildSteps> read_steps_in(FileSystem& files, const std::string& history, std::uint64_t number) {
  const std::string name = name_of_build(number, kStepsSuffix);
  const Result<std::string> bytes = read_sealed(files, history + "/" + name, kStepsKind, name);
  if (!bytes) return bytes.error();
  return decode_steps(*bytes);
}

/// What both say of one build. Each has counted its own steps.
void merge(BuildSummary& summary, const BuildSummary& older) {
  if (summary.tool.empty()) summary.tool = older.tool;
  if (summary.asked.empty()) summary.asked = older.asked;
  summary.started_us = std::min(summary.started_us, older.started_us);
  summary.ended_us = std::max(summary.ended_us, older.ended_us);
  summary.ended = summary.ended || older.ended;
  summary.left_out += older.left_out;
  Counters counters = older.counters;
  counters.merge(summary.counters);
  summary.counters = std::move(counters);
}

}  // namespace

History read_history(FileSystem& files, const std::string& folder) {
  History history;
  const std::string path = folder + "/" + kHistoryFolder;
  for (const std::uint64_t number : numbers_in(files, path, kBuildSuffix)) {
    Result<BuildSummary> summary = read_summary(files, path, number);
    if (summary) {
      history.builds.push_back(std::move(*summary));
    } else if (summary.error().kind != ErrorKind::not_found) {
      history.notes.push_back("history: " + summary.error().message);
    }
  }
  return history;
}

Result<BuildSteps> read_steps(FileSystem& files, const std::string& folder, std::uint64_t number) {
  return read_steps_in(files, folder + "/" + kHistoryFolder, number);
}

/// A helper that takes another's place in the middle of a build goes on with that one's record.
std::uint64_t HistoryFiles::number_of(const BuildSummary& summary) {
  const BuildKey key{summary.id, summary.process.start_time};
  if (const auto known = numbers_.find(key); summary.id != 0 && known != numbers_.end()) return known->second;
  std::vector<std::uint64_t> numbers = numbers_in(folder_, kHistoryFolder, kBuildSuffix);
  std::uint64_t number = numbers.empty() ? 1 : numbers.front() + 1;
  if (!numbers.empty() && summary.process.pid != 0) {
    const Result<BuildSummary> newest = read_summary(folder_, kHistoryFolder, numbers.front());
    if (newest && !newest->ended && newest->id == summary.id && newest->process == summary.process)
      number = newest->number;
  }
  numbers_[key] = number;
  return number;
}

Status HistoryFiles::put(const std::string& name, const std::string& bytes) {
  const std::string temporary = std::string(kHistoryFolder) + "/" + kHistoryTemporary;
  folder_.remove(temporary).ok();  // of a helper that crashed
  if (Status written = folder_.write_new(temporary, bytes, kHistoryFileMode); !written) return written;
  return folder_.rename(temporary, std::string(kHistoryFolder) + "/" + name);
}

Status HistoryFiles::replace(const std::string& name, const std::string& bytes) {
  const std::lock_guard<std::mutex> guard(mutex_);
  folder_.make_folder(kHistoryFolder, kHistoryFolderMode).ok();  // most often it is there
  return put(name, bytes);
}

Status HistoryFiles::write(BuildSummary summary, const BuildSteps& more) {
  const std::lock_guard<std::mutex> guard(mutex_);
  folder_.make_folder(kHistoryFolder, kHistoryFolderMode).ok();  // most often it is there
  summary.number = number_of(summary);
  BuildSteps steps;
  if (const Result<BuildSummary> older = read_summary(folder_, kHistoryFolder, summary.number)) {
    if (Result<BuildSteps> read = read_steps_in(folder_, kHistoryFolder, summary.number))
      steps = std::move(*read);
    const std::uint64_t began_us = summary.started_us;
    merge(summary, *older);
    summary.left_out += append_steps(steps, more, began_us - summary.started_us);
  } else {
    summary.left_out += append_steps(steps, more, 0);
  }
  summary.steps = steps.steps.size();
  const std::string steps_name = name_of_build(summary.number, kStepsSuffix);
  const Result<std::string> sealed_steps = seal(kStepsKind, steps_name, encode_steps(steps));
  if (!sealed_steps) return sealed_steps.status();
  if (Status put_steps = put(steps_name, *sealed_steps); !put_steps) return put_steps;
  const std::string name = name_of_build(summary.number, kBuildSuffix);
  const Result<std::string> sealed = seal(kSummaryKind, name, encode_summary(summary));
  if (!sealed) return sealed.status();
  if (Status put_summary = put(name, *sealed); !put_summary) return put_summary;
  collect();
  return {};
}

void HistoryFiles::collect() {
  const std::string folder = kHistoryFolder;
  const std::vector<std::uint64_t> builds = numbers_in(folder_, folder, kBuildSuffix);
  for (std::size_t i = kKeptBuilds; i < builds.size(); ++i)
    folder_.remove(folder + "/" + name_of_build(builds[i], kBuildSuffix)).ok();
  std::uint64_t bytes = 0;
  const std::vector<std::uint64_t> steps = numbers_in(folder_, folder, kStepsSuffix);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::string path = folder + "/" + name_of_build(steps[i], kStepsSuffix);
    if (const Result<FileStat> stat = folder_.lstat(path)) bytes += stat->size;
    if (i > 0 && (i >= kKeptSteps || bytes > kMaxStepsBytes)) folder_.remove(path).ok();
  }
}

}  // namespace compiler_cache
