# A subfolder, FetchContent from an archive, and projects in projects that each bring it their own way: one helper, one set
# of targets, everything cached.
need ninja tar
source "$repo/tests/builds/lib_installed.sh"
share=$work/checkout
mkdir -p "$share"
cp -r "$repo/CMakeLists.txt" "$repo/cmake" "$share"
tar -C "$work" -czf "$work/checkout.tar.gz" checkout

# consumed UNITS: builds $source as a new tree, twice.
consumed() {
  local targets
  remove "$tree" "$store"
  configure "-DCMAKE_PREFIX_PATH=$work/prefix"
  build_twice "$1"
  nothing_to_do
  [[ $(helpers_below "$work" | wc -l) == 1 ]] || fail "not one helper: $(helpers_below "$work" | wc -l)"
  targets=$(ninja -C "$tree" -t targets all | grep -c '^cache-stats: ')
  [[ $targets == 1 ]] || fail "$targets targets cache-stats"
  build --target cache-stats
  helper stop >/dev/null
}

unit_project 2
sed -i "s|^include.*|add_subdirectory($share compiler-cache EXCLUDE_FROM_ALL)\ninclude(CompilerCache)|" \
  "$source/CMakeLists.txt"
consumed 3

unit_project 2
sed -i "s|^include.*|include(FetchContent)\nFetchContent_Declare(CompilerCache URL $work/checkout.tar.gz)\n\
FetchContent_MakeAvailable(CompilerCache)\ninclude(CompilerCache)|" "$source/CMakeLists.txt"
consumed 3

# A library that is a project of its own with an installed one, in a program that has a checkout; and one that is fetched
# and has a copy of its own.
install_to "$work/prefix"
mkdir -p "$work/fetched"
cat >"$work/fetched/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.21)
project(Fetched LANGUAGES C)
add_subdirectory($share compiler-cache)
include(CompilerCache)
add_library(fetched OBJECT f.c)
END
echo 'int fetched(void) { return 1; }' >"$work/fetched/f.c"
unit_project 2
mkdir -p "$source/library"
cat >"$source/library/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.21)
project(Library LANGUAGES C)
find_package(CompilerCache REQUIRED)
include(CompilerCache)
add_library(library STATIC l.c)
END
echo 'int library(void) { return 1; }' >"$source/library/l.c"
for first in library fetched; do
  {
    echo "cmake_minimum_required(VERSION 3.21)"
    echo "project(Outer LANGUAGES CXX C)"
    echo "include(FetchContent)"
    echo "FetchContent_Declare(fetched SOURCE_DIR $work/fetched)"
    if [[ $first == library ]]; then echo "add_subdirectory(library)"; fi
    echo "FetchContent_MakeAvailable(fetched)"
    if [[ $first != library ]]; then echo "add_subdirectory(library)"; fi
    echo "include($module)"
    echo "add_executable(app main.cpp unit_1.cpp unit_2.cpp)"
  } >"$source/CMakeLists.txt"
  consumed 5
  [[ $(grep -c "CompilerCache: " "$work/configured") == 1 ]] || { cat "$work/configured" >&2; fail "it said more than once"; }
done
