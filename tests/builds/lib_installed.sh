# For cases that use an installation of the programs under test rather than the module in the checkout.

# The build tree that the programs are from: what `cmake --install` and cpack take.
program_tree=$(cd "$(dirname "$launcher_program")/.." && pwd)

need_program_tree() {
  [[ -f $program_tree/packaging/cmake_install.cmake ]] || skip "the programs under test are not in a build tree"
}

# install_to PREFIX
install_to() {
  need_program_tree
  cmake --install "$program_tree" --prefix "$1" >"$work/installed" 2>&1 ||
    { cat "$work/installed" >&2; fail "cmake --install failed"; }
}

# From here on neither the sources nor what was built of them are there: empty folders lie over them. Needs isolate.
hide_sources_and_programs() {
  local folder
  mkdir -p "$work/empty"
  for folder in "$repo"/{cmake,base,depscan,protocol,launcher,helper,packaging} \
    "$program_tree"/{depscan,protocol,launcher,helper,packaging}; do
    mount --bind "$work/empty" "$folder"
    mounted+=("$folder")
  done
  absent "$repo/cmake/CompilerCache.cmake"
  absent "$launcher_program"
}

# configure_installed PREFIX [options]: $source, with the installation that is there.
configure_installed() {
  local prefix=$1
  shift
  cmake -S "$source" -B "$tree" -G "$generator" "-DCMAKE_PREFIX_PATH=$prefix" \
    "-DCOMPILER_CACHE_SHARED_DIR=$store" "$@" >"$work/configured" 2>&1 ||
    { cat "$work/configured" >&2; fail "configure failed"; }
}

# What the last configure said, on one line: CMake wraps and indents.
said() {
  tr -s ' \n' ' ' <"$work/configured" | grep -qF -- "$1" ||
    { cat "$work/configured" >&2; fail "configure did not say: $1"; }
}

# package_project: unit_project by find_package().
package_project() {
  unit_project "$1"
  sed -i 's/^include(.*/find_package(CompilerCache 0.1 REQUIRED)\ninclude(CompilerCache)/' "$source/CMakeLists.txt"
}

# A cold build, and one from the cache.
build_twice() {
  build
  all_misses "$1"
  object_hashes "$work/cold"
  clean
  build
  all_hits "$1"
  same_objects "$work/cold"
}
