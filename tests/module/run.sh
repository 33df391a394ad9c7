#!/bin/bash
# run.sh <checkout> <scratch folder> <case>: runs cases/<case>.sh in an empty folder below the scratch folder.
set -euo pipefail

repo=$1
scratch=$2
case=$3
# shellcheck disable=SC2034  # used by the cases
stub=$repo/tests/module/stub
work=$scratch/$case
# shellcheck disable=SC2034
shared_cache=$scratch/shared-cache

# What the person who runs the tests has set must not decide their outcome.
unset CC CXX CFLAGS CXXFLAGS LDFLAGS MAKEFLAGS MFLAGS DESTDIR CMAKE_GENERATOR CMAKE_TOOLCHAIN_FILE CMAKE_BUILD_TYPE \
  CMAKE_C_COMPILER_LAUNCHER CMAKE_CXX_COMPILER_LAUNCHER CMAKE_BUILD_PARALLEL_LEVEL

rm -rf "$work"
mkdir -p "$work"
export XDG_CACHE_HOME=$work/user-cache
# shellcheck source=lib.sh
source "$repo/tests/module/lib.sh"
source "$repo/tests/module/cases/$case.sh"
rm -rf "$work"
