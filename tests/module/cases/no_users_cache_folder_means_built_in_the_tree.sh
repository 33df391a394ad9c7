simple_project
unset XDG_CACHE_HOME
HOME=/dev/null configure
said "CompilerCache: building the helper, done ("
not_said "CMake Error"
not_said "CMake Warning"
build
launched main.c
HOME=/dev/null configure
not_said "building the helper"

# No HOME at all: no place for a shared store either.
rm -rf "$work/build"
env -u HOME cmake -S "$work/project" -B "$work/build" -G Ninja "-D_compiler_cache_source_root=$stub" >"$work/out" 2>&1 ||
  fail "configure failed"
said "store this build tree only"
has_line "$work/build/.compiler-cache/config" "shared_dir="
