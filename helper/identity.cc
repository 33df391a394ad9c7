#include "helper/identity.h"

#include <algorithm>
#include <array>

#include "helper/content_index.h"
#include "helper/driver_mode.h"
#include "helper/hasher.h"
#include "helper/path_text.h"
#include "helper/printed_command.h"
#include "helper/program_files.h"
#include "helper/program_links.h"
#include "helper/search_places.h"
#include "helper/text_split.h"

namespace compiler_cache {
namespace {

constexpr char kSpecsName[] = "specs";

/// Chooses programs or libraries; all of it takes part in the name of the answer.
constexpr auto kProgramVariables = std::to_array<std::string_view>(
    {"PATH", "COMPILER_PATH", "GCC_EXEC_PREFIX", "LIBRARY_PATH", "LD_LIBRARY_PATH", "LD_PRELOAD", "CL",
     "_CL_", "INCLUDE", "EXTERNAL_INCLUDE", "VCToolsInstallDir", "VCINSTALLDIR", "CCC_OVERRIDE_OPTIONS",
     "CLANG_CONFIG_FILE_SYSTEM_DIR", "CLANG_CONFIG_FILE_USER_DIR", "HOME"});

bool has_relative_entry(std::string_view path_list) {
  const std::vector<std::string_view> folders = split_at(':', path_list);
  return !std::all_of(folders.begin(), folders.end(),
                      [](std::string_view folder) { return folder.starts_with('/'); });
}

/// Whether the working directory takes part in what is found.
bool depends_on_cwd(const IdentityQuestion& question, const Environment& environment) {
  const std::string& compiler = question.compiler;
  if (compiler.find('/') != std::string::npos && compiler[0] != '/') return true;
  for (std::string_view name : {"PATH", "COMPILER_PATH", "LIBRARY_PATH", "LD_LIBRARY_PATH"}) {
    if (auto value = environment.get(name); value && has_relative_entry(*value)) return true;
  }
  return !question.arguments.empty() || question.tool != ToolKind::compiler;
}

/// What -B and COMPILER_PATH name, as they do: folders, or beginnings of programs' names.
std::vector<std::string> named_program_folders(const std::vector<std::string>& arguments,
                                               const Environment& environment) {
  std::vector<std::string> folders;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i].starts_with("-B")) continue;
    if (arguments[i].size() > 2) {
      folders.push_back(arguments[i].substr(2));
    } else if (i + 1 < arguments.size()) {
      folders.push_back(arguments[++i]);
    }
  }
  if (const auto list = environment.get("COMPILER_PATH")) {
    for (const std::string_view folder : split_at(':', *list))
      folders.emplace_back(folder.empty() ? "." : folder);
  }
  return folders;
}

class Prober {
 public:
  Prober(FileSystem& files, const Clock& clock, ProcessRunner& processes, const IdentityQuestion& question,
         const ProgramMemo& memo)
      : files_(files),
        question_(question),
        environment_(question.environment),
        programs_({files, clock, processes}, memo, environment_, cwd(), question.cwd, identity_) {}

  Result<Identity> run() {
    compiler_ = programs_.find(question_.compiler);
    if (compiler_.empty()) return Error{ErrorKind::not_found, question_.compiler + " is not there"};
    if (looks_like_cache()) {
      identity_.is_cache = true;
      return std::move(identity_);
    }
    if (Status added = programs_.add_program(compiler_, &compiler_is_elf_); !added.ok()) return added.error();
    identity_.is_script = !compiler_is_elf_;
    if (Status asked = ask_programs(); !asked.ok()) return asked.error();
    if (!identity_.supported) return std::move(identity_);
    if (Status asked = ask_assembler(); !asked.ok()) return asked.error();
    if (Status added = add_programs_of_named_folders(); !added.ok()) return added.error();
    if (Status watched = watch_search_places(); !watched.ok()) return watched.error();
    finish();
    return std::move(identity_);
  }

 private:
  bool looks_like_cache() {
    return !cache_behind(files_, compiler_).empty() ||
           name_of_path(end_of_links(files_, compiler_)) == "compiler-cache-launcher";
  }

  Result<ProcessOutput> ask(std::vector<std::string> arguments) {
    std::vector<std::string> argv{compiler_};
    argv.insert(argv.end(), question_.arguments.begin(), question_.arguments.end());
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return programs_.run(argv);
  }

