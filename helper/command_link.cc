#include "helper/command_link.h"

#include <algorithm>
#include <array>
#include <utility>

#include "helper/options_linker.h"
#include "helper/path_text.h"
#include "helper/program_arguments.h"
#include "helper/text_split.h"

namespace compiler_cache {
namespace {

using Reason = UncacheableReason;

/// Of the driver, about linking; in full.
constexpr auto kDriverWords = std::to_array<std::string_view>({"-shared",
                                                               "-static",
                                                               "-static-pie",
                                                               "-pie",
                                                               "-no-pie",
                                                               "-nopie",
                                                               "-rdynamic",
                                                               "-pthread",
                                                               "-nostdlib",
                                                               "-nostdlib++",
                                                               "-nodefaultlibs",
                                                               "-nostartfiles",
                                                               "-nolibc",
                                                               "-static-libgcc",
                                                               "-shared-libgcc",
                                                               "-static-libstdc++",
                                                               "-static-libasan",
                                                               "-static-libtsan",
                                                               "-static-liblsan",
                                                               "-static-libubsan",
                                                               "-static-libgfortran",
                                                               "-s",
                                                               "-symbolic",
                                                               "-fuse-linker-plugin",
                                                               "-fno-use-linker-plugin"});

constexpr auto kLinkers = std::to_array<std::string_view>({"bfd", "gold", "lld", "mold"});

/// Nothing else is taken for something to link: a source would be compiled on the way.
bool is_linkable(std::string_view name) {
  constexpr auto kEndings =
      std::to_array<std::string_view>({".o", ".obj", ".lo", ".a", ".so", ".lds", ".ld", ".lib"});
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); }) ||
         name.find(".so.") != std::string_view::npos;
}

class LinkParser {
 public:
  LinkParser(Command& command, CompilerFamily family) : command_(command), family_(family) {}

  /// False when the command is refused.
  bool parse() {
    const std::vector<std::string>& words = command_.expanded_argv;
    for (at_ = 1; at_ < words.size(); ++at_) {
      if (!take(words[at_])) return false;
    }
    for (std::size_t i = 0; i < linker_words_.size(); ++i) {
      if (!take_linker_word(i)) return false;
    }
    if (command_.output.empty()) command_.output = "a.out";
    if (command_.named_inputs.empty()) return refuse(Reason::no_input, "");
    const auto same = [&](const NamedInput& named) { return named.path == command_.output; };
    if (std::any_of(command_.named_inputs.begin(), command_.named_inputs.end(), same))
      return refuse(Reason::output_collision, command_.output);
    return true;
  }
  Refusal refusal;

 private:
  bool refuse(Reason reason, std::string_view detail) {
    refusal = {reason, std::string(detail)};
    return false;
  }
  const std::string* next_word() {
    return at_ + 1 < command_.expanded_argv.size() ? &command_.expanded_argv[++at_] : nullptr;
  }

  bool take(const std::string& word) {
    if (word.empty() || word.front() == '@') return refuse(Reason::linker_option, word);
    if (word.front() != '-') return take_input(word);
    if (word == "-") return refuse(Reason::stdin_input, word);
    if (std::find(kDriverWords.begin(), kDriverWords.end(), word) != kDriverWords.end()) return true;
    if (word.starts_with("-Wl,")) {
      for (const std::string_view part : split_at(',', std::string_view(word).substr(4)))
        linker_words_.emplace_back(part);
      return true;
    }
    if (word == "-Xlinker" || word == "-z" || word == "-u" || word == "-T") return take_handed_on(word);
    if (word.starts_with("-l") || word.starts_with("-L")) {
      const std::string* next = word.size() > 2 ? nullptr : next_word();
      if (word.size() == 2 && next == nullptr) return refuse(Reason::malformed_option, word);
      return is_plain_folder(next == nullptr ? std::string_view(word).substr(2) : *next) ||
             refuse(Reason::linker_option, word);
    }
    if (word.starts_with("-fuse-ld=")) {
      const std::string_view linker = std::string_view(word).substr(9);
      const bool known = std::find(kLinkers.begin(), kLinkers.end(), linker) != kLinkers.end();
      return known || refuse(Reason::linker_option, word);
    }
    if (word == "-r" || word == "-v" || word == "-###" || word == "-e")
      return refuse(Reason::linker_option, word);
    // Specs can have the driver hand on anything.
    if (word.starts_with("-specs") || word.starts_with("--specs")) return refuse(Reason::linker_option, word);
    return take_compile_option(word);
  }

  /// Linkers put their sysroot in the place of these beginnings.
  static bool is_plain_folder(std::string_view value) {
    return !value.starts_with('=') && !value.starts_with("$SYSROOT");
  }

  bool take_handed_on(const std::string& word) {
    const std::string* value = next_word();
    if (value == nullptr) return refuse(Reason::malformed_option, word);
    if (word != "-Xlinker") linker_words_.push_back(word);
    linker_words_.push_back(*value);
    return true;
  }

  bool take_input(const std::string& path) {
    if (!is_linkable(path)) return refuse(Reason::linker_input, path);
    command_.named_inputs.push_back({path, false});
    return true;
  }

