# The programs serve projects of any compiler: one that comes later builds them no second time, in the same tree or another.
need g++ clang++
project <<END
cmake_minimum_required(VERSION 3.21)
project(Both LANGUAGES C CXX)
include($repo/cmake/CompilerCache.cmake)
add_executable(app main.c)
END
# The compiler of a tree that is there: with its cache gone, which is what CMake does then, but for the options it was given.
change_compiler() {
  rm -rf "$work/build/CMakeCache.txt" "$work/build/CMakeFiles"
  configure "-DCMAKE_C_COMPILER=$1" "-DCMAKE_CXX_COMPILER=$2"
}
change_compiler gcc g++
said "CompilerCache: building the helper, done ("
digest=$(cat "$work/build/.compiler-cache/bin/digest")
change_compiler clang clang++
not_said "building the helper"
said "active for C CXX;"
build
launched main.c
rm -rf "$work/build"
change_compiler clang clang++
not_said "building the helper"
has_line "$work/build/.compiler-cache/bin/digest" "$digest"
[[ $(ls "$work/user-cache/compiler-cache/bin") == "$digest" ]] || fail "kept twice"

# Neither in a tree that is all there is: without a user's cache folder.
rm -rf "$work/build" "$work/user-cache"
unset XDG_CACHE_HOME
HOME="" change_compiler gcc g++
said "CompilerCache: building the helper, done ("
HOME="" change_compiler clang clang++
not_said "building the helper"
export XDG_CACHE_HOME=$work/user-cache

# Whoever names the compiler gets its programs, and keeps them when it is named no longer.
configure -DCOMPILER_CACHE_HOST_CXX=clang++
said "CompilerCache: building the helper, done ("
configure -DCOMPILER_CACHE_HOST_CXX=
not_said "building the helper"
