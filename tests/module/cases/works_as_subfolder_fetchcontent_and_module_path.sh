# A checkout without the real rooms: as a subfolder nothing but the module may be used.
mkdir -p "$work/checkout"
cp -r "$repo/cmake" "$repo/CMakeLists.txt" "$work/checkout/"
share_programs
try_it() {
  rm -rf "$work/build"
  configure "$@"
  said "active for C;"
  build
  launched main.c
  ! grep -q CMAKE_CXX_COMPILER:FILEPATH "$work/build/CMakeCache.txt" || fail "a C project was made to need C++"
}
project <<END
cmake_minimum_required(VERSION 3.21)
project(Sub LANGUAGES C)
add_subdirectory($work/checkout compiler-cache EXCLUDE_FROM_ALL)
include(CompilerCache)
add_executable(app main.c)
END
try_it
project <<END
cmake_minimum_required(VERSION 3.21)
project(Fetch LANGUAGES C)
include(FetchContent)
FetchContent_Declare(CompilerCache SOURCE_DIR $work/checkout)
FetchContent_MakeAvailable(CompilerCache)
include(CompilerCache)
add_executable(app main.c)
END
try_it
project <<END
cmake_minimum_required(VERSION 3.21)
project(Path LANGUAGES C)
include(CompilerCache)
add_executable(app main.c)
END
try_it "-DCMAKE_MODULE_PATH=$work/checkout/cmake"
