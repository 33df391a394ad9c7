share_programs
project <<END
cmake_minimum_required(VERSION 3.21)
project(Targets LANGUAGES C)
include($repo/cmake/CompilerCache.cmake)
add_custom_target(cache-clear COMMAND \${CMAKE_COMMAND} -E echo the-projects-own)
END
configure
said "target cache-clear of its own"
for subcommand in stats status stop; do
  build --target cache-$subcommand
  grep -qF "stub-helper [$subcommand] [--tree] [$work/build]" "$work/built" || fail "cache-$subcommand"
done
build --target cache-clear
grep -q the-projects-own "$work/built" || fail "the project's own target was replaced"
