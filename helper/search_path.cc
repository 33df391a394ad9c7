#include "helper/search_path.h"

#include <algorithm>
#include <filesystem>

#include "helper/text_split.h"

namespace compiler_cache {
namespace {

constexpr std::string_view kQuoteHeading = "#include \"...\" search starts here:";
constexpr std::string_view kAngleHeading = "#include <...> search starts here:";
constexpr std::string_view kEnd = "End of search list.";
constexpr std::string_view kMissing = "ignoring nonexistent directory \"";
constexpr std::string_view kDuplicate = "ignoring duplicate directory \"";
constexpr std::string_view kNoFolder = ": not a directory";

std::string plain_name(const std::string& folder, const std::string& cwd) {
  std::string name = (std::filesystem::path(cwd) / folder).lexically_normal().string();
  while (name.size() > 1 && name.ends_with('/')) name.pop_back();
  return name;
}

}  // namespace

std::string duplicate_by_link(const SearchPath& path, const std::string& cwd) {
  for (const std::string& folder : path.duplicate) {
    const std::string name = plain_name(folder, cwd);
    const auto same = [&](const std::string& searched) { return plain_name(searched, cwd) == name; };
    const auto holds = [&](const std::vector<std::string>& list) {
      return std::any_of(list.begin(), list.end(), same);
    };
    if (!holds(path.angle) && !holds(path.quote) && !holds(path.missing)) return folder;
  }
  return {};
}

Result<SearchPath> parse_search_path(std::string_view verbose_output) {
  SearchPath path;
  std::vector<std::string>* section = nullptr;
  bool ended = false;
  for (std::string_view rest = verbose_output; !rest.empty() && !ended;) {
    std::string_view line = take_text_line(rest);
    if (line.starts_with(kMissing) && line.ends_with('"')) {
      line.remove_prefix(kMissing.size());
      line.remove_suffix(1);
      path.missing.emplace_back(line);
    } else if (line.starts_with(kDuplicate) && line.ends_with('"')) {
      line.remove_prefix(kDuplicate.size());
      line.remove_suffix(1);
      path.duplicate.emplace_back(line);
    } else if (section == nullptr && line.ends_with(kNoFolder)) {
      return Error{ErrorKind::unsupported, std::string(line)};
    } else if (line == kQuoteHeading) {
      section = &path.quote;
    } else if (line == kAngleHeading) {
      section = &path.angle;
    } else if (line == kEnd) {
      ended = section != nullptr;
    } else if (section != nullptr && line.starts_with(' ')) {
      line.remove_prefix(1);
      if (line.ends_with(" (framework directory)")) return Error{ErrorKind::unsupported, "framework folders"};
      if (line.ends_with(" (headermap)")) return Error{ErrorKind::unsupported, "header maps"};
      section->emplace_back(line);
    }
  }
  if (!ended) return Error{ErrorKind::corrupt, "the compiler did not print its search path"};
  return path;
}

}  // namespace compiler_cache
