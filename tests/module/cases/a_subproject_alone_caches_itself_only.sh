share_programs
project <<END
cmake_minimum_required(VERSION 3.21)
project(Top LANGUAGES C)
add_subdirectory(one)
add_executable(app main.c)
END
mkdir -p "$work/project/one"
cat >"$work/project/one/CMakeLists.txt" <<END
include($repo/cmake/CompilerCache.cmake)
add_library(one STATIC one.c)
END
echo "int one(void) { return 0; }" >"$work/project/one/one.c"
configure
build
launched one.c
not_launched main.c
build --target cache-status
grep -qF "stub-helper [status] [--tree] [$work/build]" "$work/built" || fail "no target at the top level"
