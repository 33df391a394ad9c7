#!/bin/bash
# run.sh <checkout> <scratch folder> <case> <launcher> <helper>: runs cases/<case>.sh with these two programs, in an empty
# folder below the scratch folder. KEEP=1 leaves that folder behind.
set -euo pipefail

repo=$1
case=$3
work=$2/$case
launcher_program=$4
helper_program=$5

# What the person who runs the tests has set must not decide their outcome.
unset CC CXX CFLAGS CXXFLAGS CPPFLAGS LDFLAGS MAKEFLAGS MFLAGS MAKELEVEL DESTDIR CMAKE_GENERATOR CMAKE_TOOLCHAIN_FILE \
  CMAKE_BUILD_TYPE CMAKE_C_COMPILER_LAUNCHER CMAKE_CXX_COMPILER_LAUNCHER CMAKE_BUILD_PARALLEL_LEVEL NINJA_STATUS \
  COMPILER_CACHE_DISABLE COMPILER_CACHE_LOG COMPILER_CACHE_PREFIX COMPILER_CACHE_RECHECK SOURCE_DATE_EPOCH GCC_COLORS CLICOLOR_FORCE
export LC_ALL=C

# A helper that still runs after a test that passed is a failure of it; after one that failed it is ended quietly.
end_of_case() {
  local folder status=$?
  trap - EXIT
  stop_helpers || status=1
  end_servers
  # Also after a failure: what serves a file system of FUSE would live on.
  for folder in ${mounted[@]+"${mounted[@]}"}; do umount -l "$folder" 2>/dev/null || true; done
  if [[ $status == 0 || $status == 77 ]] && [[ -z ${KEEP:-} ]]; then rm -rf "$work"; fi
  exit "$status"
}

# shellcheck source=lib.sh
source "$repo/tests/builds/lib.sh"
rm -rf "$work"
mkdir -p "$work"
trap end_of_case EXIT
place_programs "$launcher_program" "$helper_program"
source "$repo/tests/builds/cases/$case.sh"
