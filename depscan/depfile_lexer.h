// Words of a depfile, shared by reader and writer so that both agree where a name ends. Internal to depscan.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace compiler_cache {

/// Cuts a depfile into words without copying. A word is raw text, escapes included.
class DepfileLexer {
 public:
  enum class Place { targets, prerequisites };

  explicit DepfileLexer(std::string_view text) : text_(text) {}

  std::size_t position() const { return position_; }
  bool at_end() const { return position_ == text_.size(); }

  /// Passes blank space, empty lines and continuations: everything before the next rule.
  void skip_to_rule();
  /// The next word on this logical line, or nothing at its end (which is passed). Among targets a word also
  /// ends before the rule's colon; see take_colon.
  std::optional<std::string_view> next_word(Place place);
  /// Passes the rule's colon, if that comes next.
  bool take_colon();

 private:
  std::size_t newline_length(std::size_t at) const;
  bool is_rule_colon(std::size_t at) const;
  bool ends_word(std::size_t at) const;
  bool skip_blank();

  std::string_view text_;
  std::size_t position_ = 0;
};

/// The name that the compilers' writers escaped as `word`.
std::string unescape_depfile_word(std::string_view word);

}  // namespace compiler_cache
