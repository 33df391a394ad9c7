#include "helper/include_chain.h"

#include <deque>
#include <filesystem>
#include <unordered_map>
#include <utility>

#include "helper/path_text.h"
#include "helper/text_split.h"

namespace compiler_cache {
namespace {

constexpr std::uint64_t kMaxIncluder = 4U << 20;

void skip_blanks(std::string_view& text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
}

std::string_view take_word(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_'))
    ++end;
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  skip_blanks(text);
  return word;
}

/// The line without comments; `inside`: whether a comment of several lines is open.
std::string without_comments(std::string_view line, bool& inside) {
  std::string kept;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::string_view rest = line.substr(i);
    if (inside) {
      if (rest.starts_with("*/")) inside = false, ++i;
    } else if (quote == 0 && rest.starts_with("//")) {
      break;
    } else if (quote == 0 && rest.starts_with("/*")) {
      inside = true, ++i;
    } else {
      if (quote == 0 && line[i] == '"') {
        quote = '"';
      } else if (quote != 0 && line[i] == quote) {
        quote = 0;
      }
      kept += line[i];
    }
  }
  return kept;
}

/// Goes through directives, and knows how deep in conditions they are.
class Directives {
 public:
  void take(std::string_view line, std::vector<IncludeLine>& lines) {
    skip_blanks(line);
    if (line.empty()) return;
    const bool first = std::exchange(nothing_yet_, false);
    if (!line.starts_with('#')) return;
    line.remove_prefix(1);
    skip_blanks(line);
    const std::string_view word = take_word(line);
    if (word == "ifndef" && first) {
      guard_ = take_word(line);
      ++depth_;
    } else if (word == "if" || word == "ifdef" || word == "ifndef") {
      ++depth_;
    } else if (word == "endif") {
      if (depth_ > 0) --depth_;
    } else if (word == "define" && depth_ == 1 && !guard_.empty() && take_word(line) == guard_) {
      guarded_ = true;
    } else if (word == "include" || word == "import" || word == "include_next") {
      add(line, lines);
    }
  }

 private:
  void add(std::string_view line, std::vector<IncludeLine>& lines) const {
    const bool quoted = line.starts_with('"');
    if (!quoted && !line.starts_with('<')) return;
    const std::size_t end = line.find(quoted ? '"' : '>', 1);
    if (end == std::string_view::npos) return;
    lines.push_back({std::string(line.substr(1, end - 1)), quoted, depth_ > (guarded_ ? 1 : 0)});
  }

  bool nothing_yet_ = true;
  std::string guard_;
  bool guarded_ = false;
  int depth_ = 0;
};

std::string lexically_normal(const std::string& path) {
  return std::filesystem::path(path).lexically_normal().string();
}

/// Which of the inputs an #include means; empty when that is not sure.
class Inputs {
 public:
  explicit Inputs(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) by_name_[std::string(name_of_path(path))].push_back(path);
  }

  std::string meant(const IncludeLine& line, const std::string& includer) const {
    const auto named = by_name_.find(std::string(name_of_path(line.name)));
    if (named == by_name_.end()) return {};
    const std::string beside = lexically_normal(join_path(folder_of_path(includer), line.name));
    const std::string tail = "/" + lexically_normal(line.name);
    std::string only;
    for (const std::string& path : named->second) {
      const std::string normal = lexically_normal(path);
      if (line.quoted && normal == beside) return path;
      if (!normal.ends_with(tail)) continue;
      if (!only.empty()) return {};
      only = path;
    }
    return only;
  }

 private:
  std::unordered_map<std::string, std::vector<std::string>> by_name_;
};

}  // namespace

std::vector<IncludeLine> include_lines(std::string_view text) {
  std::vector<IncludeLine> lines;
  Directives directives;
  bool inside = false;
  while (!text.empty()) directives.take(without_comments(take_line(text), inside), lines);
  return lines;
}

IncludeChain find_include_chain(FileSystem& files, const std::string& source, const std::string& header,
                                const std::vector<std::string>& inputs) {
  const Inputs known(inputs);
  for (const bool certain : {true, false}) {
    std::unordered_map<std::string, std::string> reached_from{{source, ""}};
    for (std::deque<std::string> next{source}; !next.empty(); next.pop_front()) {
      const std::string includer = next.front();
      if (includer == header) {
        IncludeChain chain{true, certain, {}};
        for (std::string at = reached_from[header]; !at.empty() && at != source; at = reached_from[at])
          chain.through.insert(chain.through.begin(), at);
        return chain;
      }
      const Result<std::string> text = files.read(includer, kMaxIncluder);
      if (!text) continue;
      for (const IncludeLine& line : include_lines(*text)) {
        if (certain && line.conditional) continue;
        const std::string path = known.meant(line, includer);
        if (!path.empty() && reached_from.try_emplace(path, includer).second) next.push_back(path);
      }
    }
  }
  return {};
}

}  // namespace compiler_cache
