// The names that compilers make up for outputs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "helper/artifact.h"
#include "helper/compiler_family.h"

namespace compiler_cache {

/// "a/b.tar.c" → "b.tar.c".
std::string_view file_name_of(std::string_view path);

/// `path` less the extension of its last component, which starts at the last dot, be it the first character:
/// "a/b.tar.c" → "a/b.tar", "a/.foo" → "a/", "a.b/c" → "a.b/c". Measured alike for GCC 12 and Clang 14's
/// depfiles.
std::string without_extension(std::string_view path);

/// The output's name when no -o is given: in the cwd, after the source.
std::string derived_output(std::string_view input, std::string_view extension);

/// The object's name in the MSVC dialect, of which `given` (by /Fo) may be all, a folder with a separator at
/// its end, or nothing; a name without extension gets ".obj". None when it can't be told for sure.
std::optional<std::string> msvc_object_name(std::string_view given, std::string_view input,
                                            CompilerFamily family);

/// The name of an additional output beside `output`; none when it can't be told for sure: GCC and Clang
/// differ for names that begin with a dot, and GCC's optimisation records carry the source's extension, too.
std::optional<std::string> extra_output_name(OutputRole role, std::string_view output, std::string_view input,
                                             CompilerFamily family);

}  // namespace compiler_cache
