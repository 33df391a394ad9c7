# For cases that build for Windows with clang-cl, llvm-lib and lld-link, on this system: a freestanding project, without a
# C library. A case sets what it wants of options and then calls clang_cl_project, and the steps of lib_real.sh.
source "$repo/tests/builds/lib_real.sh"
objects='*.obj'

# A program whose files have headers of their own, some with spaces in their names, and of the compiler.
clang_cl_sources() {
  local i
  mkdir -p "$source/include/a folder"
  cat >"$source/CMakeLists.txt" <<'TEXT'
cmake_minimum_required(VERSION 3.21)
project(Freestanding LANGUAGES C CXX)
add_library(parts STATIC part_1.cpp part_2.cpp part_3.c)
target_include_directories(parts PUBLIC include "include/a folder")
add_executable(app main.cpp)
target_link_libraries(app PRIVATE parts)
target_link_options(app PRIVATE /entry:start /subsystem:console /nodefaultlib)
TEXT
  echo '#pragma once' >"$source/include/all.h"
  echo '#define ALL 1' >>"$source/include/all.h"
  printf '#pragma once\n#include "all.h"\n#define SOME 2\n' >"$source/include/a folder/some parts.h"
  printf '#include <all.h>\n#include <stdint.h>\nint32_t part_3(int x) { return x + ALL; }\n' >"$source/part_3.c"
  for i in 1 2; do
    printf '#include "some parts.h"\nint part_%d(int x) { return x * SOME * %d; }\n' $i $i >"$source/part_$i.cpp"
  done
  cat >"$source/main.cpp" <<'TEXT'
#include <all.h>
int part_1(int);
int part_2(int);
extern "C" int part_3(int);
extern "C" int start() { return part_1(ALL) + part_2(ALL) + part_3(ALL); }
TEXT
  header="include/a folder/some parts.h"
}

# A toolchain of this system's clang under the name clang-cl.
clang_cl_project() {
  need ninja clang llvm-lib lld-link
  counting_compiler clang clang-cl --driver-mode=cl
  clang_cl_sources
  cat >"$work/toolchain.cmake" <<TEXT
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
set(CMAKE_C_COMPILER "$compiler")
set(CMAKE_CXX_COMPILER "$compiler")
set(CMAKE_C_COMPILER_TARGET x86_64-pc-windows-msvc)
set(CMAKE_CXX_COMPILER_TARGET x86_64-pc-windows-msvc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_AR llvm-lib CACHE FILEPATH "")
set(CMAKE_LINKER lld-link CACHE FILEPATH "")
set(CMAKE_MT llvm-mt CACHE FILEPATH "")
set(CMAKE_RC_COMPILER llvm-rc CACHE FILEPATH "")
set(CMAKE_C_STANDARD_LIBRARIES "" CACHE STRING "")
set(CMAKE_CXX_STANDARD_LIBRARIES "" CACHE STRING "")
set(CMAKE_EXE_LINKER_FLAGS_INIT /manifest:no)
# Without the time of its making in each object, so that they can be compared.
set(CMAKE_C_FLAGS_INIT /Brepro)
set(CMAKE_CXX_FLAGS_INIT /Brepro)
TEXT
  options=("-DCMAKE_TOOLCHAIN_FILE=$work/toolchain.cmake" "$@")
}

# Notes are for the build tool: nobody sees one.
no_note_is_seen() {
  ! grep -q "including file" "$work/built" || { cat "$work/built" >&2; fail "a note reached the user"; }
}