  /// What a compile is given is given to its link as well, mostly; of the compile, it changes nothing here.
  bool take_compile_option(const std::string& word) {
    const FoundOption found = find_option(family_, word);
    if (found.row == nullptr) return refuse(Reason::linker_option, word);
    const bool joined = word.size() > found.length;
    std::string value = word.substr(found.length);
    const bool follows = found.row->style == ValueStyle::separate ||
                         (found.row->style == ValueStyle::joined_or_separate && !joined);
    if (follows) {
      const std::string* next = next_word();
      if (next == nullptr) return refuse(Reason::malformed_option, word);
      value = *next;
    }
    switch (found.row->effect) {
      case Effect::output:
        if (command_.output_given) return refuse(Reason::several_outputs, value);
        command_.output = value;
        command_.output_given = true;
        return !value.empty() || refuse(Reason::malformed_option, word);
      case Effect::input_file:
        command_.named_inputs.push_back({value, false});
        return true;
      case Effect::family:
        return word.find('=') == std::string::npos || refuse(Reason::linker_option, word);
      case Effect::compile:
      case Effect::assemble:
      case Effect::emit_llvm:
        return refuse(Reason::not_a_link, word);
      case Effect::language:
      case Effect::architecture:
      case Effect::refuse:
      case Effect::to_driver:
      case Effect::link_rest:
      case Effect::source:
      case Effect::all_sources:
        return refuse(Reason::linker_option, word);
      default:
        return true;
    }
  }

  // ---- What the linker is handed

  bool take_linker_word(std::size_t& i) {
    const std::string& word = linker_words_[i];
    if (word.empty() || word.front() == '@') return refuse(Reason::linker_option, word);
    if (word.front() != '-') return take_input(word);
    if (word.size() > 2 && (word.starts_with("-l") || word.starts_with("-L")))
      return is_plain_folder(std::string_view(word).substr(2)) || refuse(Reason::linker_option, word);
    const FoundLinkerOption found = find_linker_option(word);
    if (found.option == nullptr) return refuse(Reason::linker_option, word);
    std::string value(found.value);
    if (found.value_follows) {
      if (i + 1 == linker_words_.size()) return refuse(Reason::malformed_option, word);
      value = linker_words_[++i];
    }
    switch (found.option->effect) {
      case LinkerEffect::plain:
        // As random as it says.
        return !(found.option->name == "build-id" && value == "uuid") || refuse(Reason::linker_option, word);
      case LinkerEffect::input:
        command_.named_inputs.push_back({value, false});
        return true;
      case LinkerEffect::folder:
        return add_folders(value) || refuse(Reason::linker_option, word);
      case LinkerEffect::map:
        return take_map(value);
      case LinkerEffect::list:
        if (value.empty() || !command_.depfile.empty()) return refuse(Reason::linker_option, word);
        command_.depfile = value;
        return true;
    }
    return false;
  }

  bool take_map(const std::string& path) {
    // Where it names a folder or asks for standard output, it is another thing.
    if (path.empty() || path == "-" || path.ends_with('/') || !command_.extra_outputs.empty())
      return refuse(Reason::linker_option, "-Map " + path);
    command_.extra_outputs.push_back({OutputRole::link_map, path});
    return true;
  }

  bool add_folders(std::string_view list) {
    for (const std::string_view folder : split_at(':', list)) {
      if (!is_plain_folder(folder)) return false;
      if (!folder.empty()) command_.library_folders.emplace_back(folder);
    }
    return true;
  }

  Command& command_;
  CompilerFamily family_;
  std::size_t at_ = 0;
  std::vector<std::string> linker_words_;
};

}  // namespace

Classified classify_link(const std::vector<std::string>& argv, const std::string& cwd, CompilerFamily family,
                         const ResponseFileReader& reader) {
  if (speaks_msvc(family)) return Refusal{Reason::linker_option, "MSVC"};
  Command command;
  command.action = Action::link;
  command.family = family;
  Result<std::vector<std::string>> expanded =
      expand_response_files(argv, cwd, response_file_dialect(argv, family), reader);
  if (!expanded.ok()) return Refusal{Reason::response_file, expanded.error().message};
  command.expanded_argv = std::move(*expanded);
  LinkParser parser(command, family);
  if (!parser.parse()) return std::move(parser.refusal);
  command.dependencies =
      command.depfile.empty() ? DependencySource::link_list : DependencySource::user_depfile;
  // Word for word: names of outputs land in maps and messages, and the order is the linker's.
  for (std::size_t i = 1; i < command.expanded_argv.size(); ++i)
    command.key.push_back({KeyTag::flag, {}, command.expanded_argv[i]});
  return command;
}

std::vector<std::string> linker_arguments(const std::vector<std::string>& argv) {
  constexpr auto kChoosing =
      std::to_array<std::string_view>({"-fuse-ld=", "-flto", "-fno-lto", "-fuse-linker-plugin",
                                       "-fno-use-linker-plugin", "-static", "-shared"});
  std::vector<std::string> chosen = program_arguments(argv);
  for (const std::string& word : argv) {
    const bool chooses = std::any_of(kChoosing.begin(), kChoosing.end(),
                                     [&](std::string_view prefix) { return word.starts_with(prefix); });
    if (chooses) chosen.push_back(word);
  }
  return chosen;
}

}  // namespace compiler_cache
