# With CMAKE_CXX_CLANG_TIDY, CMake runs the tidy program and our launcher for each file: the one always, and the compile
# is cached.
need ninja clang-tidy clang++
source "$repo/tests/builds/lib_installed.sh"
unit_project 3
echo 'int *looked_at() { return 0; }' >>"$source/unit_2.cpp"
# With a configuration of its own: that of the folders above is somebody else's.
checks="-DCMAKE_CXX_CLANG_TIDY=clang-tidy;--config={};-checks=-*,modernize-use-nullptr"
configure "$checks" -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
! grep -q "launcher" "$tree/compile_commands.json" || fail "the launcher is in compile_commands.json"
noted() { grep -q "use nullptr .*modernize-use-nullptr" "$work/built" || { cat "$work/built" >&2; fail "not looked at: $1"; }; }
build
all_misses 4
noted "in the cold build"
object_hashes "$work/cold"
clean
build
all_hits 4
noted "in the build from the cache"
same_objects "$work/cold"
nothing_to_do

# What clang-tidy takes for an error stops the build, hit or not.
clean
configure "$checks,clang-diagnostic-*;-warnings-as-errors=*"
if cmake --build "$tree" >"$work/built" 2>&1; then fail "an error of clang-tidy did not stop the build"; fi
