for generator in Ninja "Ninja Multi-Config" "Unix Makefiles"; do
  need make ninja
  rm -rf "$work/build"
  project <<END
cmake_minimum_required(VERSION 3.21)
project(Both LANGUAGES C CXX)
include($repo/cmake/CompilerCache.cmake)
file(WRITE \${CMAKE_CURRENT_BINARY_DIR}/other.cpp "int other() { return 0; }\n")
add_executable(app main.c \${CMAKE_CURRENT_BINARY_DIR}/other.cpp)
END
  configure
  said "CompilerCache: active for C CXX; programs $work/build/.compiler-cache/bin; store $work/store"
  build
  launched main.c
  launched other.cpp
done
