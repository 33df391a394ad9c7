// Splitting any text must end; and what is quoted as the compilers' callers do comes back as it was.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "helper/response_file.h"

namespace {

using namespace compiler_cache;

std::string quoted(const std::string& argument) {
  std::string text = "\"";
  for (const char character : argument) {
    if (character == '"' || character == '\\') text += '\\';
    text += character;
  }
  return text + "\"";
}

void check(std::string_view text, CompilerFamily family) {
  const std::vector<std::string> arguments = split_response_file(text, family);
  std::string again;
  std::size_t bytes = 0;
  for (const std::string& argument : arguments) {
    again += quoted(argument) + "\n";
    bytes += argument.size();
  }
  if (bytes > text.size() || split_response_file(again, family) != arguments) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text, CompilerFamily::gcc);
  check(text, CompilerFamily::clang);
  // Each file holds the text itself: either a cycle, or no file is named.
  const auto reader = [&](const std::string&) -> Result<std::string> { return std::string(text); };
  const ResponseFileLimits limits{std::size_t{1} << 16, 1000, 8};
  const auto expanded = expand_response_files({"cc", "@x"}, "/w", CompilerFamily::gcc, reader, limits);
  if (expanded.ok() && expanded->size() > limits.arguments) std::abort();
  const auto windows = expand_response_files({"cl", "@x"}, "/w", CompilerFamily::msvc, reader, limits);
  if (windows.ok() && windows->size() > limits.arguments) std::abort();
  const auto words = split_windows_command_line(text);
  std::size_t bytes = 0;
  for (std::size_t i = 0; words.ok() && i < words->size(); ++i) bytes += (*words)[i].size();
  if (bytes > text.size()) std::abort();
  return 0;
}
