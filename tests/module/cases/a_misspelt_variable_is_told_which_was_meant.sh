share_programs
simple_project
meant() {  # what was given, what was meant
  configure_fails "-D$1=7"
  said "unknown variable $1 (its value: \"7\"). Did you mean $2?"
  rm -rf "$work/build"
}
meant COMPILER_CACHE_LINK COMPILER_CACHE_LINKS
meant COMPILER_CACHE_MAXSIZE COMPILER_CACHE_MAX_SIZE
meant COMPILER_CACHE_SHARD_DIR COMPILER_CACHE_SHARED_DIR
meant COMPILER_CACHE_IDEL_TIMEOUT COMPILER_CACHE_IDLE_TIMEOUT
meant COMPILER_CACHE_RESTOR COMPILER_CACHE_RESTORE
meant COMPILER_CACHE_language COMPILER_CACHE_LANGUAGES
configure_fails -DCOMPILER_CACHE_DISABLE=1
said "COMPILER_CACHE_DISABLE is set in the environment of a build"
configure_fails -DCOMPILER_CACHE_COLOUR=7 -UCOMPILER_CACHE_DISABLE
said "unknown variable COMPILER_CACHE_COLOUR"
not_said "Did you mean"
rm -rf "$work/build"

# Where it may be somebody else's, it is said, and no more.
configure -DCOMPILERCACHE_LINKS=OFF
said "COMPILERCACHE_LINKS (its value: \"OFF\") is no variable of CompilerCache. Did you mean COMPILER_CACHE_LINKS?"
said "active for C;"
rm -rf "$work/build"
project <<END
cmake_minimum_required(VERSION 3.21)
project(Own LANGUAGES C)
set(COMPILER_CACHE_ARCHIVE OFF)
set(COMPILER_CACHE_NAME "the project's own")
set(COMPILER_CACHE_MAX_SIZE 3G)
include($repo/cmake/CompilerCache.cmake)
END
configure
said "Did you mean COMPILER_CACHE_ARCHIVES?"
not_said "COMPILER_CACHE_NAME"
said "active for C;"
has_line "$work/build/.compiler-cache/config" "max_size=3221225472"
