// A command line as a compiler's -### prints it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace compiler_cache {

/// The words of the line: bare, or in double quotes with backslash escapes, or partly so.
std::vector<std::string> printed_words(std::string_view line);

/// Those of the last command in what -### prints, which begins its line with a blank; empty when there is
/// none.
std::vector<std::string> last_printed_command(std::string_view text);

struct ArgumentName {
  std::string path;
  bool is_value = false;  ///< what follows a '='; else a whole word, which mostly is a search folder

  friend bool operator==(const ArgumentName&, const ArgumentName&) = default;
};

/// Whether an argument makes the compiler read files that it does not name: a plugin reads what it likes, a
/// module or an overlay leads to more.
bool reads_what_it_likes(std::string_view word);

/// Whether an argument makes it read one file, which no depfile need list: what follows the '=', or, without
/// one, what the compiler makes of the object's name.
bool reads_a_file(std::string_view word);

/// Absolute names in the command's arguments, of files and folders alike.
std::vector<ArgumentName> names_in_arguments(const std::vector<std::string>& words);

}  // namespace compiler_cache
