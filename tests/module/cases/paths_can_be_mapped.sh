# COMPILER_CACHE_RELOCATABLE: each compile of a target gets the maps of both roots once, targets made before the include too, and
# debuggers are told of them. Off, nothing is left.
share_programs
project <<END
cmake_minimum_required(VERSION 3.21)
project(Mapped LANGUAGES C)
add_library(before STATIC unit.c)
include($repo/cmake/CompilerCache.cmake)
add_library(unit STATIC unit.c)
add_subdirectory(sub)
END
mkdir "$work/project/sub"
cat >"$work/project/sub/CMakeLists.txt" <<END
include($repo/cmake/CompilerCache.cmake)
add_library(below STATIC ../unit.c)
END
flags() { grep -h "^  FLAGS = " "$work/build/build.ninja" || true; }
maps() { flags | grep -o -- "-ffile-prefix-map=[^ ]*" | sort | uniq -c | sed 's/^ *//'; }

configure -DCOMPILER_CACHE_RELOCATABLE=ON
[[ $(maps) == "3 -ffile-prefix-map=$work/build=/compiler-cache.build
3 -ffile-prefix-map=$work/project=/compiler-cache.source" ]] || { maps; fail "other maps"; }
has_line "$work/build/.compiler-cache/gdbinit" "set substitute-path /compiler-cache.source $work/project"
has_line "$work/build/.compiler-cache/gdbinit" "set substitute-path /compiler-cache.build $work/build"
grep -q "target.source-map \"/compiler-cache.build\" \"$work/build\"" "$work/build/.compiler-cache/lldbinit" || fail "lldb is not told"

configure -DCOMPILER_CACHE_RELOCATABLE=OFF
[[ -z $(maps) ]] || { maps; fail "maps are left"; }

# A build tree in the source tree needs one map only.
cmake -S "$work/project" -B "$work/project/inner" -G Ninja "-D_compiler_cache_source_root=$stub" "-DCOMPILER_CACHE_SHARED_DIR=$work/store" \
  -DCOMPILER_CACHE_RELOCATABLE=ON >"$work/out" 2>&1 || { cat "$work/out"; fail "configure failed"; }
[[ $(grep -h "^  FLAGS = " "$work/project/inner/build.ninja" | grep -o -- "-ffile-prefix-map=[^ ]*" | sort -u) == \
  "-ffile-prefix-map=$work/project=/compiler-cache.source" ]] || fail "other maps of an inner build tree"

configure_fails -DCOMPILER_CACHE_RELOCATABLE=perhaps
said 'COMPILER_CACHE_RELOCATABLE is "perhaps"'
