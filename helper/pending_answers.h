// Those who asked a question while it is being answered: whoever is first finds the answer, for all of them.
#pragma once

#include <unordered_map>
#include <utility>
#include <vector>

#include "helper/digest.h"

namespace compiler_cache {

template <class Answer>
class PendingAnswers {
 public:
  /// True when somebody is finding the answer already, and will call `answer` too.
  bool join(const Digest& question, Answer& answer) {
    const auto found = answers_.find(question);
    if (found == answers_.end()) return false;
    found->second.push_back(std::move(answer));
    return true;
  }
  /// The caller finds the answer, and then calls all that take() gives.
  void begin(const Digest& question, Answer answer) { answers_[question].push_back(std::move(answer)); }
  std::vector<Answer> take(const Digest& question) {
    auto taken = answers_.extract(question);
    return taken.empty() ? std::vector<Answer>() : std::move(taken.mapped());
  }

 private:
  std::unordered_map<Digest, std::vector<Answer>> answers_;
};

}  // namespace compiler_cache
