# Two subprojects that bring a copy of the module each: the first one loaded serves both.
share_programs
cp -r "$repo/cmake" "$work/other"
sed -i 's/CompilerCache: active/CompilerCache: mixed/' "$work/other/CompilerCacheTree.cmake"
project <<END
cmake_minimum_required(VERSION 3.21)
project(Top LANGUAGES C)
set(COMPILER_CACHE_SHARED_DIR "")
set(musl wrong)
set(ninja wrong)
set(found wrong)
set(candidate wrong)
include($repo/cmake/CompilerCache.cmake)
add_executable(app main.c)
add_subdirectory(sub)
END
mkdir -p "$work/project/sub"
cat >"$work/project/sub/CMakeLists.txt" <<END
include($work/other/CompilerCache.cmake)
add_library(unit STATIC ../unit.c)
END
configure
said_times 1 "CompilerCache:"
said "CompilerCache: active for C;"
said "store this build tree only"
has_line "$work/build/.compiler-cache/config" "compiler-cache-config 1"
build
launched main.c
launched unit.c
