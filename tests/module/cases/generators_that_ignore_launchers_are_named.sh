share_programs
project <<END
cmake_minimum_required(VERSION 3.21)
project(Other LANGUAGES C)
set(CMAKE_GENERATOR "Xcode")
include($repo/cmake/CompilerCache.cmake)
add_executable(app main.c)
END
configure
said_times 1 "CMake Warning"
said "the generator Xcode"
absent "$work/build/.compiler-cache"
build
not_launched main.c
