#include "helper/linker_identity.h"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "helper/environment.h"
#include "helper/hasher.h"
#include "helper/path_text.h"
#include "helper/printed_command.h"
#include "helper/program_files.h"
#include "helper/search_places.h"

namespace compiler_cache {
namespace {

constexpr std::string_view kPluginOption = "-plugin-opt=/";

/// The first number with a dot in it, times a hundred: 2.40 is 240, 14.0.6 is 1400.
int version_of(std::string_view text) {
  for (std::size_t at = text.find('.'); at != std::string_view::npos; at = text.find('.', at + 1)) {
    std::size_t begin = at;
    while (begin > 0 && text[begin - 1] >= '0' && text[begin - 1] <= '9') --begin;
    int major = 0;
    int minor = 0;
    const char* const end = text.data() + text.size();
    if (begin == at) continue;
    std::from_chars(text.data() + begin, end, major);
    if (std::from_chars(text.data() + at + 1, end, minor).ec != std::errc()) continue;
    return major * 100 + (minor < 100 ? minor : 99);
  }
  return 0;
}

class LinkerProber {
 public:
  LinkerProber(FileSystem& files, const Clock& clock, ProcessRunner& processes,
               const IdentityQuestion& question, const ProgramMemo& memo, Identity driver)
      : files_(files),
        question_(question),
        environment_(question.environment),
        identity_(std::move(driver)),
        programs_({files, clock, processes}, memo, environment_, question.cwd, question.cwd, identity_) {}

  Result<Identity> run() {
    identity_.supported = false;
    if (identity_.is_script || speaks_msvc(identity_.family)) return std::move(identity_);
    driver_ = programs_.find(question_.compiler);
    if (Status added = add_command(); !added.ok()) return added.error();
    // What a script runs is not known.
    if (linker_.empty() || !linker_is_elf_) return std::move(identity_);
    if (Status watched = watch_places(); !watched.ok()) return watched.error();
    Result<std::string> version = programs_.first_line({linker_, "--version"});
    if (!version.ok()) return version.error();
    if (!lists_what_it_reads(*version)) return std::move(identity_);
    identity_.supported = true;
    identity_.name = std::move(*version);
    finish();
    return std::move(identity_);
  }

 private:
  Result<ProcessOutput> ask(const std::vector<std::string>& words) {
    std::vector<std::string> argv{driver_};
    argv.insert(argv.end(), question_.arguments.begin(), question_.arguments.end());
    argv.insert(argv.end(), words.begin(), words.end());
    return programs_.run(argv);
  }

  /// The command by which the driver would link, of which the first word is the linker or what runs it.
  Status add_command() {
    Result<ProcessOutput> answer = ask({"-###", "-o", "/dev/null", "/dev/null"});
    if (!answer.ok()) return answer.error();
    const std::vector<std::string> words = last_printed_command(answer->standard_error);
    if (words.empty()) return {};
    if (Status added = add_named(words.front()); !added.ok()) return added;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const bool plugin = words[i] == "-plugin" && i + 1 < words.size();
      if (!plugin && !words[i].starts_with(kPluginOption)) continue;
      const std::string name = plugin ? words[++i] : words[i].substr(kPluginOption.size() - 1);
      if (!files_.stat(name).ok()) continue;
      if (Status added = plugin ? programs_.add_file(name) : programs_.add_program(name); !added.ok())
        return added;
    }
    if (identity_.family == CompilerFamily::gcc) return add_programs_of_gcc();
    linker_ = words.front();
    return {};
  }

  /// collect2 looks for the linker where the driver looks for programs.
  Status add_programs_of_gcc() {
    // The two that it prefers where they are there.
    for (const char* rival : {"real-ld", "collect-ld"}) {
      if (Result<std::string> path = named(rival); path.ok() && !path->empty()) return {};
    }
    Result<std::string> linker = named(linker_name(question_.arguments));
    if (!linker.ok()) return linker.error();
    if (linker->empty()) return {};
    linker_ = *linker;
    if (Status added = programs_.add_program(linker_, &linker_is_elf_); !added.ok()) return added;
    for (const char* program : {"lto1", "lto-wrapper", "as"}) {
      Result<std::string> path = named(program);
      if (!path.ok()) return path.error();
      if (path->empty() || programs_.has(*path)) continue;
      if (Status added = programs_.add_program(*path); !added.ok()) return added;
    }
    return {};
  }

  /// Where the driver finds a program of its own; empty when it does not.
  Result<std::string> named(const std::string& name) {
    Result<ProcessOutput> answer = ask({"-print-prog-name=" + name});
    if (!answer.ok()) return answer.error();
    return programs_.find(first_line_of(*answer));
  }

  /// Where another linker would be taken from, if it were there.
  Status watch_places() {
    Result<ProcessOutput> searched = ask({"-print-search-dirs"});
    if (!searched.ok()) return searched.error();
    Result<ProcessOutput> machine = ask({"-dumpmachine"});
    if (!machine.ok()) return machine.error();
    const std::string target = first_line_of(*machine);
    const std::string name = linker_name(question_.arguments);
    std::vector<std::string> rivals{name, target, "real-ld", "collect-ld"};
    rivals[1].append("-").append(name);
    for (const std::string& folder : parse_gcc_search_folders(searched->standard_output).programs) {
      for (const std::string& rival : rivals) {
        const std::string place = join_path(absolute_path(question_.cwd, folder), rival);
        if (!programs_.has(place)) programs_.watch(place);
      }
    }
    return {};
  }

  Status add_named(const std::string& name) {
    const std::string path = programs_.find(name);
    if (path.empty()) return Error{ErrorKind::not_found, name + " is not there"};
    return programs_.add_program(path, &linker_is_elf_);
  }

  void finish() {
    Hasher hasher;
    hasher.item("linker", 1).item("driver", identity_.digest.view()).item("said", identity_.name);
    programs_.add_to(hasher);
    identity_.digest = hasher.finish();
  }

  FileSystem& files_;
  const IdentityQuestion& question_;
  Environment environment_;
  Identity identity_;
  ProgramFiles programs_;
  std::string driver_;
  std::string linker_;
  bool linker_is_elf_ = false;
};

}  // namespace

std::string linker_name(const std::vector<std::string>& choosing) {
  constexpr std::string_view kOption = "-fuse-ld=";
  std::string name = "ld";
  for (const std::string& word : choosing) {
    if (word.starts_with(kOption)) name = "ld." + word.substr(kOption.size());
  }
  return name == "ld.mold" ? "mold" : name;
}

bool lists_what_it_reads(std::string_view line) {
  const int version = version_of(line);
  if (line.starts_with("GNU ld ")) return version >= 235;
  // The first number is that of the binutils.
  if (line.starts_with("GNU gold ")) return version >= 237;
  if (line.find("LLD ") != std::string_view::npos) return version >= 1200;
  return line.starts_with("mold ") && version >= 101;
}

Result<Identity> probe_linker(FileSystem& files, const Clock& clock, ProcessRunner& processes,
                              const IdentityQuestion& question, const ProgramMemo& memo) {
  Result<Identity> driver = probe_identity(files, clock, processes, question, memo);
  if (!driver.ok() || !driver->supported) return driver;
  return LinkerProber(files, clock, processes, question, memo, std::move(*driver)).run();
}

}  // namespace compiler_cache
