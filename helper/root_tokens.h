// Paths below the source or the build tree as they are written where the folder does not count: "@s/x.h" and
// "@b/x.h". Any other path is written as it is, absolute.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace compiler_cache {

class RootTokens {
 public:
  /// Absolute paths without a slash at the end.
  RootTokens(std::string source_root, std::string build_root);

  /// Whether there are roots by which anything can be told: neither is missing, nor the root of everything.
  bool usable() const { return usable_; }

  /// `path` with a token in the place of its root, whichever of the two it lies below, the build tree first.
  /// Nothing for a relative path, and for one that leaves its root again by "..": what that means depends on
  /// where the root is. Nor for one beside a root whose name begins like the root's: what maps the root's
  /// paths may change that one, too.
  std::optional<std::string> to_token(std::string_view path) const;
  /// The way back; nothing for text that to_token() does not make.
  std::optional<std::string> from_token(std::string_view text) const;
  bool is_below_root(std::string_view path) const;

  /// Whether one of the roots stands in the text. One that is a single name, as "/src", counts only where no
  /// longer path goes before it.
  bool mentioned_in(std::string_view text) const;

  /// How the build tree lies in the source tree or the other way round: "/build", "..", "" when it does not.
  std::string layout() const;

  const std::string& source() const { return source_; }
  const std::string& build() const { return build_; }

 private:
  std::optional<std::string> elsewhere(std::string_view path) const;

  std::string source_;
  std::string build_;
  bool usable_ = false;
};

}  // namespace compiler_cache
