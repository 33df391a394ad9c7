# CMake can be told to include the module after each project(), from the command line.
share_programs
project <<END
cmake_minimum_required(VERSION 3.10)
project(Untouched LANGUAGES C)
add_subdirectory(sub)
add_executable(app main.c)
END
mkdir -p "$work/project/sub"
printf 'project(Sub C)\nadd_library(sub STATIC ../unit.c)\n' >"$work/project/sub/CMakeLists.txt"
configure "-DCMAKE_PROJECT_INCLUDE=$repo/cmake/CompilerCache.cmake"
build
launched main.c
launched unit.c
