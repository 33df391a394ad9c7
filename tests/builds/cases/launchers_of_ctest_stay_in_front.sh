# CTEST_USE_LAUNCHERS puts ctest in front of each command: it runs ours, which runs the compiler. What a dashboard is told
# of a warning that comes out of the cache is what it was told of the compiler's.
need ninja ctest
source "$repo/tests/builds/lib_installed.sh"
unit_project 2
sed -i 's/^add_executable/set(CTEST_USE_LAUNCHERS ON)\ninclude(CTest)\nadd_compile_options(-Wall)\nadd_executable/' \
  "$source/CMakeLists.txt"
echo 'static int nobody_uses_this;' >>"$source/unit_1.cpp"
configure
grep -rq -- "--launch .*compiler-cache-launcher" "$tree/build.ninja" "$tree/CMakeFiles/rules.ninja" ||
  fail "not both launchers are in the rules"
warnings() {
  (cd "$tree" && ctest -M Experimental -T Start -T Build) >"$work/built" 2>&1 ||
    { cat "$work/built" >&2; fail "the dashboard's build failed"; }
  sed 's/^/  /' "$tree/Testing/$(head -n 1 "$tree/Testing/TAG")/Build.xml" >"$work/Build.xml"
  grep -c "nobody_uses_this.*-Wunused-variable" "$work/Build.xml" || true
}
[[ $(warnings) == 1 ]] || { cat "$work/Build.xml" >&2; fail "the compiler's warning is not on the dashboard"; }
all_misses 3
object_hashes "$work/cold"
clean
[[ $(warnings) == 1 ]] || { cat "$work/Build.xml" >&2; fail "the cache's warning is not on the dashboard"; }
all_hits 3
same_objects "$work/cold"
