# A project with CMake's precompiled headers, in C and C++, of which one is used by another target, too; and one build
# after the other of it. Sourced by the cases that show it.

precompiled_project() {
  mkdir -p "$source"
  cat >"$source/CMakeLists.txt" <<TEXT
cmake_minimum_required(VERSION 3.21)
project(Precompiled LANGUAGES C CXX)
include("$module")
add_library(base STATIC one.cpp two.cpp three.c)
target_precompile_headers(base PRIVATE "\$<\$<COMPILE_LANGUAGE:CXX>:\${CMAKE_SOURCE_DIR}/wide.hpp>" shared.h)
add_library(more STATIC four.cpp)
target_precompile_headers(more REUSE_FROM base)
add_executable(app main.cpp)
target_link_libraries(app base more)
TEXT
  printf '#pragma once\n#include <map>\n#include <string>\n' >"$source/wide.hpp"
  write_shared 1
  printf '#include "wide.hpp"\nstd::map<std::string, int> table() { return {{"one", SHARED}}; }\n' >"$source/one.cpp"
  printf 'static std::string text(SHARED, 0);\nextern "C" int two() { return int(text.size()); }\n' >"$source/two.cpp"
  printf 'int three(void) { return SHARED; }\n' >"$source/three.c"
  printf '#include "shared.h"\nint four() { return SHARED; }\n' >"$source/four.cpp"
  printf 'int four();\nextern "C" int two();\nint main() { return 10 * four() + two(); }\n' >"$source/main.cpp"
  all=7
}

# In another second than before: Clang's precompiled headers hold whole ones.
write_shared() {
  local before
  before=$(stat -c %Y "$source/shared.h" 2>/dev/null || echo 0)
  wait_until 3 later_than "$before"
  printf '#pragma once\n#define SHARED %d\n' "$1" >"$source/shared.h"
}

later_than() { (($(date +%s) > $1)); }

# The program says which shared.h it was made with.
says() {
  local status=0
  "$tree/app" || status=$?
  [[ $status == $((11 * $1)) ]] || fail "the program says $status, not $((11 * $1))"
}

# The objects are those that the compiler makes with the precompiled headers that lie there.
as_compiled() {
  object_hashes "$work/cached"
  find "$tree" -name .compiler-cache -prune -o -name '*.o' -exec rm {} +
  COMPILER_CACHE_DISABLE=1 build
  same_objects "$work/cached" "$1"
}

# precompiled_headers C C++: `remade` is how many of the two are made anew after a header inside was written again.
precompiled_headers() {
  precompiled_project
  configure "-DCMAKE_C_COMPILER=$1" "-DCMAKE_CXX_COMPILER=$2" -DCMAKE_BUILD_TYPE=Debug
  build
  last_build "requests=$all" "misses=$all"
  object_hashes "$work/cold"
  says 1

  clean
  build
  all_hits "$all"
  same_objects "$work/cold"
  if [[ $generator == Ninja ]]; then nothing_to_do; fi
  as_compiled "after a build of hits"

  write_shared 2
  build
  last_build "requests=$((all - 1))" "misses=$((all - 1))"
  says 2
  as_compiled "after a header inside had changed"

  write_shared 1
  build
  last_build "requests=$((all - 1))" "misses=$remade" "hits=$((all - 1 - remade))"
  same_objects "$work/cold"
  says 1

  # CMake gives its own header the time of ours.
  helper stop
  rm -rf "$tree"
  write_shared 1
  touch "$source/wide.hpp"
  configure "-DCMAKE_C_COMPILER=$1" "-DCMAKE_CXX_COMPILER=$2" -DCMAKE_BUILD_TYPE=Debug
  build
  last_build "requests=$all" "misses=$remade" "hits=$((all - remade))"
  same_objects "$work/cold" "in a new tree"
  says 1
  as_compiled "in a new tree"

  # Only the largest go from the stores, which are those of C++: they are made anew, and of GCC's the bytes are others.
  helper stop
  remove_large_blobs "$tree/.compiler-cache/objects"
  remove_large_blobs "$store/objects"
  clean
  build
  last_build "requests=$all" misses=1 "hits=$((all - 1))"
  same_objects "$work/cold" "with a precompiled header made anew"
  if [[ $generator == Ninja ]]; then nothing_to_do; fi
}

remove_large_blobs() {
  local largest
  largest=$(find "$1" -type f -printf '%s\n' | sort -n | tail -1)
  find "$1" -type f -size "+$((largest / 2))c" -delete
}
