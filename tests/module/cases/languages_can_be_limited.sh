share_programs
project <<END
cmake_minimum_required(VERSION 3.21)
project(Both LANGUAGES C CXX)
file(WRITE \${CMAKE_CURRENT_BINARY_DIR}/other.cpp "int other() { return 0; }\n")
add_library(early OBJECT unit.c)
include($repo/cmake/CompilerCache.cmake)
add_executable(app main.c \${CMAKE_CURRENT_BINARY_DIR}/other.cpp)
END
configure -DCOMPILER_CACHE_LANGUAGES=CXX
said "active for CXX;"
build
launched other.cpp
not_launched main.c
not_launched unit.c