  const std::string& cwd() const {
    static const std::string kRoot = "/";
    return depends_on_cwd(question_, environment_) ? question_.cwd : kRoot;
  }

  /// Asked in the dialect of its name. A wrapper may be called like anything: if it hands on to a compiler of
  /// the other dialect, that one is asked.
  Status ask_programs() {
    mode_ = driver_mode(question_.compiler, question_.arguments);
    Result<ProcessOutput> answer = ask(question_for_programs(mode_, question_.language));
    if (!answer.ok()) return answer.error();
    if (const std::string_view banner = banner_of_cl(answer->standard_error); !banner.empty()) {
      said_ = banner;
      set_family(CompilerFamily::msvc, banner);
      return add_programs_of_cl();
    }
    const bool ignores = answer->standard_error.find("ignored in clang-cl") != std::string::npos;
    if (mode_ == DriverMode::gnu ? ignores : answer->exit_code != 0) {
      mode_ = mode_ == DriverMode::gnu ? DriverMode::cl : DriverMode::gnu;
      answer = ask(question_for_programs(mode_, question_.language));
      if (!answer.ok()) return answer.error();
    }
    if (answer->exit_code != 0) return does_not_tell();
    return take_answer(answer->standard_error);
  }

  /// `-###` prints the version and the commands that a compile would run.
  Status take_answer(std::string_view text) {
    while (!text.empty()) {
      if (Status taken = take_said(take_line(text)); !taken.ok()) return taken;
    }
    return {};
  }

  Status take_said(std::string_view line) {
    constexpr std::string_view kSpecs = "Reading specs from ";
    constexpr std::string_view kConfig = "Configuration file: ";
    constexpr std::string_view kSelected = "Selected GCC installation: ";
    constexpr std::string_view kInstalled = "InstalledDir: ";
    constexpr std::string_view kTarget = "Target: ";
    constexpr std::string_view kCollect = "COLLECT_GCC=";
    said_.append(line).append("\n");
    // Clang goes on without the option that it complains about: a file that a wrapper's option names is not
    // where we ask, but is where the compiles run.
    if (!line.starts_with(' ') && line.find(" error: ") != std::string_view::npos) return does_not_tell();
    if (line.starts_with("gcc version ")) {
      set_family(CompilerFamily::gcc, line);
    } else if (line.starts_with("clang version ") || line.find(" clang version ") != std::string_view::npos) {
      set_family(mode_ == DriverMode::cl ? CompilerFamily::clang_cl : CompilerFamily::clang, line);
    } else if (line.starts_with(kSpecs)) {
      return programs_.add_file(std::string(line.substr(kSpecs.size())));
    } else if (line.starts_with(kConfig)) {
      return programs_.add_file(std::string(line.substr(kConfig.size())));
    } else if (line.starts_with(kSelected)) {
      selected_gcc_ = line.substr(kSelected.size());
    } else if (line.starts_with(kInstalled)) {
      installed_ = line.substr(kInstalled.size());
    } else if (line.starts_with(kTarget)) {
      target_ = line.substr(kTarget.size());
    } else if (line.starts_with(kCollect)) {
      return add_named(std::string(line.substr(kCollect.size())));
    } else if (line.starts_with(" ") && !line.starts_with(" (")) {
      return add_command(printed_words(line));
    }
    return {};
  }

  static Error does_not_tell() {
    return Error{ErrorKind::unsupported, "the compiler does not say what it would run"};
  }

  void set_family(CompilerFamily family, std::string_view line) {
    identity_.family = family;
    identity_.supported = true;
    identity_.name = line;
  }

