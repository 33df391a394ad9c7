// The environment of a request: which variables can change what a compiler makes of a command.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace compiler_cache {

/// "NAME=value" strings, as a request carries them. Looks up by linear search: an environment has some fifty
/// entries, and a request asks for a few.
class Environment {
 public:
  explicit Environment(const std::vector<std::string>& entries) : entries_(entries) {}

  /// The value; none when it is not set. The first of several entries wins, as in getenv.
  std::optional<std::string_view> get(std::string_view name) const;

  /// Where programs are looked for: PATH, or what the launcher takes in its place.
  std::string_view program_path() const { return get("PATH").value_or("/usr/local/bin:/bin:/usr/bin"); }

  const std::vector<std::string>& entries() const { return entries_; }

 private:
  const std::vector<std::string>& entries_;
};

/// What of the environment enters a key: name and value of every variable that is set and can change a result
/// of GCC or Clang, in a fixed order. `whole`: for a wrapper script, which can look at anything, all but what
/// is known to differ between equal builds.
std::vector<std::string> environment_for_key(const Environment& environment, bool whole);

/// The same for a link: also what linkers read.
std::vector<std::string> environment_for_link(const Environment& environment);

/// The environment for a question to the compiler (search path, programs): the request's, in the C locale so
/// that the answer can be parsed.
std::vector<std::string> environment_for_probe(const Environment& environment);

}  // namespace compiler_cache
