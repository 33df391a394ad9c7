// A command line as a compiler's -### prints it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace compiler_cache {

/// The words of the line: bare, or in double quotes with backslash escapes, or partly so.
std::vector<std::string> printed_words(std::string_view line);

struct ArgumentName {
  std::string path;
  bool is_value = false;  ///< what follows a '='; else a whole word, which mostly is a search folder

  friend bool operator==(const ArgumentName&, const ArgumentName&) = default;
};

/// Absolute names in the command's arguments, of files and folders alike.
std::vector<ArgumentName> names_in_arguments(const std::vector<std::string>& words);

}  // namespace compiler_cache
