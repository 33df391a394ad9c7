share_programs
project <<END
cmake_minimum_required(VERSION 3.21)
project(Mine LANGUAGES C)
add_executable(app main.c)
set_target_properties(app PROPERTIES C_COMPILER_LAUNCHER "\${CMAKE_COMMAND};-E;env")
add_library(unit OBJECT unit.c)
set_target_properties(unit PROPERTIES C_COMPILER_LAUNCHER "")
include($repo/cmake/CompilerCache.cmake)
END
configure
said_times 1 "staying out of C for target app"
build
not_launched main.c
not_launched unit.c
