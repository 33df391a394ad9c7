#include "helper/root_tokens.h"

#include <algorithm>
#include <utility>

#include "depscan/text_bytes.h"

namespace compiler_cache {
namespace {

constexpr std::string_view kSourceToken = "@s";
constexpr std::string_view kBuildToken = "@b";

bool is_root(const std::string& root) {
  return root.size() > 1 && root.front() == '/' && !root.ends_with('/') &&
         root.find("/../") == std::string::npos && root.find("//") == std::string::npos;
}

bool root_holds(std::string_view path, std::string_view root) {
  return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

/// Whether "/a/../../x" goes above where it begins.
bool climbs_out(std::string_view rest) {
  int depth = 0;
  for (std::size_t at = 0; at < rest.size();) {
    const std::size_t end = std::min(rest.find('/', at), rest.size());
    const std::string_view name = rest.substr(at, end - at);
    if (name == "..") {
      if (--depth < 0) return true;
    } else if (!name.empty() && name != ".") {
      ++depth;
    }
    at = end + 1;
  }
  return false;
}

bool stands_in(std::string_view text, std::string_view root) {
  const bool one_name = root.find('/', 1) == std::string_view::npos;
  for (std::size_t at = 0; (at = text.find(root, at)) != std::string_view::npos; ++at) {
    if (!one_name || at == 0) return true;
    const char before = text[at - 1];
    if (!is_word_byte(before) && before != '.' && before != '-' && before != '/') return true;
  }
  return false;
}

}  // namespace

RootTokens::RootTokens(std::string source_root, std::string build_root)
    : source_(std::move(source_root)),
      build_(std::move(build_root)),
      usable_(is_root(source_) && is_root(build_)) {}

bool RootTokens::is_below_root(std::string_view path) const {
  return root_holds(path, build_) || root_holds(path, source_);
}

std::optional<std::string> RootTokens::to_token(std::string_view path) const {
  if (!path.starts_with('/')) return std::nullopt;
  const bool build = root_holds(path, build_);
  if (!build && !root_holds(path, source_)) return elsewhere(path);
  const std::string_view rest = path.substr(build ? build_.size() : source_.size());
  if (climbs_out(rest)) return std::nullopt;
  return std::string(build ? kBuildToken : kSourceToken).append(rest);
}

/// /a/source2 becomes /mapped2 where -ffile-prefix-map makes /a/source to /mapped.
std::optional<std::string> RootTokens::elsewhere(std::string_view path) const {
  if (mentioned_in(path)) return std::nullopt;
  return std::string(path);
}

std::optional<std::string> RootTokens::from_token(std::string_view text) const {
  if (text.starts_with('/')) return elsewhere(text);
  const bool build = text.starts_with(kBuildToken);
  if (!build && !text.starts_with(kSourceToken)) return std::nullopt;
  const std::string_view rest = text.substr(kBuildToken.size());
  if ((!rest.empty() && rest.front() != '/') || climbs_out(rest)) return std::nullopt;
  return (build ? build_ : source_) + std::string(rest);
}

bool RootTokens::mentioned_in(std::string_view text) const {
  return stands_in(text, source_) || (build_ != source_ && stands_in(text, build_));
}

std::string RootTokens::layout() const {
  if (root_holds(build_, source_)) return "build" + build_.substr(source_.size());
  if (root_holds(source_, build_)) return "source" + source_.substr(build_.size());
  return {};
}

}  // namespace compiler_cache
