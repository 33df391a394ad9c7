#include "helper/option_difference.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace compiler_cache {
namespace {

constexpr auto kOutputOptions = std::to_array<std::string_view>({"-o", "-MF", "-MT", "-MQ", "-MJ"});
constexpr auto kOptionsWithValue = std::to_array<std::string_view>(
    {"-I", "-isystem",   "-iquote",   "-idirafter", "-include", "-imacros",    "-D", "-U",
     "-x", "-target",    "-arch",     "-Xclang",    "-Xlinker", "-Xassembler", "-L", "-l",
     "-F", "-framework", "-isysroot", "--sysroot",  "-z",       "-T",          "-u"});

template <class List>
bool is_one_of(std::string_view word, const List& list) {
  return std::ranges::find(list, word) != list.end();
}

/// "-fno-x" and "-fx" are about the same; "-Wno-x" and "-Wx", too.
std::string without_no(std::string_view word) {
  if (word.substr(2).starts_with("no-")) return std::string(word.substr(0, 2)).append(word.substr(5));
  return std::string(word);
}

/// Of two options of a kind, one can have taken the other's place.
std::string kind_of(std::string_view word) {
  if (word.starts_with("-O")) return "-O";
  if (word.starts_with("-x ")) return "-x";
  if (word.starts_with("-g") && !word.starts_with("-gsplit")) return "-g";
  if (word.starts_with("-D") || word.starts_with("-U")) {
    word.remove_prefix(word.starts_with("-D ") || word.starts_with("-U ") ? 3 : 2);
    return "-D" + std::string(word.substr(0, word.find('=')));
  }
  if (const std::size_t equals = word.find('='); word.starts_with('-') && equals != std::string_view::npos)
    return std::string(word.substr(0, equals + 1));
  if (word.starts_with("-f") || word.starts_with("-W") || word.starts_with("-m")) return without_no(word);
  return std::string(word);
}

/// Those of `all` that `others` has fewer of.
std::vector<std::string> beyond(const std::vector<std::string>& all, const std::vector<std::string>& others) {
  std::unordered_map<std::string_view, std::size_t> left;
  for (const std::string& word : others) ++left[word];
  std::vector<std::string> more;
  for (const std::string& word : all) {
    const auto found = left.find(word);
    if (found != left.end() && found->second > 0) {
      --found->second;
    } else {
      more.push_back(word);
    }
  }
  return more;
}

}  // namespace

std::vector<std::string> comparable_options(const std::vector<std::string>& argv, std::string_view source) {
  std::vector<std::string> options;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i];
    const bool has_value = i + 1 < argv.size();
    if (has_value && is_one_of(word, kOutputOptions)) {
      ++i;
    } else if (has_value && is_one_of(word, kOptionsWithValue)) {
      options.push_back(word + " " + argv[++i]);
    } else if (word.starts_with("/Fo") || word.starts_with("-Fo") || word.starts_with("/Fd") ||
               word.starts_with("-Fd")) {
      continue;
    } else if (source.empty() || word != source) {
      options.push_back(word);
    }
  }
  return options;
}

void add_option_differences(const std::vector<std::string>& before, const std::vector<std::string>& now,
                            std::vector<Cause>& causes) {
  const std::vector<std::string> gone = beyond(before, now);
  std::vector<std::string> come = beyond(now, before);
  for (const std::string& from : gone) {
    const std::string kind = kind_of(from);
    const auto to =
        std::ranges::find_if(come, [&](const std::string& word) { return kind_of(word) == kind; });
    add_cause(causes, {CauseKind::flag_changed, "", from, to == come.end() ? std::string() : *to});
    if (to != come.end()) come.erase(to);
  }
  for (const std::string& to : come) add_cause(causes, {CauseKind::flag_changed, "", "", to});
  if (gone.empty() && come.empty() && before != now && causes.empty())
    add_cause(causes, {CauseKind::flag_changed, "the order of the options", "", ""});
}

}  // namespace compiler_cache
