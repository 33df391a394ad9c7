# Shared by the cases of this folder; each is sourced by run.sh in a folder of its own, $work.
#
# Set by run.sh: repo (the checkout), work, case. Set by a case where it wants another: see the defaults below.
# A case works on one build tree, $tree, of one project, $source.
source=$work/source
tree=$work/build
store=$work/store
generator=Ninja
jobs=2
objects='*.o'
# Whose objects are nobody's: the cache's, and those by which CMake gets to know the compiler.
not_ours=('(' -name .compiler-cache -o -name 'CompilerId*' -o -name ShowIncludes ')')
# What a case has mounted, to be unmounted even where it fails.
mounted=()
# Servers that a case has started, to be ended even where it fails: process ids.
servers=()
module=$repo/cmake/CompilerCache.cmake

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

skip() {
  echo "SKIPPED: $*"
  exit 77
}

need() {
  local tool
  for tool in "$@"; do command -v "$tool" >/dev/null || skip "$tool is not installed"; done
}

# isolate "$@": the case begins anew with mounts of its own; skipped where that is not permitted.
isolate() {
  local how
  [[ -z ${COMPILER_CACHE_TEST_ISOLATED:-} ]] || return 0
  for how in -m -rm; do
    if unshare $how mount --bind "$work" "$work" 2>/dev/null; then
      COMPILER_CACHE_TEST_ISOLATED=1 exec unshare $how "$BASH" "$0" "$@"
    fi
  done
  skip "no mounts of our own here"
}

exists() { [[ -e $1 ]] || fail "missing: $1"; }
absent() { [[ ! -e $1 ]] || fail "there is: $1"; }

