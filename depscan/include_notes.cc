#include "depscan/include_notes.h"

#include <algorithm>

#include "depscan/show_includes.h"

namespace compiler_cache {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view without_blanks_at_end(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Windows prints paths with its own slashes, and in the case of the disk.
bool same_in_path(char a, char b) {
  const auto plain = [](char c) {
    if (c == '\\') return '/';
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return plain(a) == plain(b);
}

bool ends_in_path(std::string_view line, std::string_view path) {
  return line.size() >= path.size() && std::equal(path.rbegin(), path.rend(), line.rbegin(), same_in_path);
}

}  // namespace

NotedOutput split_notes(std::string_view output, std::string_view prefix) {
  prefix = without_blanks_at_end(prefix);
  NotedOutput result;
  const NoteSink sink{&result,
                      [](void* context, const char* bytes, size_t size) {
                        static_cast<NotedOutput*>(context)->text.append(bytes, size);
                      },
                      [](void* context, const char* path, size_t size, size_t depth) {
                        auto* split = static_cast<NotedOutput*>(context);
                        const std::size_t deepest = split->notes.empty() ? 1 : split->notes.back().depth + 1;
                        split->notes.push_back({std::string(path, size), depth});
                        if (depth > deepest && !split->doubt) split->doubt = split->notes.back().path;
                        return true;
                      }};
  NoteFilter filter(prefix.data(), prefix.size(), sink);
  filter.feed(output.data(), output.size());
  filter.finish();
  if (prefix.empty() || result.doubt) return result;
  if (const std::size_t at = result.text.find(prefix); at != std::string::npos) {
    const std::size_t end = std::min(result.text.find('\n', at), result.text.size());
    result.doubt = result.text.substr(at, end - at);
  }
  return result;
}

bool can_be_noted(std::string_view path) {
  return path.find_first_of("\r\n") == std::string_view::npos && path.find_first_not_of(kBlanks) == 0;
}

std::optional<std::string> detect_note_prefix(std::string_view output, std::string_view header,
                                              std::string_view expected) {
  expected = without_blanks_at_end(expected);
  const std::string_view name = header.substr(header.find_last_of("/\\") + 1);
  while (!output.empty()) {
    const std::string_view line = take_line(output);
    if (name.empty() || !ends_in_path(line, name)) continue;
    if (!expected.empty() && line.starts_with(expected)) return std::string(expected);
    if (!ends_in_path(line, header)) continue;
    const std::string_view before = line.substr(0, line.size() - header.size());
    const std::string_view prefix = without_blanks_at_end(before);
    // A blank in between, or it is another path that ends like this one.
    if (!prefix.empty() && prefix.size() < before.size() && prefix.size() <= kMaxNotePrefix)
      return std::string(prefix);
  }
  return std::nullopt;
}

}  // namespace compiler_cache
