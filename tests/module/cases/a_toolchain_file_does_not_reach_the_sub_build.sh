need gcc ninja
cat >"$work/toolchain.cmake" <<END
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR odd)
set(CMAKE_C_COMPILER gcc)
set(CMAKE_C_FLAGS_INIT "-DCROSS")
set(CMAKE_CXX_FLAGS_INIT "-DCROSS")
set(CMAKE_FIND_ROOT_PATH $work/nowhere)
END
mkdir "$work/nowhere"
project <<END
cmake_minimum_required(VERSION 3.21)
project(Cross LANGUAGES C)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM ONLY)
include($repo/cmake/CompilerCache.cmake)
add_executable(app main.c)
END
CMAKE_TOOLCHAIN_FILE=$work/toolchain.cmake configure
said "CompilerCache: active for C;"
grep -qF "stub: Ninja Release flags '' '' toolchain ''" "$work/build/.compiler-cache/build.log" ||
  fail "the toolchain file reached the sub-build"
build
launched "-DCROSS.*main.c"
