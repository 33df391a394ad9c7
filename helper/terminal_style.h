// Colours for people at a terminal; nothing for programs, files and pipes.
#pragma once

#include <string>
#include <string_view>

namespace compiler_cache {

struct Style {
  bool colored = false;

  std::string bold(std::string_view text) const { return wrapped("1", text); }
  std::string dim(std::string_view text) const { return wrapped("2", text); }
  std::string good(std::string_view text) const { return wrapped("32", text); }
  std::string bad(std::string_view text) const { return wrapped("33", text); }

 private:
  std::string wrapped(const char* code, std::string_view text) const {
    if (!colored || text.empty()) return std::string(text);
    return std::string("\033[") + code + "m" + std::string(text) + "\033[0m";
  }
};

/// NO_COLOR (set to anything) forbids colours; else CLICOLOR_FORCE (anything but 0) asks for them, and a
/// terminal that is not dumb gets them. The arguments are values of the variables, null when not set.
inline bool wants_colors(bool is_terminal, const char* no_color, const char* force, const char* term) {
  if (no_color != nullptr && *no_color != '\0') return false;
  if (force != nullptr && *force != '\0' && std::string_view(force) != "0") return true;
  return is_terminal && term != nullptr && std::string_view(term) != "dumb";
}

/// For what is printed on standard output.
Style style_of_output();

}  // namespace compiler_cache
