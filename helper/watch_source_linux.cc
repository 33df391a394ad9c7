// inotify. An event is queued inside the call that makes the change (but for writes through a mapping), so
// whoever drains afterwards has it. Events of a folder come for what happens through a name in it: see
// path_watches.h for what does not show.
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "helper/watch_source.h"

namespace compiler_cache {
namespace {

constexpr std::uint32_t kSelf = IN_DELETE_SELF | IN_MOVE_SELF | IN_ATTRIB;
constexpr std::uint32_t kEntries = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;
constexpr std::uint32_t kGone = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED;

constexpr std::size_t kLargestEvent = sizeof(inotify_event) + NAME_MAX + 1;

/// Watches are dear to the kernel and shared with the user's other programs.
constexpr std::size_t kMaxWatches = 16'384;

constexpr long kXfs = 0x58465342;
constexpr long kZfs = 0x2fc12fc1;
constexpr long kBcachefs = 0xca451a4eL;

/// File systems whose files change only through this kernel.
bool is_local(long type) {
  constexpr std::array<long, 10> kLocal{EXT4_SUPER_MAGIC, BTRFS_SUPER_MAGIC,     TMPFS_MAGIC, RAMFS_MAGIC,
                                        F2FS_SUPER_MAGIC, OVERLAYFS_SUPER_MAGIC, kXfs,        kZfs,
                                        kBcachefs,        SQUASHFS_MAGIC};
  return std::find(kLocal.begin(), kLocal.end(), type) != kLocal.end();
}

Error failure(const std::string& what) {
  const ErrorKind kind = errno == ENOENT   ? ErrorKind::not_found
                         : errno == ENOSPC ? ErrorKind::no_space
                                           : ErrorKind::io;
  return {kind, what + ": " + std::strerror(errno)};
}

class Inotify final : public WatchSource {
 public:
  Inotify(int queue, int mounts) : queue_(queue), mounts_(mounts) {}
  ~Inotify() override {
    close(queue_);
    close(mounts_);
  }
  Inotify(const Inotify&) = delete;
  Inotify& operator=(const Inotify&) = delete;

  Result<int> watch_folder(const std::string& path, bool contents) override {
    return watch(path, kSelf | kEntries | IN_ONLYDIR | (contents ? IN_MODIFY : 0U), false);
  }
  Result<int> watch_file(const std::string& path) override { return watch(path, kSelf | IN_MODIFY, true); }

  void forget(int watch) override { inotify_rm_watch(queue_, watch); }

  bool drain(const std::function<void(const WatchEvent&)>& each) override {
    std::array<pollfd, 2> asked{{{queue_, POLLIN, 0}, {mounts_, POLLPRI, 0}}};
    const int ready = poll(asked.data(), asked.size(), 0);
    if (ready == 0) return true;
    if (ready < 0) return false;
    const bool all = asked[0].revents == 0 || read_all(each);
    return asked[1].revents == 0 && all;
  }

 private:
  Result<int> watch(const std::string& path, std::uint32_t events, bool is_file) {
    struct statfs system = {};
    if (statfs(path.c_str(), &system) != 0) return failure("statfs " + path);
    // A file below an overlay may become another one when it is written to.
    const bool other_inode = is_file && system.f_type == OVERLAYFS_SUPER_MAGIC;
    if (!is_local(static_cast<long>(system.f_type)) || other_inode) {
      return Error{ErrorKind::unsupported, path + " is on a file system whose changes may not show"};
    }
    if (count_ >= kMaxWatches) return Error{ErrorKind::no_space, "all watches are in use"};
    const int id = inotify_add_watch(queue_, path.c_str(), events | IN_DONT_FOLLOW | IN_MASK_ADD);
    if (id < 0) return failure("watch " + path);
    if (id > newest_) ++count_;
    newest_ = std::max(newest_, id);
    return id;
  }

  bool read_all(const std::function<void(const WatchEvent&)>& each) {
    alignas(inotify_event) std::array<char, 16384> buffer;
    while (true) {
      const ssize_t got = read(queue_, buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return got < 0 && errno == EAGAIN;
      for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
        const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
        if ((event->mask & IN_Q_OVERFLOW) != 0) return false;
        tell(*event, each);
        at += sizeof(inotify_event) + event->len;
      }
      // There was room for one more: that was all.
      if (buffer.size() - static_cast<std::size_t>(got) >= kLargestEvent) return true;
    }
  }

  void tell(const inotify_event& event, const std::function<void(const WatchEvent&)>& each) {
    WatchEvent told;
    told.watch = event.wd;
    if (event.len > 0) told.name = event.name;
    if ((event.mask & kGone) != 0) {
      told.change = WatchChange::gone;
    } else if ((event.mask & kEntries) != 0) {
      told.change = WatchChange::entry;
    } else if ((event.mask & IN_MODIFY) != 0) {
      told.change = WatchChange::content;
    } else {
      told.change = WatchChange::attributes;
    }
    if ((event.mask & IN_IGNORED) != 0 && count_ > 0) --count_;
    each(told);
  }

  const int queue_;
  const int mounts_;
  std::size_t count_ = 0;
  int newest_ = 0;
};

}  // namespace

std::unique_ptr<WatchSource> make_watch_source() {
  const int queue = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (queue < 0) return nullptr;
  // The kernel marks it as urgent when a mount has come, gone or moved since it was last asked.
  const int mounts = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
  if (mounts < 0) {
    close(queue);
    return nullptr;
  }
  return std::make_unique<Inotify>(queue, mounts);
}

}  // namespace compiler_cache