  /// A program that would run, and the files that its arguments name. The question names none, so they are
  /// those of a wrapper, of specs or of a configuration file, and no depfile need tell of them: they count
  /// like programs.
  Status add_command(const std::vector<std::string>& words) {
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i] == "-fms-compatibility") identity_.msvc_target = true;
      if (!can_be_followed(words[i]))
        return Error{ErrorKind::unsupported, "the compiler adds " + words[i] + " by itself"};
    }
    for (const ArgumentName& name : names_in_arguments(words)) {
      Result<FileStat> stat = files_.stat(name.path);
      if (stat.ok() && stat->type == FileType::regular) {
        if (Status added = programs_.add_file(name.path); !added.ok()) return added;
      } else if (!stat.ok() && name.is_value) {
        programs_.watch(name.path);
      }
    }
    return add_named(words.front());
  }

  /// The parts of cl.exe lie beside it, and are loaded by name.
  Status add_programs_of_cl() {
    for (const char* name : {"c1.dll", "c1xx.dll", "c2.dll"}) {
      const std::string path = join_path(folder_of_path(compiler_), name);
      if (!files_.stat(path).ok()) return does_not_tell();
      if (Status added = programs_.add_file(path); !added.ok()) return added;
    }
    return {};
  }

  /// Whether it is known what an argument of that command makes the compiler read.
  bool can_be_followed(const std::string& word) {
    if (reads_what_it_likes(word)) return false;
    if (!reads_a_file(word)) return true;
    const std::size_t value = word.find("=/");
    if (value == std::string::npos) return false;
    const Result<FileStat> stat = files_.stat(word.substr(value + 1));
    return stat.ok() && stat->type == FileType::regular;
  }

  /// A program by the name that the compiler uses for it.
  Status add_named(const std::string& name) {
    const std::string path = programs_.find(name);
    if (path.empty() || programs_.has(path)) return {};
    // GCC reads a file of specs beside its programs if there is one.
    if (name_of_path(path).starts_with("cc1")) {
      const std::string folder = folder_of_path(path);
      if (!files_.stat(join_path(folder, kSpecsName)).ok()) identity_.absent.push_back({folder, kSpecsName});
    }
    return programs_.add_program(path);
  }

  Status watch_search_places() {
    programs_.watch_loader();
    if (identity_.msvc_target) watch_visual_studio();
    if (speaks_msvc(identity_.family)) return {};
    if (identity_.family == CompilerFamily::clang) {
      for (const std::string& place : gcc_installation_places(selected_gcc_, installed_))
        programs_.watch(place);
      return {};
    }
    Result<ProcessOutput> answer = ask({"-print-search-dirs"});
    if (!answer.ok()) return answer.error();
    const GccSearchFolders folders = parse_gcc_search_folders(answer->standard_output);
    for (const std::string& place : specs_places(folders)) programs_.watch(place);
    for (const std::string& place : assembler_places(folders, target_)) programs_.watch(place);
    return {};
  }

  /// Clang takes the headers of a Visual Studio whose cl.exe it finds by PATH, and of a folder that holds
  /// several versions of tools or of a kit the newest.
  void watch_visual_studio() {
    for (const std::string& place : visual_studio_places(environment_.program_path(), question_.arguments))
      programs_.watch(place);
  }

  /// The folders and prefixes of -B and COMPILER_PATH are searched before all others, and -### does not tell
  /// of what is not there yet. Not looked at: the folders by machine and version below them.
  Status add_programs_of_named_folders() {
    for (const std::string& prefix : named_program_folders(question_.arguments, environment_)) {
      for (const char* program : {"as", "cc1", "cc1plus", "cc1obj", "cc1objplus"}) {
        for (const std::string& name : {join_path(prefix, program), prefix + program}) {
          const std::string path = absolute_path(question_.cwd, name);
          const bool there = !find_program(files_, path, {}, question_.cwd, identity_.absent).empty();
          if (!there) identity_.absent.push_back({folder_of_path(path), std::string(name_of_path(path))});
          if (!there || programs_.has(path)) continue;
          if (Status added = programs_.add_program(path); !added.ok()) return added;
        }
      }
    }
    return {};
  }

  Status ask_assembler() {
    if (identity_.family == CompilerFamily::msvc) return {};
    if (is_clang(identity_.family)) {
      // Where it takes Microsoft's headers it takes no GCC's.
      if (Status asked = identity_.msvc_target ? Status() : ask_selected_gcc(); !asked.ok()) return asked;
      const bool own =
          std::none_of(question_.arguments.begin(), question_.arguments.end(),
                       [](const std::string& word) { return word.ends_with("no-integrated-as"); });
      if (own) return {};
    }
    Result<ProcessOutput> answer = ask({"-print-prog-name=as"});
    if (!answer.ok()) return answer.error();
    const std::string name = first_line_of(*answer);
    return name.empty() ? Status() : add_named(name);
  }

  /// Only -v, not -###, says which GCC's headers and libraries Clang uses.
  Status ask_selected_gcc() {
    Result<ProcessOutput> answer = ask({"-v"});
    if (!answer.ok()) return answer.error();
    std::string_view text = answer->standard_error;
    while (!text.empty()) {
      const std::string_view line = take_line(text);
      if (line.starts_with("Selected GCC") || line.starts_with("Configuration file") ||
          line.starts_with("InstalledDir: ")) {
        if (Status taken = take_said(line); !taken.ok()) return taken;
      }
    }
    return {};
  }

  void finish() {
    Hasher hasher;
    hasher.item("identity", 2).item("family", static_cast<std::uint64_t>(identity_.family));
    hasher.item("script", identity_.is_script ? 1 : 0).item("said", said_);
    programs_.add_to(hasher);
    identity_.digest = hasher.finish();
  }

  FileSystem& files_;
  const IdentityQuestion& question_;
  Environment environment_;
  Identity identity_;
  ProgramFiles programs_;
  std::string compiler_;
  bool compiler_is_elf_ = false;
  DriverMode mode_ = DriverMode::gnu;
  std::string said_;
  std::string selected_gcc_;
  std::string installed_;
  std::string target_;
};

}  // namespace

