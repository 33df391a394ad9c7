# A project that asks for an old CMake gets its old policies: they must neither stop the module, nor be changed by it.
need ninja
source "$repo/tests/builds/lib_installed.sh"
[[ $(cmake --version | sed -n 's/^cmake version \([0-9]*\).*/\1/p') -lt 4 ]] || skip "this CMake knows no such old policies"
install_to "$work/prefix"
for way in include find_package checkout; do
  remove "$source" "$tree" "$store"
  unit_project 2
  sed -i 's/^cmake_minimum_required.*/cmake_minimum_required(VERSION 2.8.5)/' "$source/CMakeLists.txt"
  sed -i 's/^add_executable.*/&\nadd_library(parts STATIC unit_1.cpp)\ncmake_policy(GET CMP0057 old)\nmessage("CMP0057 is [${old}]")/' \
    "$source/CMakeLists.txt"
  case $way in
    find_package) sed -i 's/^include.*/find_package(CompilerCache REQUIRED)\ninclude(CompilerCache)/' "$source/CMakeLists.txt" ;;
    checkout) sed -i "s|^include.*|add_subdirectory($repo compiler-cache)\ninclude(CompilerCache)|" "$source/CMakeLists.txt" ;;
  esac
  if [[ $way == find_package ]]; then configure_installed "$work/prefix"; else configure; fi
  said "CompilerCache: active for CXX;"
  said "CMP0057 is []"
  build
  build_twice_again() { clean; build; all_hits 4; nothing_to_do; }
  build_twice_again
  build --target cache-explain
  helper stop >/dev/null
done
