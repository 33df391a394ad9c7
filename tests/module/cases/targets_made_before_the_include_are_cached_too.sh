share_programs
project <<END
cmake_minimum_required(VERSION 3.21)
project(Before LANGUAGES C)
add_executable(app main.c)
add_library(headers INTERFACE)
add_library(outside STATIC IMPORTED)
add_custom_target(nothing)
add_subdirectory(below)
function(setup)
  include($repo/cmake/CompilerCache.cmake)
endfunction()
setup()
file(WRITE \${CMAKE_CURRENT_BINARY_DIR}/after.c "int after(void) { return 0; }\n")
add_library(after STATIC \${CMAKE_CURRENT_BINARY_DIR}/after.c)
END
mkdir -p "$work/project/below"
echo 'add_library(below OBJECT ../unit.c)' >"$work/project/below/CMakeLists.txt"
configure
build
launched main.c
launched unit.c
launched after.c