std::string find_program(FileSystem& files, const std::string& name, std::string_view path,
                         const std::string& cwd, std::vector<AbsentName>& passed) {
  const auto usable = [&](const std::string& candidate) {
    Result<FileStat> stat = files.stat(candidate);
    return stat.ok() && stat->type == FileType::regular && (stat->mode & 0111) != 0;
  };
  if (name.find('/') != std::string::npos) {
    std::string candidate = name[0] == '/' ? name : cwd + "/" + name;
    return usable(candidate) ? candidate : std::string();
  }
  std::vector<AbsentName> tried;
  for (const std::string_view part : split_at(':', path)) {
    std::string folder(part.empty() ? cwd : part);
    if (folder[0] != '/') folder.insert(0, cwd + "/");
    std::string candidate = folder;
    candidate.append("/").append(name);
    if (usable(candidate)) {
      passed.insert(passed.end(), tried.begin(), tried.end());
      return candidate;
    }
    tried.push_back({std::move(folder), name});
  }
  return {};
}

Result<Identity> probe_identity(FileSystem& files, const Clock& clock, ProcessRunner& processes,
                                const IdentityQuestion& question, const ProgramMemo& memo) {
  return Prober(files, clock, processes, question, memo).run();
}

bool still_same(FileSystem& files, const Clock& clock, const Identity& identity) {
  if (identity.is_cache) return false;  // known by links alone, which are as easily followed again
  const auto same = [&](const ProgramFile& file) {
    Result<FileStat> now = files.stat(file.path);
    return now.ok() && now->same_version(file.stat) &&
           !changed_since(*now, file.hashed_at_ns - 2 * clock.file_tick_ns());
  };
  if (!std::all_of(identity.files.begin(), identity.files.end(), same)) return false;
  const auto as_it_was = [&](const ProgramFile& file) {
    return file.stat.inode == 0 ? !files.stat(file.path).ok() : same(file);
  };
  if (!std::all_of(identity.watched.begin(), identity.watched.end(), as_it_was)) return false;
  return std::none_of(identity.absent.begin(), identity.absent.end(), [&](const AbsentName& absent) {
    Result<FileStat> stat = files.stat(join_path(absent.folder, absent.name));
    const bool program = absent.name != kSpecsName;
    return stat.ok() && stat->type == FileType::regular && (!program || (stat->mode & 0111) != 0);
  });
}

Digest identity_key(const IdentityQuestion& question) {
  const Environment environment(question.environment);
  Hasher hasher;
  if (question.tool != ToolKind::compiler) hasher.item("tool", static_cast<std::uint64_t>(question.tool));
  hasher.item("compiler", question.compiler).item("language", question.language);
  for (const std::string& argument : question.arguments) hasher.item("argument", argument);
  for (std::string_view name : kProgramVariables) {
    if (auto value = environment.get(name)) hasher.item(name, *value);
  }
  if (depends_on_cwd(question, environment)) hasher.item("cwd", question.cwd);
  return hasher.finish();
}

}  // namespace compiler_cache
