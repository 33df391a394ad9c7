# Shared by the cases of this folder; each is sourced by run.sh in a folder of its own, $work.
#
# Set by run.sh: repo (the checkout), work, stub (the stand-in sources), CXX and CC of the run.

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

# Each test has a user's cache folder of its own; those that are not about building share one, so that the stand-in is
# built once for all of them.
share_programs() {
  export XDG_CACHE_HOME=$shared_cache
}

# A project of one C file in $work/project; its CMakeLists.txt comes on standard input.
project() {
  mkdir -p "$work/project"
  echo 'int main(void) { return 0; }' >"$work/project/main.c"
  echo 'int unit(void) { return 0; }' >"$work/project/unit.c"
  cat >"$work/project/CMakeLists.txt"
}

simple_project() {
  project <<END
cmake_minimum_required(VERSION 3.21)
project(Simple LANGUAGES C)
include($repo/cmake/CompilerCache.cmake)
add_executable(app main.c)
END
}

# configure [options]: $work/project into $work/build with the stand-in sources; output in $work/out, which a test greps.
configure() {
  try_configure "$@" || { cat "$work/out"; fail "configure failed"; }
}

try_configure() {
  cmake -S "$work/project" -B "$work/build" -G "${generator:-Ninja}" "-D_compiler_cache_source_root=$stub" \
    "-DCOMPILER_CACHE_SHARED_DIR=$work/store" "$@" >"$work/out" 2>&1
}

configure_fails() {
  if try_configure "$@"; then
    cat "$work/out"
    fail "configure succeeded"
  fi
}

# Builds, with the compiles that went through the launcher listed in $work/log.
build() {
  : >"$work/log"
  STUB_LOG=$work/log cmake --build "$work/build" "$@" >"$work/built" 2>&1 || { cat "$work/built"; fail "build failed"; }
}

# The text of the last configure on one line: CMake wraps and indents warnings.
flat_out() { tr -s ' \n' ' ' <"$work/out"; }
said() { flat_out | grep -F -- "$1" >/dev/null || { cat "$work/out"; fail "configure did not say: $1"; }; }
not_said() { ! flat_out | grep -F -- "$1" >/dev/null || { cat "$work/out"; fail "configure said: $1"; }; }
# Lines of the configure's output that contain $2 number $1. CMake wraps warnings: choose a short text.
said_times() {
  local count
  count=$(grep -cF -- "$2" "$work/out" || true)
  [[ $count == "$1" ]] || { cat "$work/out"; fail "said $count times, not $1: $2"; }
}
launched() { grep -q -- "$1" "$work/log" || { cat "$work/log"; fail "not run through the launcher: $1"; }; }
not_launched() { ! grep -q -- "$1" "$work/log" || { cat "$work/log"; fail "run through the launcher: $1"; }; }
exists() { [[ -e $1 ]] || fail "missing: $1"; }
absent() { [[ ! -e $1 ]] || fail "there is: $1"; }
has_line() { grep -qxF -- "$2" "$1" || { cat "$1"; fail "$1 lacks the line: $2"; }; }
