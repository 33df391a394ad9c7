#include "helper/link_places.h"

#include <algorithm>
#include <utility>

#include "helper/environment.h"
#include "helper/identity.h"
#include "helper/library_places.h"
#include "helper/linker_identity.h"
#include "helper/printed_command.h"
#include "helper/program_files.h"
#include "helper/search_places.h"

namespace compiler_cache {
namespace {

class LinkPlacesQuery {
 public:
  LinkPlacesQuery(FileSystem& files, ProcessRunner& processes, const LinkPlacesQuestion& question)
      : files_(files),
        processes_(processes),
        question_(question),
        environment_(environment_for_probe(Environment(question.environment))) {}

  Result<LinkPlaces> run() {
    Result<std::string> said = say_link();
    if (!said.ok()) return said.error();
    command_ = last_printed_command(*said);
    if (command_.empty()) return does_not_tell();
    places_.folders = printed_library_folders(command_);
    places_.names = printed_library_names(command_);
    for (const ArgumentName& named : names_in_arguments(command_)) {
      const Result<FileStat> stat = files_.stat(named.path);
      if (stat.ok() && stat->type == FileType::regular) places_.files.push_back(named.path);
    }
    Result<ProcessOutput> searched = ask_driver("-print-search-dirs");
    if (!searched.ok()) return searched.error();
    add(parse_gcc_search_folders(searched->standard_output).libraries);
    if (Status built_in = add_built_in_folders(); !built_in.ok()) return built_in.error();
    return std::move(places_);
  }

 private:
  static Error does_not_tell() {
    return Error{ErrorKind::unsupported, "the driver does not tell where it looks for libraries"};
  }
  Result<ProcessOutput> run_program(const std::vector<std::string>& argv) {
    return processes_.run(argv, environment_, question_.cwd, kProbeLimitMs);
  }
  Result<ProcessOutput> ask_driver(const std::string& word) {
    std::vector<std::string> argv{question_.driver};
    argv.insert(argv.end(), question_.choosing.begin(), question_.choosing.end());
    argv.push_back(word);
    return run_program(argv);
  }
  Result<std::string> say_link() {
    std::vector<std::string> argv = question_.argv;
    argv[0] = question_.driver;
    argv.emplace_back("-###");
    Result<ProcessOutput> answer = run_program(argv);
    if (!answer.ok()) return answer.error();
    if (answer->exit_code != 0) return does_not_tell();
    return std::move(answer->standard_error);
  }
  void add(std::vector<std::string> folders) {
    for (std::string& folder : folders) places_.folders.push_back(std::move(folder));
  }

  /// GNU ld tells of its own; the folders of the others that have any are these.
  Status add_built_in_folders() {
    std::string sysroot;
    for (const std::string& word : command_) {
      if (word.starts_with("--sysroot=")) sysroot = word.substr(10);
    }
    for (const char* folder : {"/lib", "/usr/lib", "/usr/local/lib"})
      places_.folders.push_back(sysroot + folder);
    std::string linker = command_.front();
    if (question_.family == CompilerFamily::gcc) {
      Result<ProcessOutput> name = ask_driver("-print-prog-name=" + linker_name(question_.choosing));
      if (!name.ok()) return name.error();
      linker = first_line_of(*name);
    }
    std::vector<AbsentName> ignored;
    linker = find_program(files_, linker, Environment(question_.environment).program_path(), question_.cwd,
                          ignored);
    if (linker.empty()) return does_not_tell();
    std::vector<std::string> argv{linker};
    if (const auto machine = std::find(command_.begin(), command_.end(), "-m"); command_.end() - machine > 1)
      argv.insert(argv.end(), machine, machine + 2);
    argv.emplace_back("--verbose");
    Result<ProcessOutput> script = run_program(argv);
    if (!script.ok()) return script.error();
    add(built_in_library_folders(script->standard_output, sysroot));
    return {};
  }

  FileSystem& files_;
  ProcessRunner& processes_;
  const LinkPlacesQuestion& question_;
  const std::vector<std::string> environment_;
  std::vector<std::string> command_;
  LinkPlaces places_;
};

}  // namespace

Result<LinkPlaces> ask_link_places(FileSystem& files, ProcessRunner& processes,
                                   const LinkPlacesQuestion& question) {
  return LinkPlacesQuery(files, processes, question).run();
}

}  // namespace compiler_cache