# wait_until SECONDS COMMAND...: as soon as COMMAND succeeds; fails if it does not in time.
wait_until() {
  local end=$((SECONDS + $1 + 1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.02
  done
}

# remove PATH...: again while a helper still writes there what was on its way, as a user would.
remove() { wait_until 20 rm -rf "$@" 2>/dev/null || rm -rf "$@"; }

# ---- the programs -----------------------------------------------------------------------------------------------------

# The module builds launcher and helper from a source folder. Here that is one whose "build" copies those of the build
# tree under test, so that a test needs no compile of them. The module's digest covers the two, so another program is
# another digest.
place_programs() {
  local programs=$work/.programs
  export XDG_CACHE_HOME=$work/.user-cache
  mkdir -p "$programs/launcher" "$programs/helper"
  ln -s "$1" "$programs/launcher/compiler-cache-launcher"
  ln -s "$2" "$programs/helper/compiler-cache-helper"
  cat >"$programs/CMakeLists.txt" <<'TEXT'
cmake_minimum_required(VERSION 3.21)
project(CompilerCache VERSION 0.0.1 LANGUAGES NONE)
foreach(name IN ITEMS launcher helper)
  add_custom_target(compiler-cache-${name} COMMAND "${CMAKE_COMMAND}" -E copy
    "${CMAKE_SOURCE_DIR}/${name}/compiler-cache-${name}" "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/compiler-cache-${name}" VERBATIM)
endforeach()
TEXT
}

# helper SUBCOMMAND [options]: of $tree.
helper() {
  local subcommand=$1
  shift
  "$tree/.compiler-cache/bin/compiler-cache-helper" "$subcommand" --tree "$tree" "$@"
}

# Process ids of the helpers that belong to build trees below $1.
helpers_below() {
  local process program
  for process in /proc/[0-9]*; do
    program=""
    IFS= read -r -d '' program 2>/dev/null <"$process/cmdline" || continue
    if [[ $program == "$1/"*/compiler-cache-helper ]]; then echo "${process#/proc/}"; fi
  done
}

no_helper_below() { [[ -z $(helpers_below "$1") ]]; }

kill_helper() {
  local pid
  for pid in $(helpers_below "$tree"); do kill -KILL "$pid" 2>/dev/null || true; done
}

# Asks each helper of this case to stop. Fails, after ending it, if one is left.
stop_helpers() {
  local folder tool left
  while IFS= read -r -d '' folder; do
    tool=$folder/bin/compiler-cache-helper
    [[ -x $tool ]] || continue
    "$tool" stop --tree "${folder%/.compiler-cache}" >"$work/.stopped" 2>&1 || cat "$work/.stopped" >&2
  done < <(find "$work" -type d -name .compiler-cache -print0)
  left=$(helpers_below "$work")
  [[ -z $left ]] || {
    echo "FAILED: still running after stop: helper $left" >&2
    # shellcheck disable=SC2086  # one word each
    kill -KILL $left || true
    return 1
  }
}

end_servers() {
  local pid
  for pid in ${servers[@]+"${servers[@]}"}; do kill -KILL "$pid" 2>/dev/null || true; done
  for pid in ${servers[@]+"${servers[@]}"}; do wait "$pid" 2>/dev/null || true; done
  servers=()
}

# ---- projects and builds ----------------------------------------------------------------------------------------------

# unit_project COUNT: that many C++ files that share a header, and an executable of them. Other commands can be given on
# standard input, as CMakeLists.txt behind project() and include().
unit_project() {
  local i count=$1 calls="" declarations="" files=""
  mkdir -p "$source"
  printf '#pragma once\n#define SHARED 1\n' >"$source/shared.h"
  for ((i = 1; i <= count; ++i)); do
    printf '#include "shared.h"\nint unit_%d(int x) { return x * %d + SHARED; }\n' $i $i >"$source/unit_$i.cpp"
    declarations+="int unit_$i(int x);"$'\n'
    calls+=" + unit_$i(n)"
    files+=" unit_$i.cpp"
  done
  printf '%sint main(int n, char**) { return (0%s) == 0; }\n' "$declarations" "$calls" >"$source/main.cpp"
  cat >"$source/CMakeLists.txt" <<TEXT
cmake_minimum_required(VERSION 3.21)
project(Units LANGUAGES CXX)
include("$module")
add_executable(app main.cpp$files)
TEXT
}

configure() {
  cmake -S "$source" -B "$tree" -G "$generator" "-D_compiler_cache_source_root=$work/.programs" \
    "-DCOMPILER_CACHE_SHARED_DIR=$store" "$@" >"$work/configured" 2>&1 ||
    { cat "$work/configured" >&2; fail "configure failed"; }
}

# What it said is in $work/built.
build() {
  cmake --build "$tree" -j "$jobs" "$@" >"$work/built" 2>&1 || { cat "$work/built" >&2; fail "the build failed"; }
}

clean() { cmake --build "$tree" --target clean >/dev/null || fail "clean failed"; }

# Number of objects below $tree.
object_count() { find "$tree" "${not_ours[@]}" -prune -o -name "$objects" -print | wc -l; }

# object_hashes FILE: name and content of every object below $tree.
object_hashes() {
  (cd "$tree" && find . "${not_ours[@]}" -prune -o -name "$objects" -print0 | sort -z | xargs -0r sha256sum) >"$1"
}

same_objects() {
  object_hashes "$work/.now"
  cmp -s "$1" "$work/.now" || { diff "$1" "$work/.now" >&2 || true; fail "other objects than in $1${2:+: $2}"; }
}

nothing_to_do() {
  ninja -n -d explain -C "$tree" >"$work/.left" 2>&1
  grep -q "no work to do" "$work/.left" || { cat "$work/.left" >&2; fail "the build tool would build again"; }
}

# ---- what the cache says ----------------------------------------------------------------------------------------------

# Both parts of the statistics, checked: the outcomes add up to the requests.
read_stats() {
  local part
  helper stats --json >"$work/.stats" || fail "no statistics"
  tr -d ' \n' <"$work/.stats" >"$work/.stats-line"
  stats_last=$(sed 's/.*"last_build"://; s/,"recent_builds":.*//' "$work/.stats-line")
  stats_total=$(sed 's/"last_build":.*//' "$work/.stats-line")
  for part in stats_last stats_total; do
    (($(figure "$part" requests) == $(figure "$part" hits) + $(figure "$part" misses) + \
      $(figure "$part" uncacheable) + $(figure "$part" errors) + $(figure "$part" bypassed))) ||
      { cat "$work/.stats" >&2; fail "the outcomes do not add up to the requests"; }
  done
}

# figure stats_last|stats_total NAME: one number; 0 where it is not listed.
figure() {
  if [[ ${!1} =~ \"$2\":([0-9]+) ]]; then echo "${BASH_REMATCH[1]}"; else echo 0; fi
}

# last_build NAME=NUMBER...: what is not named is not checked; only=1 names the rest as 0.
last_build() { check_figures stats_last "$@"; }
total() { check_figures stats_total "$@"; }

check_figures() {
  local part=$1 pair
  shift
  read_stats
  for pair in "$@"; do
    [[ $(figure "$part" "${pair%%=*}") == "${pair#*=}" ]] || {
      cat "$work/.stats" >&2
      fail "$part: ${pair%%=*} is $(figure "$part" "${pair%%=*}"), not ${pair#*=}"
    }
  done
}

# The last build took everything, $1 requests, from the cache.
all_hits() { last_build "requests=$1" "hits=$1" misses=0; }
all_misses() { last_build "requests=$1" hits=0 "misses=$1"; }

# ---- a compiler that counts -------------------------------------------------------------------------------------------

# counting_compiler PROGRAM [NAME [OPTION]]: one that writes a line to $work/compiled for each real compile, and is the
# program (with that option) otherwise. Where it is, is in $compiler.
counting_compiler() {
  compiler=$work/${2:-counting-compiler}
  : >"$work/compiled"
  cat >"$compiler" <<TEXT
#!/bin/bash
case " \$* " in
  *" -### "*) ;;
  *" -c "*) echo "\$*" >>"$work/compiled" ;;
esac
exec $(command -v "$1") ${3:-} "\$@"
TEXT
  chmod +x "$compiler"
}

# compiled COUNT: since the last call.
compiled() {
  local count
  count=$(wc -l <"$work/compiled")
  [[ $count == "$1" ]] || { cat "$work/compiled" >&2; fail "the compiler ran $count times, not $1"; }
  : >"$work/compiled"
}

# launch COMMAND...: one compile as the build tool would run it, in $tree. Output in $work/stdout and $work/stderr.
launch() {
  (cd "$tree" && "$tree/.compiler-cache/bin/compiler-cache-launcher" "$@") >"$work/stdout" 2>"$work/stderr"
}
