share_programs
simple_project
configure_fails -DCOMPILER_CACHE_MAXSIZE=7G
said "COMPILER_CACHE_MAXSIZE"
said "7G"
said "COMPILER_CACHE_MAX_SIZE"
configure -UCOMPILER_CACHE_MAXSIZE

# A variable that the project documents itself is the project's.
project <<END
cmake_minimum_required(VERSION 3.21)
project(Own LANGUAGES C)
set(COMPILER_CACHE_PROGRAM "" CACHE STRING "The project's own choice of a cache")
include($repo/cmake/CompilerCache.cmake)
END
configure
