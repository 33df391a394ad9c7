share_programs
project <<END
cmake_minimum_required(VERSION 3.21)
project(Prefix LANGUAGES C)
include($repo/cmake/CompilerCache.cmake)
add_custom_target(cache-clear COMMAND \${CMAKE_COMMAND} -E echo the-projects-own)
END
configure -DCOMPILER_CACHE_TARGET_PREFIX=my.
not_said "of its own"
for subcommand in stats status stop clear; do
  build --target my.cache-$subcommand
  grep -qF "stub-helper [$subcommand] [--tree] [$work/build]" "$work/built" || fail "my.cache-$subcommand"
done
build --target cache-clear
grep -q the-projects-own "$work/built" || fail "the project's own target was replaced"
! cmake --build "$work/build" --target cache-stats >"$work/built" 2>&1 || fail "there is a target without the prefix, too"
