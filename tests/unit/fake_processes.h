// Processes that a test answers for.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "helper/process_runner.h"

namespace compiler_cache {

class FakeProcesses final : public ProcessRunner {
 public:
  struct Call {
    std::vector<std::string> argv;
    std::vector<std::string> environment;
    std::string cwd;

    bool has(const std::string& argument) const {
      for (const std::string& word : argv) {
        if (word == argument) return true;
      }
      return false;
    }
    bool has_variable(const std::string& entry) const {
      for (const std::string& variable : environment) {
        if (variable == entry) return true;
      }
      return false;
    }
  };
  using Answer = std::function<Result<ProcessOutput>(const Call&)>;

  /// Without an answer there is no such program.
  explicit FakeProcesses(Answer answer = nullptr) : answer_(std::move(answer)) {}
  void set_answer(Answer answer) { answer_ = std::move(answer); }

  Result<ProcessOutput> run(const std::vector<std::string>& argv, const std::vector<std::string>& environment,
                            const std::string& cwd, int) override {
    calls_.push_back({argv, environment, cwd});
    if (!answer_) return Error{ErrorKind::not_found, argv[0]};
    return answer_(calls_.back());
  }

  const std::vector<Call>& calls() const { return calls_; }
  std::vector<Call> take_calls() { return std::exchange(calls_, {}); }

 private:
  Answer answer_;
  std::vector<Call> calls_;
};

}  // namespace compiler_cache
