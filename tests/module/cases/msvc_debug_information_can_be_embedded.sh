# COMPILER_CACHE_MSVC_EMBED_DEBUG: no /Zi is left, by whatever way it came, and nothing else changes. The helper is told
# what the compiler's include notes begin with.
need clang llvm-lib
share_programs
ln -s "$(command -v clang)" "$work/clang-cl"
project <<END
cmake_minimum_required(VERSION 3.21)
if(POLICY CMP0141 AND FORMATS)
  cmake_policy(SET CMP0141 NEW)
endif()
project(Windows LANGUAGES C)
add_library(before STATIC unit.c)
include($repo/cmake/CompilerCache.cmake)
add_library(unit STATIC unit.c)
add_library(asked STATIC unit.c)
target_compile_options(asked PRIVATE -Zi /DZI /W3)
set_target_properties(asked PROPERTIES MSVC_DEBUG_INFORMATION_FORMAT ProgramDatabase)
add_library(none STATIC unit.c)
set_target_properties(none PROPERTIES MSVC_DEBUG_INFORMATION_FORMAT "")
END
cat >"$work/toolchain.cmake" <<END
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_C_COMPILER "$work/clang-cl")
set(CMAKE_C_COMPILER_TARGET x86_64-pc-windows-msvc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_AR llvm-lib CACHE FILEPATH "")
END
flags() { grep -h "^  FLAGS = " "$work/build/build.ninja"; }
with_program_database() { flags | grep -cE "[-/]Z[iI]( |$)" || true; }
embedded() { flags | grep -cE "[-/]Z7( |$)" || true; }

for formats in OFF ON; do
  rm -rf "$work/build"
  configure "-DCMAKE_TOOLCHAIN_FILE=$work/toolchain.cmake" -DCMAKE_BUILD_TYPE=Debug "-DFORMATS=$formats"
  before=$(with_program_database)
  ((before >= 3)) || { flags; fail "this project has no program databases (formats $formats)"; }
  flags | sed -E 's#[-/]Z[iI7]( |$)#Z #g' >"$work/flags"
  has_line "$work/build/.compiler-cache/config" "note_prefix=Note: including file: "

  configure -DCOMPILER_CACHE_MSVC_EMBED_DEBUG=ON
  [[ $(with_program_database) == 0 ]] || { flags; fail "program databases are left (formats $formats)"; }
  [[ $(embedded) == "$before" ]] || { flags; fail "$(embedded) of $before embed (formats $formats)"; }
  flags | sed -E 's#[-/]Z[iI7]( |$)#Z #g' | diff "$work/flags" - || fail "something else has changed (formats $formats)"

  configure -DCOMPILER_CACHE_MSVC_EMBED_DEBUG=OFF
  [[ $(with_program_database) == "$before" ]] || { flags; fail "it does not come back (formats $formats)"; }
done

configure_fails -DCOMPILER_CACHE_MSVC_EMBED_DEBUG=perhaps
said 'COMPILER_CACHE_MSVC_EMBED_DEBUG is "perhaps"'
