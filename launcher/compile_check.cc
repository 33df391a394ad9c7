#include "launcher/compile_check.h"

#include <string.h>

namespace compiler_cache::launcher {
namespace {

// CMakeScratch since CMake 3.25, CMakeTmp before.
constexpr const char* kScratchFolders[] = {"/CMakeFiles/CMakeScratch/", "/CMakeFiles/CMakeTmp"};
constexpr char kTargetPrefix[] = "cmTC_";
// How an output is named, for GCC, Clang and the MSVC dialect; the name follows at once or as the next
// argument.
constexpr const char* kOutputOptions[] = {"-o", "/Fo", "-Fo"};

const char* output_of(char** argument) {
  for (const char* option : kOutputOptions) {
    const size_t size = strlen(option);
    if (strncmp(*argument, option, size) != 0) continue;
    return (*argument)[size] != '\0' ? *argument + size : argument[1];
  }
  return nullptr;
}

}  // namespace

bool is_compile_check(char** argv, const char* cwd) {
  for (const char* folder : kScratchFolders) {
    if (strstr(cwd, folder) != nullptr) return true;
  }
  for (char** argument = argv; *argument != nullptr; ++argument) {
    const char* output = output_of(argument);
    if (output != nullptr && strstr(output, kTargetPrefix) != nullptr) return true;
  }
  return false;
}

}  // namespace compiler_cache::launcher
