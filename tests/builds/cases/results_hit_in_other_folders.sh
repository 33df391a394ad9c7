# What cannot know its folder is taken from the cache in any other one: without debug information by itself, with it where
# COMPILER_CACHE_RELOCATABLE has its paths mapped. Every object is that of a build without us in its own folder.
need ninja gdb

# place N: clone N of the project, and its tree.
place() {
  source=$work/place-$1/project
  tree=$work/place-$1/${2:-project/build}
}

# in_folders CONFIGURATION OPTION...: the first clone builds anew, the second has it all.
in_folders() {
  local configuration=$1 clone
  shift
  for clone in first other/longer; do
    place "$configuration/$clone"
    mkdir -p "${source%/*}"
    cp -r "$work/project" "$source"
    configure -DCMAKE_BUILD_TYPE="${configuration%-*}" -DCOMPILER_CACHE_LINKS=OFF "$@"
    COMPILER_CACHE_LOG=$work/log-$configuration-${clone%/*} build
    case $clone in
      first) all_misses 4 ;;
      *) all_hits 4 ;;
    esac
    object_hashes "$work/cached"
    dependencies_of >"$work/cached-deps"
    clean
    COMPILER_CACHE_DISABLE=1 build
    same_objects "$work/cached" "$configuration in $clone"
    dependencies_of | cmp -s "$work/cached-deps" - || fail "other dependencies in $clone"
  done
}

dependencies_of() { ninja -C "$tree" -t deps | awk '/: #deps / { print $1; next } NF { print $1 }' | sort; }

source=$work/project
unit_project 3
sed -i 's/^#define SHARED 1/#include <string>\n#include <cassert>\ninline int shared(int x) { assert(x >= 0); return x; }\n&/' \
  "$source/shared.h"

in_folders Release-plain
in_folders Release-mapped -DCOMPILER_CACHE_RELOCATABLE=ON
in_folders Debug-mapped -DCOMPILER_CACHE_RELOCATABLE=ON

# gdb finds the sources in both.
for clone in first other/longer; do
  place "Debug-mapped/$clone"
  build
  gdb -nx -batch -x "$tree/.compiler-cache/gdbinit" -ex 'list unit_2' -ex 'info source' "$tree/app" >"$work/gdb" 2>&1
  grep -q 'return x \* 2 + SHARED' "$work/gdb" || { cat "$work/gdb" >&2; fail "gdb finds no source in $clone"; }
  grep -q "Located in $source/unit_2.cpp" "$work/gdb" || { cat "$work/gdb" >&2; fail "gdb has another file"; }
done

# Debug information binds where it is not mapped, and explain says so.
for clone in first other/longer; do
  place "Debug-plain/$clone"
  mkdir -p "${source%/*}"
  cp -r "$work/project" "$source"
  configure -DCMAKE_BUILD_TYPE=Debug -DCOMPILER_CACHE_LINKS=OFF
  build
  all_misses 4
done
helper explain >"$work/explained"
grep -q 'bound to this folder: debug information' "$work/explained" || { cat "$work/explained" >&2; fail "explain does not say it"; }
grep -q 'COMPILER_CACHE_RELOCATABLE=ON' "$work/explained" || { cat "$work/explained" >&2; fail "explain gives no hint"; }

# What came from another folder is compared with the compiler's own like any other result.
place Debug-mapped/other/longer
clean
COMPILER_CACHE_RECHECK=100 build
last_build requests=4 misses=4 rechecked=4 recheck_differences=0
