project <<END
cmake_minimum_required(VERSION 3.21)
project(Odd LANGUAGES C CXX)
set(CMAKE_CXX_FLAGS "\${CMAKE_CXX_FLAGS} -fsanitize=address -Wl,--this-is-no-option")
set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
set(CMAKE_CXX_STANDARD 98)
add_compile_options(-fno-such-option)
include($repo/cmake/CompilerCache.cmake)
END
mkdir -p "$work/nowhere"
cat >"$work/launcher.sh" <<END
#!/bin/sh
echo "\$@" >>"$work/launcher-log"
exec "\$@"
END
chmod +x "$work/launcher.sh"
# Settings of the environment which CMake, Make, Ninja and the compiler would all follow.
export CXXFLAGS="-DFROM_ENVIRONMENT" MAKEFLAGS="-j1 --no-such" DESTDIR=$work/nowhere CMAKE_BUILD_TYPE=Debug
export LDFLAGS=-Wl,-O1
export DEPENDENCIES_OUTPUT=$work/deps NINJA_STATUS="odd " CMAKE_GENERATOR="Unix Makefiles"
export CMAKE_CXX_COMPILER_LAUNCHER=$work/launcher.sh
configure
said "CompilerCache: building the helper, done ("
[[ ! -e $work/launcher-log ]] || ! grep -q helper.cpp "$work/launcher-log" || fail "the environment's launcher ran"
[[ ! -e $work/deps ]] || ! grep -q helper "$work/deps" || fail "DEPENDENCIES_OUTPUT reached the sub-build"
log=$work/build/.compiler-cache/build.log
! grep -q "^odd " "$log" || { cat "$log"; fail "NINJA_STATUS reached the sub-build"; }
grep -qF "stub: Ninja Release flags '' '' toolchain '' launcher ''" "$log" || { cat "$log"; fail "settings reached it"; }
