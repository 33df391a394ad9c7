// The writers of GCC and Clang, as far as a change of target reaches: quoting and line wrapping.
#include <algorithm>
#include <cstddef>
#include <deque>
#include <utility>

#include "depscan/depfile.h"
#include "depscan/depfile_lexer.h"

namespace compiler_cache {
namespace {

/// The first line of a depfile in parts, the escapes kept.
struct MainRule {
  std::vector<std::string_view> targets;
  std::vector<std::string_view> prerequisites;
  std::size_t length = 0;  ///< of the rule's text, its newline included
};

Error unsure(const char* why) { return {ErrorKind::unsupported, "depfile: " + std::string(why)}; }

std::string_view without_leading_dot_slash(std::string_view name) {
  while (name.starts_with("./")) {
    name.remove_prefix(2);
    while (name.starts_with('/')) name.remove_prefix(1);
  }
  return name;
}

std::string escape_for_make(std::string_view name) {
  std::string text;
  std::size_t slashes = 0;
  for (const char c : name) {
    if (c == ' ' || c == '\t') text.append(slashes + 1, '\\');
    if (c == '#') text += '\\';
    if (c == '$') text += '$';
    text += c;
    slashes = c == '\\' ? slashes + 1 : 0;
  }
  return text;
}

/// GCC: a line has at most 72 columns, a continued one starts with the one blank that separates names anyway.
std::string write_gcc_rule(std::span<const std::string_view> targets, const MainRule& rule) {
  constexpr std::size_t kColumns = 72;
  std::string text;
  std::size_t column = 0;
  const auto write = [&](std::string_view name) {
    if (column > 0) {
      if (column + name.size() > kColumns) {
        text += " \\\n";
        column = 0;
      }
      text += ' ';
      ++column;
    }
    text += name;
    column += name.size();
  };
  for (const std::string_view target : targets) write(target);
  text += ':';
  ++column;
  for (const std::string_view name : rule.prerequisites) write(name);
  text += '\n';
  return text;
}

/// Clang: 75 columns, two of them kept for a possible continuation, and names counted as they are before
/// escaping.
std::string write_clang_rule(std::span<const std::string_view> targets, const MainRule& rule) {
  constexpr std::size_t kColumns = 75;
  std::string text;
  std::size_t column = 0;
  for (const std::string_view target : targets) {
    if (column == 0) {
      column = target.size();
    } else if (column + target.size() + 2 > kColumns) {
      text += " \\\n  ";
      column = target.size() + 2;
    } else {
      text += ' ';
      column += target.size() + 1;
    }
    text += target;
  }
  text += ':';
  ++column;
  for (const std::string_view name : rule.prerequisites) {
    const std::size_t width = unescape_depfile_word(name).size() + 1;
    if (column + width + 2 > kColumns) {
      text += " \\\n ";
      column = 2;
    }
    text += ' ';
    text += name;
    column += width;
  }
  text += '\n';
  return text;
}

std::string write_rule(std::span<const std::string_view> targets, const MainRule& rule,
                       DepfileDialect dialect) {
  return dialect == DepfileDialect::gcc ? write_gcc_rule(targets, rule) : write_clang_rule(targets, rule);
}

Result<MainRule> read_main_rule(std::string_view text) {
  MainRule rule;
  DepfileLexer lexer(text);
  while (!lexer.take_colon()) {
    const auto word = lexer.next_word(DepfileLexer::Place::targets);
    if (!word) return unsure("first line is no rule");
    rule.targets.push_back(*word);
  }
  while (const auto word = lexer.next_word(DepfileLexer::Place::prerequisites)) {
    // The rule's colon, if an -MT target has a colon and a blank of its own: then targets were taken for
    // inputs.
    if (word->ends_with(':')) return unsure("a second colon in the first rule");
    rule.prerequisites.push_back(*word);
  }
  if (rule.targets.empty() || rule.prerequisites.empty()) return unsure("first rule has an empty side");
  rule.length = lexer.position();
  return rule;
}

/// Whether `rest` is nothing but phony rules of the main rule's inputs: only then is it the same for every
/// target.
bool is_phony_tail(std::string_view rest, const MainRule& rule) {
  auto input = rule.prerequisites.begin();
  while (!rest.empty()) {
    if (rest.starts_with('\n')) {
      rest.remove_prefix(1);
      continue;
    }
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos || end == 0 || rest[end - 1] != ':') return false;
    input = std::find(input, rule.prerequisites.end(), rest.substr(0, end - 1));
    if (input == rule.prerequisites.end()) return false;
    ++input;
    rest.remove_prefix(end + 1);
  }
  return true;
}

Result<std::string> retarget_lf(std::string_view text, std::span<const std::string> target_texts,
                                DepfileDialect dialect) {
  const auto rule = read_main_rule(text);
  if (!rule) return rule.error();
  const std::string_view rest = text.substr(rule->length);
  if (!is_phony_tail(rest, *rule)) return unsure("more than phony rules after the first one");
  if (write_rule(rule->targets, *rule, dialect) != text.substr(0, rule->length)) {
    return unsure("lines are not wrapped as this compiler does");
  }
  const std::vector<std::string_view> targets(target_texts.begin(), target_texts.end());
  return write_rule(targets, *rule, dialect) + std::string(rest);
}

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  result.reserve(text.size());
  std::size_t at = 0;
  for (std::size_t hit; (hit = text.find(from, at)) != std::string_view::npos; at = hit + from.size()) {
    result.append(text, at, hit - at).append(to);
  }
  return result.append(text, at);
}

