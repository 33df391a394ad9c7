#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>

#include "helper/clock.h"
#include "helper/commands.h"
#include "helper/config.h"
#include "helper/real_file_system.h"
#include "helper/recorded_history.h"
#include "helper/report_data.h"
#include "helper/report_json.h"
#include "helper/report_page.h"
#include "helper/trace_json.h"
#include "helper/unique_tag.h"

namespace compiler_cache {
namespace {

constexpr std::size_t kMaxHeaders = 1000;
constexpr std::uint32_t kReportMode = 0644;
constexpr char kReportName[] = "report.html";

class Report {
 public:
  explicit Report(const CommandOptions& options)
      : options_(options), folder_(options.build_root + "/" + kTreeFolderName) {}

  /// The builds and the one that is asked for; an error when that one is not known.
  Status read() {
    History history = recorded_history(*files_, folder_);
    data_.builds = std::move(history.builds);
    for (std::string& sentence : history.notes) note(std::move(sentence));
    data_.build_root = options_.build_root;
    data_.made = static_cast<std::uint64_t>(system_clock().wall_seconds());
    return choose_build();
  }

  Status write_trace() const {
    if (!data_.shown) return Error{ErrorKind::not_found, "there is no build yet to trace"};
    return write(options_.trace, trace_json(*data_.shown, data_.steps));
  }

  Status write_page(const std::string& path) {
    if (Result<BuildCounters> counters = find_counters(folder_)) {
      data_.total = counters->total();
    } else {
      note("the totals: " + counters.error().message);
    }
    Result<Config> config = load_config(*files_, options_.build_root);
    if (!config) note(config.error().message);
    data_.source_root = config ? config->source_root : std::string();
    add_headers();
    add_store("tree", folder_, config ? config->max_size : 0);
    if (config && !config->shared_dir.empty()) add_store("shared", config->shared_dir, config->max_size);
    return write(path, report_page(kReportAssets, unique_tag(), report_json(data_)));
  }

 private:
  void note(std::string sentence) { data_.notes.push_back(std::move(sentence)); }

  Status choose_build() {
    const std::uint64_t wanted = options_.build;
    if (data_.builds.empty() && wanted == 0) return {};
    const auto found = std::ranges::find_if(
        data_.builds, [&](const BuildSummary& build) { return wanted == 0 || build.number == wanted; });
    if (found == data_.builds.end()) {
      return Error{ErrorKind::not_found, "there is no build " + std::to_string(wanted) + " in the history"};
    }
    data_.shown = *found;
    Result<BuildSteps> steps = read_steps(*files_, folder_, found->number);
    if (steps) {
      data_.steps = std::move(*steps);
    } else if (wanted != 0) {
      return Error{ErrorKind::not_found, "the steps of build " + std::to_string(wanted) + " are not kept"};
    } else {
      note("the steps of the last build: " + steps.error().message);
    }
    return {};
  }

  void add_headers() {
    CurrentContexts current;
    for (const BuildSummary& build : data_.builds) {
      if (const Result<BuildSteps> steps = read_steps(*files_, folder_, build.number)) current.add(*steps);
    }
    // A helper that publishes renames the folder that is being read.
    Result<RecordedInputs> inputs = read_recorded_inputs(*files_, system_clock(), folder_);
    for (int again = 0; !inputs && again < 2; ++again) {
      inputs = read_recorded_inputs(*files_, system_clock(), folder_);
    }
    if (inputs) {
      data_.headers = header_costs(*inputs, current, kMaxHeaders);
    } else {
      note("what headers cost: " + inputs.error().message);
    }
  }

  void add_store(const char* name, const std::string& root, std::uint64_t limit) {
    FolderTier tier(*files_, system_clock(), {.root = root, .read_only = true});
    Result<std::vector<AgeGroup>> ages = tier.usage_by_age();
    if (!ages && ages.error().kind != ErrorKind::not_found) {
      note("the store in " + root + ": " + ages.error().message);
    }
    data_.stores.push_back({name, root, limit, ages ? std::move(*ages) : std::vector<AgeGroup>{}});
  }

  /// By rename: a page that is open in a browser is never half of one.
  Status write(const std::string& path, const std::string& text) const {
    const std::string temporary = path + ".tmp-" + unique_tag();
    if (Status written = files_->write_new(temporary, text, kReportMode); !written) return written;
    Status renamed = files_->rename(temporary, path);
    if (!renamed) static_cast<void>(files_->remove(temporary));
    return renamed;
  }

  const CommandOptions& options_;
  const std::string folder_;
  const std::unique_ptr<FileSystem> files_ = make_real_file_system();
  ReportData data_;
};

std::string absolute_path(const std::string& path) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  return error ? path : absolute.lexically_normal().string();
}

int fail(const Status& status) {
  print_error(status.error().message);
  return kExitFailure;
}

}  // namespace

std::string file_url(std::string_view path) {
  constexpr std::string_view kPlain = "/-._~";
  std::string url = "file://";
  for (const char byte : path) {
    const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    if (letter || (byte >= '0' && byte <= '9') || kPlain.find(byte) != std::string_view::npos) {
      url += byte;
      continue;
    }
    char code[4];
    std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(byte)));
    url += code;
  }
  return url;
}

int run_report(const CommandOptions& options) {
  Report report(options);
  if (Status read = report.read(); !read) return fail(read);
  if (!options.trace.empty()) {
    if (Status written = report.write_trace(); !written) return fail(written);
    std::printf("%s\nopen it in https://ui.perfetto.dev or chrome://tracing\n",
                absolute_path(options.trace).c_str());
    if (options.output.empty()) return kExitOk;
  }
  const std::string fallback = options.build_root + "/" + kTreeFolderName + "/" + kReportName;
  const std::string path = absolute_path(options.output.empty() ? fallback : options.output);
  if (Status written = report.write_page(path); !written) return fail(written);
  std::printf("%s\n", file_url(path).c_str());
  return kExitOk;
}

}  // namespace compiler_cache
