// What can be wrong with the machine and its file systems.
#include <algorithm>
#include <array>
#include <charconv>

#include "helper/doctor_checks.h"
#include "helper/path_text.h"
#include "helper/shared_folder.h"
#include "helper/text_split.h"

namespace compiler_cache {
namespace {

constexpr std::uint64_t kMaxProcBytes = 16U << 20;
constexpr std::uint64_t kFewWatches = 8192;  // what kernels before 5.11 allow
constexpr std::uint64_t kFewInstances = 16;
constexpr std::int64_t kNoticeableSkewNs = 2'000'000'000;
constexpr std::uint64_t kLittleSpace = 1ULL << 30;

std::string mounted_type(const Patient& patient, const std::string& path) {
  const Result<std::string> mounts = patient.seams.files.read("/proc/self/mountinfo", kMaxProcBytes);
  return mounts ? file_system_type(*mounts, path) : std::string();
}

bool is_of_another_machine(std::string_view type) {
  constexpr std::array<std::string_view, 14> kTypes{"nfs",   "nfs4", "cifs",     "smb3",   "smbfs",
                                                    "9p",    "afs",  "ceph",     "lustre", "glusterfs",
                                                    "ncpfs", "gfs2", "virtiofs", "vboxsf"};
  return std::ranges::find(kTypes, type) != kTypes.end() || type.starts_with("fuse.");
}

/// Those of which watch_source_linux.cc takes watches.
bool tells_of_changes(std::string_view type) {
  constexpr std::array<std::string_view, 12> kTypes{"ext2",  "ext3",  "ext4",     "btrfs",
                                                    "tmpfs", "ramfs", "f2fs",     "overlay",
                                                    "xfs",   "zfs",   "bcachefs", "squashfs"};
  return std::ranges::find(kTypes, type) != kTypes.end();
}

/// A mount point as the kernel writes it: spaces and the like as \ooo.
std::string unescaped_mount_point(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    if (text[i] == '\\' && i + 3 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 4, code, 8).ptr == text.data() + i + 4) {
      out += static_cast<char>(code);
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string_view take_mount_field(std::string_view& line) {
  const std::size_t end = line.find(' ');
  const std::string_view field = line.substr(0, end);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  return field;
}

bool lies_below(std::string_view path, std::string_view folder) {
  if (folder == "/") return true;
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::string probe_name(const Patient& patient, const std::string& folder) {
  return folder + "/doctor-" + std::to_string(patient.seams.uid) + "-" +
         std::to_string(patient.seams.clock.monotonic_us());
}

/// The folder itself, or the nearest one above it that is there.
std::string nearest_folder(const Patient& patient, std::string folder) {
  while (folder.size() > 1 && !patient.seams.files.stat(folder).ok()) {
    folder = folder_of_path(folder);
  }
  return folder;
}

bool has_no_locks(const Patient& patient, const std::string& folder) {
  const std::string name = probe_name(patient, folder);
  const bool none = [&] {
    const auto lock = patient.seams.files.lock(name, LockMode::exclusive);
    return !lock.ok() && lock.error().kind == ErrorKind::unsupported;
  }();
  (void)patient.seams.files.remove(name).ok();  // where even that fails, check_permissions says so
  return none;
}

std::uint64_t kernel_limit(const Patient& patient, const std::string& path) {
  // By one call: a second one, from where the first one ended, finds the end of such a file.
  const Result<std::string> text = patient.seams.files.read_start(path, 64);
  std::uint64_t limit = ~0ULL;
  if (text) std::from_chars(text->data(), text->data() + text->size(), limit);
  return limit;
}

void look_at_space(const Patient& patient, const std::string& folder, const char* what, Findings& findings) {
  const Result<DiskSpace> space = patient.seams.disk_space(nearest_folder(patient, folder));
  if (!space || space->total == 0) return;
  if (space->free >= kLittleSpace && space->free >= space->total / 50) return;
  findings.wrong("the disk of " + std::string(what) + " (" + folder +
                     ") is nearly full: " + std::to_string(space->free >> 20) + " MiB are free",
                 "Free some, or give the cache less: -DCOMPILER_CACHE_MAX_SIZE=");
}

}  // namespace

std::string file_system_type(std::string_view mountinfo, std::string_view path) {
  std::string type;
  std::size_t longest = 0;
  while (!mountinfo.empty()) {
    std::string_view line = take_line(mountinfo);
    for (int skipped = 0; skipped < 4; ++skipped) take_mount_field(line);  // ids, device, root
    const std::string point = unescaped_mount_point(take_mount_field(line));
    // A later one lies over an earlier one at the same place.
    if (point.empty() || !lies_below(path, point) || point.size() < longest) continue;
    const std::size_t dash = line.find(" - ");
    if (dash == std::string_view::npos) continue;
    line.remove_prefix(dash + 3);
    longest = point.size();
    type = take_mount_field(line);
  }
  return type;
}

void check_permissions(const Patient& patient, Findings& findings) {
  FileSystem& files = patient.seams.files;
  const std::string own = patient.own_folder();
  const Result<FileStat> stat = files.stat(own);
  if (!stat) {
    findings.wrong(own + " is not there", "Run: cmake " + patient.build_root);
    return;
  }
  if (stat->uid != patient.seams.uid) {
    findings.wrong(own + " belongs to another user: launchers start no helper",
                   "Build as its owner, or configure a build folder of your own");
  } else if ((stat->mode & 022) != 0) {
    findings.wrong(own + " can be written to by others, who could put any object into a build",
                   "Run: chmod go-w " + own);
  } else if (const std::string name = probe_name(patient, own); !files.write_new(name, "", 0600).ok()) {
    findings.wrong("nothing can be written to " + own, "Give yourself the right to, or free some space");
  } else {
    (void)files.remove(name).ok();
  }
  const std::string& shared = patient.config.shared_dir;
  if (shared.empty() || !files.stat(shared).ok()) return;  // it is made when it is needed
  const Status usable = check_shared_folder(files, shared, patient.seams.uid);
  if (usable.ok()) return;
  findings.wrong("the shared store is not used: " + usable.error().message,
                 "Make it yours alone, or name another: -DCOMPILER_CACHE_SHARED_DIR=");
}

void check_locks(const Patient& patient, Findings& findings) {
  for (const std::string& folder : {patient.own_folder(), patient.config.shared_dir}) {
    if (folder.empty() || !patient.seams.files.stat(folder).ok() || !has_no_locks(patient, folder)) continue;
    findings.wrong("the file system of " + folder + " has no locks, which helpers keep apart by",
                   "Put it on a local disk");
  }
}

void check_watches(const Patient& patient, Findings& findings) {
  for (const std::string& folder : {patient.config.source_root, patient.build_root}) {
    const std::string type = folder.empty() ? folder : mounted_type(patient, folder);
    if (type.empty() || tells_of_changes(type)) continue;
    findings.wrong(std::string(folder).append(" is on ").append(type).append(
                       ", which does not reliably tell of changes: each build looks at all files anew"),
                   "Put it on a local disk (ext4, xfs, btrfs, ...)");
  }
}

void check_watch_limit(const Patient& patient, Findings& findings) {
  const struct {
    const char* name;
    std::uint64_t few;
    const char* enough;
  } limits[] = {{"max_user_watches", kFewWatches, "524288"}, {"max_user_instances", kFewInstances, "128"}};
  for (const auto& limit : limits) {
    const std::uint64_t now = kernel_limit(patient, std::string("/proc/sys/fs/inotify/") + limit.name);
    if (now >= limit.few) continue;
    findings.wrong(std::string("fs.inotify.") + limit.name + " is " + std::to_string(now) +
                       ": not all folders can be watched",
                   std::string("Run, as root: sysctl fs.inotify.") + limit.name + "=" + limit.enough);
  }
}

void check_store_mount(const Patient& patient, Findings& findings) {
  const std::string& shared = patient.config.shared_dir;
  const std::string type = shared.empty() ? shared : mounted_type(patient, shared);
  if (type.empty() || !is_of_another_machine(type)) return;
  findings.wrong("the shared store " + shared + " is on " + type + ": each hit waits for the network",
                 "Name a folder on a local disk: -DCOMPILER_CACHE_SHARED_DIR=");
}

void check_clock(const Patient& patient, Findings& findings) {
  FileSystem& files = patient.seams.files;
  const std::string name = probe_name(patient, patient.own_folder());
  const std::int64_t before = patient.seams.clock.file_now_ns();
  if (!files.write_new(name, "", 0600).ok()) return;  // check_permissions says so
  const Result<FileStat> stat = files.stat(name);
  const std::int64_t after = patient.seams.clock.file_now_ns();
  (void)files.remove(name).ok();
  if (!stat) return;
  const std::int64_t ahead = std::max(stat->mtime_ns - after, std::int64_t{0});
  const std::int64_t behind = std::max(before - stat->mtime_ns, std::int64_t{0});
  if (std::max(ahead, behind) <= kNoticeableSkewNs) return;
  findings.wrong("the clock of the build folder's file system is " +
                     std::to_string(std::max(ahead, behind) / 1'000'000'000) + " s " +
                     (ahead > 0 ? "ahead of" : "behind") +
                     " this machine's: build tools and cache take files for " +
                     "newer or older than they are",
                 "Set both by the same time server");
}

void check_disk(const Patient& patient, Findings& findings) {
  look_at_space(patient, patient.build_root, "the build folder", findings);
  if (!patient.config.shared_dir.empty()) {
    look_at_space(patient, patient.config.shared_dir, "the shared store", findings);
  }
}

}  // namespace compiler_cache
