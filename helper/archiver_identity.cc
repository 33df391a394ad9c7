#include "helper/archiver_identity.h"

#include <algorithm>
#include <utility>

#include "helper/environment.h"
#include "helper/hasher.h"
#include "helper/path_text.h"
#include "helper/program_files.h"
#include "helper/program_links.h"

namespace compiler_cache {
namespace {

constexpr std::string_view kPlugin = "liblto_plugin.so";
constexpr std::string_view kPluginFolder = "bfd-plugins";

class ArchiverProber {
 public:
  ArchiverProber(FileSystem& files, const Clock& clock, ProcessRunner& processes,
                 const IdentityQuestion& question, const ProgramMemo& memo)
      : files_(files),
        question_(question),
        environment_(question.environment),
        programs_({files, clock, processes}, memo, environment_, question.cwd, question.cwd, identity_) {}

  Result<Identity> run() {
    archiver_ = programs_.find(question_.compiler);
    if (archiver_.empty()) return Error{ErrorKind::not_found, question_.compiler + " is not there"};
    bool is_elf = false;
    if (Status added = programs_.add_program(archiver_, &is_elf); !added.ok()) return added.error();
    // What a script runs is not known.
    if (!is_elf) return std::move(identity_);
    const Result<std::string> said = programs_.first_line({archiver_, "--version"});
    if (!said.ok()) return said.error();
    identity_.name = *said;
    const bool gnu = said->starts_with("GNU ar ");
    identity_.supported = gnu || said->find("LLVM version ") != std::string::npos;
    if (!identity_.supported) return std::move(identity_);
    const std::size_t wrapper = name_of_path(archiver_).find("gcc-ar");
    const Status added = !gnu                                ? Status()
                         : wrapper == std::string_view::npos ? add_plugins()
                                                             : add_wrapped(wrapper);
    if (!added.ok()) return added.error();
    programs_.watch_loader();
    finish();
    return std::move(identity_);
  }

 private:
  /// gcc-ar runs the ar that its GCC would run, with that GCC's plugin. The driver beside it tells of both.
  Status add_wrapped(std::size_t at) {
    const std::string name(name_of_path(archiver_));
    const std::string driver =
        join_path(folder_of_path(archiver_), name.substr(0, at) + "gcc" + name.substr(at + 6));
    Result<std::string> ar = programs_.first_line({driver, "-print-prog-name=ar"});
    if (!ar.ok()) return ar.error();
    Result<std::string> plugin = programs_.first_line({driver, "-print-file-name=" + std::string(kPlugin)});
    if (!plugin.ok()) return plugin.error();
    const std::string inner = programs_.find(*ar);
    if (inner.empty() || !plugin->starts_with('/')) {
      return Error{ErrorKind::unsupported, "what " + archiver_ + " runs is not known"};
    }
    if (Status added = programs_.add_program(inner); !added.ok()) return added;
    return programs_.add_file(*plugin);
  }

  /// ar looks for plugins in the folders of libraries beside its own, by the name it is called by.
  Status add_plugins() {
    for (const std::string& folder :
         {folder_of_path(archiver_), folder_of_path(end_of_links(files_, archiver_))}) {
      const std::string prefix = folder_of_path(folder);
      for (const char* libraries : {"lib", "lib64", "libexec"}) {
        if (Status added = add_plugins_below(join_path(prefix, libraries)); !added.ok()) return added;
      }
    }
    return {};
  }

  Status add_plugins_below(const std::string& libraries) {
    if (Status added = add_plugins_of(join_path(libraries, kPluginFolder)); !added.ok()) return added;
    const Result<std::vector<FolderEntry>> entries = files_.list(libraries);
    if (!entries.ok()) return {};
    for (const FolderEntry& entry : *entries) {
      // Of one machine's libraries: x86_64-linux-gnu.
      if (entry.type != FileType::folder || std::count(entry.name.begin(), entry.name.end(), '-') < 2)
        continue;
      const std::string folder = join_path(join_path(libraries, entry.name), kPluginFolder);
      if (Status added = add_plugins_of(folder); !added.ok()) return added;
    }
    return {};
  }

  Status add_plugins_of(const std::string& folder) {
    programs_.watch(folder);
    Result<std::vector<FolderEntry>> entries = files_.list(folder);
    if (!entries.ok()) return {};
    std::sort(entries->begin(), entries->end(),
              [](const FolderEntry& a, const FolderEntry& b) { return a.name < b.name; });
    for (const FolderEntry& entry : *entries) {
      const std::string path = join_path(folder, entry.name);
      const Result<FileStat> stat = files_.stat(path);
      if (!stat.ok() || stat->type != FileType::regular) continue;
      if (Status added = programs_.add_file(path); !added.ok()) return added;
    }
    return {};
  }

  void finish() {
    Hasher hasher;
    hasher.item("archiver", 1).item("said", identity_.name);
    programs_.add_to(hasher);
    identity_.digest = hasher.finish();
  }

  FileSystem& files_;
  const IdentityQuestion& question_;
  Environment environment_;
  Identity identity_;
  ProgramFiles programs_;
  std::string archiver_;
};

}  // namespace

Result<Identity> probe_archiver(FileSystem& files, const Clock& clock, ProcessRunner& processes,
                                const IdentityQuestion& question, const ProgramMemo& memo) {
  return ArchiverProber(files, clock, processes, question, memo).run();
}

}  // namespace compiler_cache
