# What a person changed is what explain names, with the cost and the way to it, with Ninja and Make, with and without a helper.
need ninja make
stats_of_explain() { helper explain >"$work/said" 2>"$work/said-wrong" || { cat "$work/said" "$work/said-wrong" >&2; fail "explain failed"; }; }
says() { grep -qF -- "$1" "$work/said" || { cat "$work/said" "$work/said-wrong" >&2; fail "it does not say: $1"; }; }
explained() {
  stats_of_explain
  local line
  for line in "$@"; do says "$line"; done
}
# So that a file's time and the build's are told apart by the build tool.
edit() {
  sleep_until_newer "$1"
  cat >"$1"
}
sleep_until_newer() {
  local mark=$work/.mark
  is_newer() { touch "$mark" && [[ $mark -nt $newest ]]; }
  newest=$(find "$tree" -name '*.o' -printf '%T@ %p\n' | sort -n | tail -1 | cut -d' ' -f2-)
  wait_until 20 is_newer || fail "time stands still"
}

for generator in Ninja "Unix Makefiles"; do
  remove "$source" "$tree" "$store"
  unit_project 6
  counting_compiler g++
  printf '#pragma once\n#include "shared.h"\n' >"$source/middle.h"
  sed -i 's/shared.h/middle.h/' "$source"/unit_[12].cpp
  mkdir -p "$source/first" "$source/second"
  printf '#define FOUND 1\n' >"$source/second/found.h"
  printf '#include "found.h"\nint finds() { return FOUND; }\n' >"$source/finds.cpp"
  cat >>"$source/CMakeLists.txt" <<'TEXT'
add_library(finds STATIC finds.cpp)
target_include_directories(finds PRIVATE first second)
target_link_libraries(app PRIVATE finds)
TEXT
  configure "-DCMAKE_CXX_COMPILER=$compiler" -DCOMPILER_CACHE_LINKS=OFF
  helper explain >"$work/said" || fail "explain failed before the first build"
  says "No build is recorded yet"
  build
  explained "made for the first time: 8 compiles, 1 library"

  edit "$source/shared.h" <<<'#define SHARED 2'
  build
  explained "shared.h changed: 6 compiles" "  and "
  (cd "$source" && helper explain unit_1.cpp) >"$work/said" || fail "unit_1.cpp is not known"
  says "through middle.h"
  says "for the same reason: 6 compiles"
  (cd "$source" && helper explain unit_3.cpp) >"$work/said" || fail "unit_3.cpp is not known"
  ! grep -q through "$work/said" || fail "a header that is included directly is reached through another"
  (cd "$tree" && helper explain CMakeFiles/app.dir/unit_3.cpp.o) >"$work/said" || fail "the object is not known"
  says "shared.h changed"
  ! (cd "$source" && helper explain unit_33.cpp) >"$work/said" 2>&1 || fail "an unknown file is no failure"
  says "did you mean"

  # Without a helper, and after the next one has begun.
  helper stop >"$work/stopped"
  explained "shared.h changed: 6 compiles"

  configure "-DCMAKE_CXX_COMPILER=$compiler" -DCOMPILER_CACHE_LINKS=OFF -DCMAKE_CXX_FLAGS=-DNDEBUG
  build
  explained "-DNDEBUG added: 8 compiles"

  sleep_until_newer
  printf '#define FOUND 3\n' >"$source/first/found.h"
  clean
  build
  explained "first/found.h appeared, where there was none: 1 compile, 1 library"

  (cd "$tree" && helper explain libfinds.a) >"$work/said" || fail "the library is not known"
  says "because of finds.cpp: first/found.h appeared, where there was none"

  clean
  build
  explained "all from the cache"
  [[ $(wc -l <"$work/said") == 1 ]] || { cat "$work/said" >&2; fail "a build of hits takes more than a line"; }

  helper clear --shared >"$work/cleared"
  clean
  build
  explained "its result was evicted or removed from the store: 8 compiles, 1 library"

  printf '# another version\n' >>"$compiler"
  clean
  build
  explained "compiler changed: $compiler: 8 compiles"
  "$tree/.compiler-cache/bin/compiler-cache-helper" explain --tree "$tree" --json >"$work/said"
  python3 - "$work/said" <<'TEXT' || fail "JSON says something else"
import json, sys
said = json.load(open(sys.argv[1]))
assert said["build"]["ended"] and said["build"]["tool"], said["build"]
compiled = [step for step in said["steps"] if step["kind"] == "compile"]
assert len(compiled) == 8 and all(step["causes"][0]["kind"] == "compiler-changed" for step in compiled)
assert all(0 < step["compile_us"] <= step["end_us"] - step["start_us"] for step in compiled)
assert all(step["end_us"] <= said["build"]["ended_us"] - said["build"]["started_us"] + 5_000_000 for step in compiled)
TEXT
  helper stop >"$work/stopped"
done
