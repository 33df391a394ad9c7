// The seam to the other processes of this machine.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "protocol/root_view.h"

namespace compiler_cache {

struct ProcessInfo {
  pid_t pid = 0;
  pid_t parent = 0;              ///< 0: none in this pid namespace
  std::uint64_t start_time = 0;  ///< ticks since boot: with the pid it names a process for good
  std::string name;              ///< as the kernel cuts it: 15 bytes
};

class ProcessList {
 public:
  virtual ~ProcessList() = default;
  /// `not_found` when the process is gone.
  virtual Result<ProcessInfo> info(pid_t pid) = 0;
  /// Working directory without symlinks.
  virtual Result<std::string> working_folder(pid_t pid) = 0;
  /// Path of the program that it runs.
  virtual Result<std::string> executable(pid_t pid) = 0;
  /// Its words with spaces between, as far as they are readable; may be cut.
  virtual Result<std::string> command_line(pid_t) {
    return Error{ErrorKind::unsupported, "command lines are not known here"};
  }
  /// True when `pid` has our root folder and our mount namespace, so that a path means the same file to both.
  /// `root`: what it says itself; where it does not, the system is asked, which takes longer. An error (it is
  /// gone, or may not be asked) is no yes.
  virtual Result<bool> sees_same_files(pid_t pid, const protocol::RootView& root) = 0;
  /// `path` without symlinks; `path` itself when it cannot be resolved.
  virtual std::string real_path(const std::string& path) = 0;
};

/// Linux's /proc. For one thread.
class ProcProcessList final : public ProcessList {
 public:
  Result<ProcessInfo> info(pid_t pid) override;
  Result<std::string> working_folder(pid_t pid) override;
  Result<std::string> executable(pid_t pid) override;
  Result<std::string> command_line(pid_t pid) override;
  Result<bool> sees_same_files(pid_t pid, const protocol::RootView& root) override;
  std::string real_path(const std::string& path) override;

 private:
  /// Of this process: they never change.
  struct OwnView {
    std::string mounts;
    std::uint64_t root_device = 0;
    std::uint64_t root_inode = 0;
  };
  Result<OwnView> look_at_own_view();

  const protocol::RootView own_root_ = protocol::see_root();
  std::optional<OwnView> own_;
};

/// The text of /proc/<pid>/stat. The name is in parentheses and may itself hold spaces, parentheses and line
/// ends, so it ends at the last closing one. False when the text is of another form.
bool parse_process_stat(std::string_view text, ProcessInfo& info);

}  // namespace compiler_cache
