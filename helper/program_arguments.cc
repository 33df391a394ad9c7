#include "helper/program_arguments.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace compiler_cache {

std::vector<std::string> program_arguments(const std::vector<std::string>& arguments) {
  constexpr auto kJoined = std::to_array<std::string_view>(
      {"-B", "--target=", "-specs", "--specs", "--gcc-toolchain", "--config", "--driver-mode=", "--sysroot",
       "-fno-integrated-as", "-no-integrated-as", "-fintegrated-as", "-m32", "-mx32", "--gcc-install-dir",
       "-ccc-"});
  constexpr auto kSeparate =
      std::to_array<std::string_view>({"-B", "-target", "-specs", "--specs", "-gcc-toolchain", "--config",
                                       "-resource-dir", "-isysroot", "--sysroot"});
  constexpr auto kMsvc = std::to_array<std::string_view>(
      {"winsysroot", "winsdkdir", "winsdkversion", "vctoolsdir", "vctoolsversion", "diasdkdir"});
  const auto begins_with_one = [](std::string_view word, std::span<const std::string_view> prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](std::string_view prefix) { return word.starts_with(prefix); });
  };
  std::vector<std::string> chosen;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string_view argument = arguments[i];
    if (argument.starts_with("/clang:")) argument.remove_prefix(7);
    const bool msvc = argument.size() > 1 && begins_with_one(argument.substr(1), kMsvc);
    const bool separate = std::find(kSeparate.begin(), kSeparate.end(), argument) != kSeparate.end() ||
                          (msvc && std::find(kMsvc.begin(), kMsvc.end(), argument.substr(1)) != kMsvc.end());
    if (separate && i + 1 < arguments.size()) {
      chosen.push_back(arguments[i]);
      chosen.push_back(arguments[++i]);
    } else if (msvc || begins_with_one(argument, kJoined)) {
      chosen.push_back(arguments[i]);
    }
  }
  return chosen;
}

}  // namespace compiler_cache
