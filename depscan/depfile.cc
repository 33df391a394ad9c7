#include "depscan/depfile.h"

#include <unordered_set>
#include <utility>

#include "depscan/depfile_lexer.h"

namespace compiler_cache {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

Error corrupt_at(std::size_t offset, const char* what) {
  return {ErrorKind::corrupt, "depfile: " + std::string(what) + " at byte " + std::to_string(offset)};
}

Error module_rule_at(std::size_t offset) {
  return {ErrorKind::unsupported, "depfile: rule about C++ modules at byte " + std::to_string(offset)};
}

/// GCC's assignments (CXX_IMPORTS += x) and order-only rules (x:| y) name modules, not files.
bool is_module_rule(const std::vector<std::string>& words) {
  if (words.front() == ".PHONY" || words.back().ends_with(":|")) return true;
  return words.size() == 2 && words[0] == "CXX_IMPORTS" && words[1] == "+=";
}

Result<DepfileRule> parse_rule(DepfileLexer& lexer) {
  DepfileRule rule;
  const std::size_t start = lexer.position();
  while (!lexer.take_colon()) {
    const auto word = lexer.next_word(DepfileLexer::Place::targets);
    if (!word) return corrupt_at(start, "line without a colon");
    rule.targets.emplace_back(*word);
    if (is_module_rule(rule.targets)) return module_rule_at(start);
  }
  if (rule.targets.empty()) return corrupt_at(start, "rule without target");
  while (const auto word = lexer.next_word(DepfileLexer::Place::prerequisites)) {
    rule.prerequisites.push_back(unescape_depfile_word(*word));
  }
  return rule;
}

}  // namespace

std::size_t DepfileLexer::newline_length(std::size_t at) const {
  if (at < text_.size() && text_[at] == '\n') return 1;
  return text_.substr(at, 2) == "\r\n" ? 2 : 0;
}

/// A colon ends the targets only before blank space or a line's end: C:\x and a:b are names.
bool DepfileLexer::is_rule_colon(std::size_t at) const {
  if (text_[at] != ':') return false;
  const std::size_t next = at + 1;
  if (next == text_.size() || is_blank(text_[next]) || newline_length(next) > 0) return true;
  return text_[next] == '\\' && newline_length(next + 1) > 0;
}

/// No writer separates names by a bare tab, and Clang writes those of a name bare: a tab between two other
/// bytes is a part of the name.
bool DepfileLexer::ends_word(std::size_t at) const {
  if (text_[at] == ' ' || newline_length(at) > 0) return true;
  if (text_[at] != '\t') return false;
  const std::size_t next = at + 1;
  return next == text_.size() || is_blank(text_[next]) || newline_length(next) > 0;
}

/// Passes blank space and continuations; false at the end of the logical line.
bool DepfileLexer::skip_blank() {
  while (position_ < text_.size()) {
    if (is_blank(text_[position_])) {
      ++position_;
    } else if (text_[position_] == '\\' && newline_length(position_ + 1) > 0) {
      position_ += 1 + newline_length(position_ + 1);
    } else {
      return newline_length(position_) == 0;
    }
  }
  return false;
}

void DepfileLexer::skip_to_rule() {
  while (!skip_blank() && position_ < text_.size()) position_ += newline_length(position_);
}

bool DepfileLexer::take_colon() {
  if (!skip_blank() || !is_rule_colon(position_)) return false;
  ++position_;
  return true;
}

std::optional<std::string_view> DepfileLexer::next_word(Place place) {
  if (!skip_blank()) {
    if (position_ < text_.size()) position_ += newline_length(position_);
    return std::nullopt;
  }
  const std::size_t start = position_;
  while (position_ < text_.size()) {
    if (text_[position_] == '\\') {
      const std::size_t first = position_;
      while (position_ < text_.size() && text_[position_] == '\\') ++position_;
      const bool odd = (position_ - first) % 2 == 1;
      if (position_ == text_.size()) break;
      if (newline_length(position_) > 0) {
        --position_;  // a continuation, however many backslashes end the name before it
        break;
      }
      if (odd && is_blank(text_[position_])) ++position_;
      continue;
    }
    if (ends_word(position_)) break;
    if (place == Place::targets && is_rule_colon(position_)) break;
    ++position_;
  }
  return text_.substr(start, position_ - start);
}

std::string unescape_depfile_word(std::string_view word) {
  std::string name;
  name.reserve(word.size());
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '$') {
      if (word.substr(i, 2) == "$$") ++i;
      name += '$';
      continue;
    }
    std::size_t slashes = 0;
    for (; i < word.size() && word[i] == '\\'; ++i) ++slashes;
    if (i == word.size()) {
      name.append(slashes, '\\');
      break;
    }
    if (slashes > 0 && is_blank(word[i])) {
      slashes /= 2;  // 2N + 1 stand for N
    } else if (slashes > 0 && word[i] == '#') {
      --slashes;  // the compilers escape the hash alone, not the backslashes before it
    }
    name.append(slashes, '\\');
    if (word[i] == '$') {
      --i;
      continue;
    }
    name += word[i];
  }
  return name;
}

Result<Depfile> parse_depfile(std::string_view text) {
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) return corrupt_at(nul, "NUL");
  Depfile depfile;
  DepfileLexer lexer(text);
  for (lexer.skip_to_rule(); !lexer.at_end(); lexer.skip_to_rule()) {
    auto rule = parse_rule(lexer);
    if (!rule) return rule.error();
    depfile.rules.push_back(std::move(rule).value());
  }
  if (depfile.rules.empty()) return corrupt_at(text.size(), "end without a rule");
  return depfile;
}

std::vector<std::string> depfile_inputs(const Depfile& depfile) {
  std::vector<std::string> inputs;
  std::unordered_set<std::string_view> seen;
  for (const DepfileRule& rule : depfile.rules) {
    for (const std::string& name : rule.prerequisites) {
      if (seen.insert(name).second) inputs.push_back(name);
    }
  }
  return inputs;
}

}  // namespace compiler_cache
