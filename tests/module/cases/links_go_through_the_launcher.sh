# Executables, shared and module libraries, also of targets made before the include; a linker launcher of the project's own
# stays, and static libraries are none of its business.
share_programs
project <<END
cmake_minimum_required(VERSION 3.21)
project(Links LANGUAGES C)
add_library(early SHARED unit.c)
include($repo/cmake/CompilerCache.cmake)
add_library(shared SHARED unit.c)
add_library(module MODULE unit.c)
add_library(static STATIC unit.c)
add_executable(app main.c)
add_executable(own main.c)
set_property(TARGET own PROPERTY C_LINKER_LAUNCHER \${CMAKE_COMMAND} -E env OWN=1)
END
for generator in Ninja "Ninja Multi-Config" "Unix Makefiles"; do
  need make ninja
  rm -rf "$work/build" "$work/links"
  configure
  STUB_LINK_LOG=$work/links build
  awk '{ for (i = 1; i < NF; ++i) if ($i == "-o") { sub(".*/", "", $(i + 1)); print $(i + 1) } }' "$work/links" | sort | tr '\n' ' ' >"$work/seen"
  [[ $(cat "$work/seen") == "app libearly.so libmodule.so libshared.so " ]] || fail "$generator: $(cat "$work/seen")"
done
rm -rf "$work/build" "$work/links"
generator=Ninja
configure -DCOMPILER_CACHE_LINKS=OFF
STUB_LINK_LOG=$work/links build
[[ ! -e $work/links ]] || fail "switched off, and still: $(cat "$work/links")"
configure_fails -DCOMPILER_CACHE_LINKS=maybe
