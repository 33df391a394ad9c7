// What the texts that a compile read, the macros of its command and those of its compiler say about whether
// its result can know its folder. On a worker, one question after the other: each text is read once.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "depscan/folder_reach.h"
#include "helper/bound_reason.h"
#include "helper/digest.h"
#include "helper/executor.h"
#include "helper/file_system.h"
#include "helper/process_runner.h"
#include "helper/work_queue.h"

namespace compiler_cache {

/// Beyond this many names, about 30 MB, texts are read anew.
inline constexpr std::size_t kMaxFolderNames = 2'000'000;

struct FolderFile {
  std::string path;
  Digest content;
  bool own = true;  ///< below the roots
};

struct FolderQuestion {
  std::vector<FolderFile> files;
  /// Else only absolute names count: the compiler maps all that macros lead to.
  bool follow_macros = true;
  bool mapped = false;                 ///< what macros lead to is mapped but for some
  std::vector<std::string> defined;    ///< behind -D
  std::vector<std::string> undefined;  ///< behind -U
  // How the compiler is asked for its own macros.
  Digest identity;
  std::vector<std::string> compiler;  ///< program and options
  std::string language;               ///< as for -x
  std::vector<std::string> environment;
  std::string cwd;
};

struct FolderVerdict {
  std::optional<BoundReason> reason;  ///< none: nothing speaks against it
  std::string detail;
};

class FolderKnowledge {
 public:
  FolderKnowledge(FileSystem& world, Executor& executor, ProcessRunner& processes)
      : world_(world), processes_(processes), queue_(executor, 1) {}

  /// Loop thread; calls there, later.
  void ask(FolderQuestion question, std::function<void(const FolderVerdict&)> then);

  /// What ask() does. Any thread.
  FolderVerdict judge(const FolderQuestion& question);

 private:
  using Facts = std::shared_ptr<const FolderFacts>;
  using Names = std::shared_ptr<const std::vector<NameHash>>;

  Facts facts_of(const FolderFile& file);
  Names predefined(const FolderQuestion& question);

  FileSystem& world_;
  ProcessRunner& processes_;
  WorkQueue queue_;
  std::mutex mutex_;
  // Guarded by mutex_.
  std::unordered_map<Digest, Facts> facts_;
  std::unordered_map<Digest, Names> predefined_;
  std::size_t names_ = 0;  // in facts_
};

}  // namespace compiler_cache
