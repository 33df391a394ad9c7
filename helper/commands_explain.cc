#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>

#include "helper/clock.h"
#include "helper/commands.h"
#include "helper/config.h"
#include "helper/explain_json.h"
#include "helper/explain_view.h"
#include "helper/path_text.h"
#include "helper/real_file_system.h"
#include "helper/recorded_history.h"
#include "helper/recorded_tree.h"

namespace compiler_cache {
namespace {

constexpr char kNothingRecorded[] =
    "No build is recorded yet. Build once with the cache on; then ask again.\n";

std::string absolute_of(const std::string& given) {
  std::error_code error;
  const std::filesystem::path here = std::filesystem::current_path(error);
  return (here / given).lexically_normal().string();
}

std::uint64_t now_us() { return static_cast<std::uint64_t>(system_clock().file_now_ns() / 1000); }

/// One call of the subcommand.
class Explainer {
 public:
  explicit Explainer(const CommandOptions& options)
      : options_(options),
        folder_(options.build_root + "/" + kTreeFolderName),
        files_(make_real_file_system()),
        style_(style_of_output()) {
    const Result<Config> config = load_config(*files_, options.build_root);
    roots_ = {config ? config->source_root : std::string(), options.build_root};
  }

  int run() {
    history_ = recorded_history(*files_, folder_);
    for (const std::string& note : history_.notes) print_error(note);
    if (history_.builds.empty()) {
      std::fputs(options_.json ? explain_json(nullptr, {}, {}, roots_).c_str() : kNothingRecorded, stdout);
      return kExitOk;
    }
    const BuildSummary* summary = find_build();
    if (summary == nullptr) return kExitFailure;
    const Result<BuildSteps> steps = read_steps(*files_, folder_, summary->number);
    if (!steps) {
      print_error(steps.error().kind == ErrorKind::not_found
                      ? "of build " + std::to_string(summary->number) + " only the totals are kept"
                      : steps.error().message);
      return kExitFailure;
    }
    if (!options_.files.empty()) return explain_files(*summary, *steps);
    std::vector<const StepRecord*> all;
    for (const StepRecord& step : steps->steps) all.push_back(&step);
    const std::string text = options_.json ? explain_json(summary, *steps, all, roots_)
                                           : explain_text(*summary, *steps, roots_, now_us(), style_);
    std::fputs(text.c_str(), stdout);
    return kExitOk;
  }

 private:
  const BuildSummary* find_build() const {
    if (options_.build == 0) return &history_.builds.front();
    for (const BuildSummary& summary : history_.builds) {
      if (summary.number == options_.build) return &summary;
    }
    print_error("build " + std::to_string(options_.build) + " is not recorded; the newest is build " +
                std::to_string(history_.builds.front().number) + ", the oldest build " +
                std::to_string(history_.builds.back().number));
    return nullptr;
  }

  int explain_files(const BuildSummary& summary, const BuildSteps& steps) {
    int result = kExitOk;
    std::vector<const StepRecord*> found;
    for (const std::string& file : options_.files) {
      const std::vector<const StepRecord*> of_file = steps_of(steps, absolute_of(file));
      found.insert(found.end(), of_file.begin(), of_file.end());
      if (!options_.json) {
        for (const StepRecord* step : of_file) print_step(steps, *step);
      }
      if (of_file.empty() && !explain_earlier(file, summary)) {
        say_unknown(file, steps);
        result = kExitFailure;
      }
    }
    if (options_.json) std::fputs(explain_json(&summary, steps, found, roots_).c_str(), stdout);
    return result;
  }

  void print_step(const BuildSteps& steps, const StepRecord& step) {
    const auto find_chain = [&](const StepRecord& of, const std::string& file) {
      return chain_of(steps, of, file);
    };
    std::fputs(explain_step(steps, step, roots_, find_chain, style_).c_str(), stdout);
  }

  /// What was up to date in this build may have been made in an earlier one.
  bool explain_earlier(const std::string& file, const BuildSummary& summary) {
    if (options_.build != 0 || options_.json) return false;
    for (const BuildSummary& earlier : history_.builds) {
      if (earlier.number >= summary.number) continue;
      const Result<BuildSteps> steps = read_steps(*files_, folder_, earlier.number);
      if (!steps) continue;
      const std::vector<const StepRecord*> found = steps_of(*steps, absolute_of(file));
      if (found.empty()) continue;
      std::printf("%s was up to date in build %llu. Before, in build %llu:\n", file.c_str(),
                  static_cast<unsigned long long>(summary.number),
                  static_cast<unsigned long long>(earlier.number));
      for (const StepRecord* step : found) print_step(*steps, *step);
      return true;
    }
    return false;
  }

  void say_unknown(const std::string& file, const BuildSteps& steps) {
    std::string sentence = file + ": no step of a recorded build has this source or output";
    const std::vector<std::string> like = names_like(steps, file, roots_);
    for (std::size_t i = 0; i < like.size(); ++i) sentence += (i == 0 ? "; did you mean " : ", ") + like[i];
    print_error(like.empty() ? sentence : sentence + "?");
  }

  IncludeChain chain_of(const BuildSteps& steps, const StepRecord& step, const std::string& file) {
    if (step.source == kNoId || step.context == 0) return {};
    if (!tree_) tree_ = read_recorded_tree(*files_, system_clock(), folder_);
    if (!tree_->ok()) return {};
    for (const RecordedTree::Context& context : (*tree_)->contexts) {
      std::uint64_t start = 0;
      std::memcpy(&start, context.digest.bytes.data(), sizeof start);
      if (start != step.context || context.variants.empty()) continue;
      std::vector<std::string> inputs;
      for (const VariantInput& input : context.variants.front().inputs) inputs.push_back(input.path);
      return find_include_chain(*files_, steps.text(step.source), file, inputs);
    }
    return {};
  }

  const CommandOptions& options_;
  const std::string folder_;
  const std::unique_ptr<FileSystem> files_;
  const Style style_;
  ShownRoots roots_;
  History history_;
  std::optional<Result<RecordedTree>> tree_;
};

}  // namespace

int run_explain(const CommandOptions& options) { return Explainer(options).run(); }

}  // namespace compiler_cache
