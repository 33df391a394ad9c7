share_programs
project <<END
cmake_minimum_required(VERSION 3.21)
include($repo/cmake/CompilerCache.cmake)
project(Early LANGUAGES C)
add_executable(app main.c)
END
configure
said "has to come after project()"
build
