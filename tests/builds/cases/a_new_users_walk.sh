# What the README promises to somebody new, step by step and by the commands that it gives: the include, a build, an edited
# header and why that compiled, figures, report, doctor, another flag, another compiler, what cannot be cached, and the way out.
need ninja g++ clang++
# target NAME: what `cmake --build build --target cache-NAME` prints, without Ninja's own line, is in $work/said.
target() {
  cmake --build "$tree" --target "cache-$1" >"$work/built" 2>&1 || { cat "$work/built" >&2; fail "cache-$1 failed"; }
  sed '/^\[/d' "$work/built" >"$work/said"
}
says() {
  local text
  for text in "$@"; do grep -qF -- "$text" "$work/said" || { cat "$work/said" >&2; fail "it does not say: $text"; }; done
}
says_not() { ! grep -qF -- "$1" "$work/said" || { cat "$work/said" >&2; fail "it says: $1"; }; }
# edit FILE TEXT: behind what is there, and newer to Ninja than what was built of it.
edit() {
  newer() { echo "$2" >>"$1" && [[ -z $(find "$tree" -name '*.o' -newer "$1" -print -quit) ]]; }
  wait_until 20 newer "$1" "$2" || fail "time stands still"
}

version=$("$helper_program" --version)
sed -i "s/VERSION 0.0.1/VERSION ${version##* }/" "$work/.programs/CMakeLists.txt"  # as the real sources have it
unit_project 5
printf '#pragma once\n#include "shared.h"\n' >"$source/middle.h"
sed -i 's/shared.h/middle.h/' "$source"/unit_[12].cpp
sed -i 's/^add_executable.*/add_library(parts STATIC unit_1.cpp unit_2.cpp unit_3.cpp)\nadd_executable(app main.cpp unit_4.cpp '\
'unit_5.cpp)\ntarget_link_libraries(app PRIVATE parts)/' "$source/CMakeLists.txt"
configure -DCMAKE_CXX_COMPILER=g++
cp "$work/configured" "$work/said"
says "CompilerCache: active for CXX; programs $tree/.compiler-cache/bin; store $store"
build
target explain
says "6 compiles, 1 library, 1 link, 0 from the cache" "made for the first time: 6 compiles, 1 library, 1 link, "
target stats
says "coverage: can be cached, of all" "dearest misses of the last build" "made for the first time"

# A header, and one reached through another.
edit "$source/shared.h" "// edited"
build
target explain
says "shared.h changed: 5 compiles, " "  unit_3.cpp  "
says_not "made for the first time"
(cd "$source" && helper explain unit_1.cpp) >"$work/said" || fail "unit_1.cpp is not known"
says "shared.h changed" "through middle.h" "for the same reason: 5 compiles"

# Everything again.
clean
build
all_hits 6
target explain
says "6 compiles, 1 library, 1 link, all from the cache, "
target stats
says "time saved"
[[ $(sed -n 's/^hit rate of what can be cached  *\([0-9.]* %\)  .*/\1/p' "$work/said") == "100.0 %" ]] ||
  { cat "$work/said" >&2; fail "the hit rate of the last build is not 100 %"; }

# The report is where it says, knows the last builds, and loads nothing from elsewhere.
target report
page=$(sed -n 's|^file://\(/.*\.html\)$|\1|p' "$work/said")
[[ -s $page ]] || { cat "$work/said" >&2; fail "no report"; }
grep -q "shared.h" "$page" || fail "the report does not know the header that costs most"
! grep -nE '(src|href)="[a-z]*:?//|@import|url\([^)d]' "$page" | cut -c1-200 || fail "the report loads something"

# The doctor may have a word about this machine, but says what to do, and nothing is wrong with the tree.
cmake --build "$tree" --target cache-doctor >"$work/said" 2>&1 || true
says " checks: "
! grep -E '^wrong: (configuration|version|switched-off|generator|launcher|compiler|permissions)' "$work/said" ||
  fail "a new user's tree is said to be wrong"

# another_compiler OPTIONS...: what CMake does by itself where it is told of another compiler, but for what it forgets then:
# where the programs are taken from, and the store.
another_compiler() {
  rm -rf "$tree/CMakeCache.txt" "$tree/CMakeFiles"
  configure "$@"
}
# Another flag, another compiler. Back again, both are known.
configure -DCMAKE_CXX_COMPILER=g++ -DCMAKE_CXX_FLAGS=-DNDEBUG
build
target explain
says "-DNDEBUG added: 6 compiles"
another_compiler -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_CXX_FLAGS=-DNDEBUG
build
target explain
grep -Eq "^compiler changed: .*gcc version [^→]*[^ →] → .*clang version .*[^ ]: 6 compiles, " "$work/said" ||
  { cat "$work/said" >&2; fail "it does not say from which compiler to which"; }
another_compiler -DCMAKE_CXX_COMPILER=g++
build
all_hits 6

# What cannot be cached is named, with what to do about it.
edit "$source/unit_4.cpp" 'const char* built() { return __TIME__; }'
build
last_build requests=1 uncacheable=1
target explain
says "cannot be cached: the sources use " "__TIME__" "→ set SOURCE_DATE_EPOCH" "unit_4.cpp"
target status
says "helper: running for "

# Away: no target, no launcher and no folder is left of it.
target stop
sed -i '/^include/d' "$source/CMakeLists.txt"
remove "$tree/.compiler-cache" "$store"
cmake "$tree" >"$work/configured" 2>&1 || { cat "$work/configured" >&2; fail "configure without it failed"; }
! grep -q compiler-cache "$tree/build.ninja" || fail "something is left in the build files"
clean
build
absent "$tree/.compiler-cache"
absent "$store"