/// The words of a rule under other names; the texts are in `names`.
bool rename_words(const std::vector<std::string_view>& words, bool files, const DepfileRename& rename,
                  std::deque<std::string>& names, std::vector<std::string_view>& renamed) {
  for (const std::string_view word : words) {
    const std::string plain = files ? unescape_depfile_word(word) : std::string(word);
    if (files && escape_for_make(plain) != word) return false;
    const std::optional<std::string> other = rename(plain);
    if (!other) return false;
    renamed.push_back(names.emplace_back(files ? escape_for_make(*other) : *other));
  }
  return true;
}

/// Phony rules with the names that the main rule's inputs have now.
std::string rename_phony_tail(std::string_view rest, const MainRule& rule, const MainRule& renamed) {
  std::string text;
  std::size_t input = 0;
  while (!rest.empty()) {
    if (rest.starts_with('\n')) {
      text += '\n';
      rest.remove_prefix(1);
      continue;
    }
    const std::size_t end = rest.find('\n');
    while (rule.prerequisites[input] != rest.substr(0, end - 1)) ++input;
    text.append(renamed.prerequisites[input++]).append(":\n");
    rest.remove_prefix(end + 1);
  }
  return text;
}

}  // namespace

std::string quote_depfile_target(std::string_view name, DepfileDialect dialect) {
  return escape_for_make(dialect == DepfileDialect::gcc ? without_leading_dot_slash(name) : name);
}

std::vector<std::string> depfile_target_texts(std::span<const DepfileTarget> targets,
                                              DepfileDialect dialect) {
  std::vector<std::string> texts;
  if (dialect == DepfileDialect::clang) {
    for (const DepfileTarget& target : targets) {
      texts.push_back(target.quoted ? quote_depfile_target(target.name, dialect) : target.name);
    }
    return texts;
  }
  // GCC's driver hands on all -MQ before all -MT. Its writer wants the raw ones in front, so that each trades
  // places with the first quoted one, which so becomes the last (measured with 12.2, for every mix of six).
  for (const DepfileTarget& target : targets) {
    if (target.quoted) texts.push_back(quote_depfile_target(target.name, dialect));
  }
  std::size_t raw_count = 0;
  for (const DepfileTarget& target : targets) {
    if (target.quoted) continue;
    texts.emplace_back(without_leading_dot_slash(target.name));
    std::swap(texts[raw_count++], texts.back());
  }
  return texts;
}

Result<std::string> retarget_depfile(std::string_view text, std::span<const std::string> target_texts,
                                     DepfileDialect dialect) {
  if (target_texts.empty()) return Error{ErrorKind::invalid, "depfile: no target given"};
  if (auto parsed = parse_depfile(text); !parsed) return parsed.error();
  if (text.find('\r') == std::string_view::npos) return retarget_lf(text, target_texts, dialect);
  // A text-mode stream on Windows: all line ends are CRLF, or this is not what a compiler wrote.
  const std::string plain = replace_all(text, "\r\n", "\n");
  if (replace_all(plain, "\n", "\r\n") != text) return unsure("mixed line ends");
  auto result = retarget_lf(plain, target_texts, dialect);
  if (!result) return result;
  return replace_all(*result, "\n", "\r\n");
}

Result<std::string> rename_in_depfile(std::string_view text, const DepfileRename& rename,
                                      DepfileDialect dialect) {
  if (auto parsed = parse_depfile(text); !parsed) return parsed.error();
  if (text.find('\r') != std::string_view::npos) return unsure("lines of another system");
  const auto rule = read_main_rule(text);
  if (!rule) return rule.error();
  const std::string_view rest = text.substr(rule->length);
  if (!is_phony_tail(rest, *rule)) return unsure("more than phony rules after the first one");
  if (write_rule(rule->targets, *rule, dialect) != text.substr(0, rule->length)) {
    return unsure("lines are not wrapped as this compiler does");
  }
  std::deque<std::string> names;
  MainRule renamed;
  if (!rename_words(rule->targets, false, rename, names, renamed.targets) ||
      !rename_words(rule->prerequisites, true, rename, names, renamed.prerequisites)) {
    return unsure("a name that cannot be another");
  }
  return write_rule(renamed.targets, renamed, dialect) + rename_phony_tail(rest, *rule, renamed);
}

}  // namespace compiler_cache
