# Installed, moved elsewhere, and with sources and build tree gone: the module uses the programs that came with it.
need ninja
isolate "$@"
source "$repo/tests/builds/lib_installed.sh"
install_to "$work/first prefix"
mv "$work/first prefix" "$work/moved prefix"
hide_sources_and_programs
prefix="$work/moved prefix"
package_project 3
configure_installed "$prefix"
said "CompilerCache: active for CXX;"
build_twice 4
exists "$tree/.compiler-cache/bin/compiler-cache-helper"
absent "$tree/.compiler-cache/build.log"  # nothing was compiled for it
absent "$XDG_CACHE_HOME/compiler-cache/bin"

# Again: nothing to place. Another program in its place: taken at the next configure.
configure_installed "$prefix"
nothing_to_do
cp "$prefix/bin/compiler-cache-helper" "$work/other"
echo >>"$work/other"
mv "$work/other" "$prefix/bin/compiler-cache-helper"
configure_installed "$prefix"
cmp "$prefix/bin/compiler-cache-helper" "$tree/.compiler-cache/bin/compiler-cache-helper" || fail "still the old helper"
clean
build
all_hits 4

# The module by its path, without find_package(), in a project that knows nothing of it.
helper stop >/dev/null
rm -rf "$tree"
sed -i '/CompilerCache/d' "$source/CMakeLists.txt"
configure_installed "" "-DCMAKE_PROJECT_INCLUDE=$prefix/share/cmake/CompilerCache/CompilerCache.cmake"
build
last_build requests=4 hits=4
