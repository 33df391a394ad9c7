share_programs
cat >"$work/mine.sh" <<END
#!/bin/sh
echo "\$@" >>"$work/mine"
exec "\$@"
END
chmod +x "$work/mine.sh"
project <<END
cmake_minimum_required(VERSION 3.21)
project(Mine LANGUAGES C CXX)
include($repo/cmake/CompilerCache.cmake)
add_executable(app main.c)
file(WRITE \${CMAKE_CURRENT_BINARY_DIR}/other.cpp "int other() { return 0; }\n")
add_library(other OBJECT \${CMAKE_CURRENT_BINARY_DIR}/other.cpp)
include($repo/cmake/CompilerCache.cmake)
END
check() {
  said_times 1 "staying out of C: its compiler launcher is already set to $work/mine.sh"
  said "active for CXX;"
  build
  launched other.cpp
  not_launched main.c
  grep -q main.c "$work/mine" || fail "the launcher that was set did not run"
  rm -rf "$work/build" "$work/mine"
}
configure "-DCMAKE_C_COMPILER_LAUNCHER=$work/mine.sh"
check
CMAKE_C_COMPILER_LAUNCHER=$work/mine.sh configure
check

# Of the links alone: compiles go through ours.
links=$work/links
configure "-DCMAKE_C_LINKER_LAUNCHER=$work/mine.sh"
said_times 1 "staying out of links of C: their launcher is already set to $work/mine.sh"
said "active for C CXX;"
STUB_LINK_LOG=$links build
launched main.c
grep -q "main.c" "$work/mine" || fail "the launcher that was set did not run"
[[ ! -e $links ]] || fail "a link went through ours: $(cat "$links")"
