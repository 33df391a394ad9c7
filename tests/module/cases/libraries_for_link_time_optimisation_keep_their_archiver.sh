# CMake takes the compiler's own ar there, which knows its objects.
share_programs
need gcc-ar ninja
project <<END
cmake_minimum_required(VERSION 3.21)
project(Ipo LANGUAGES C)
include($repo/cmake/CompilerCache.cmake)
add_library(unit STATIC unit.c)
add_library(optimised STATIC unit.c)
set_target_properties(optimised PROPERTIES INTERPROCEDURAL_OPTIMIZATION ON)
add_executable(app main.c)
target_link_libraries(app unit optimised)
END
configure -DCMAKE_C_COMPILER=gcc
STUB_ARCHIVE_LOG=$work/archives build
grep -E -- '^--archive liboptimised.a [^ ]*gcc-ranlib[^ ]* [^ ]*gcc-ar[^ ]* cr liboptimised.a ' "$work/archives" ||
  fail "$(cat "$work/archives")"
grep -E -- '^--archive libunit.a [^ ]*/ranlib [^ ]*/ar qc libunit.a ' "$work/archives" || fail "$(cat "$work/archives")"
