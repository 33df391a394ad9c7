share_programs
simple_project
configure -DCOMPILER_CACHE=OFF
said "CompilerCache: off"
absent "$work/build/.compiler-cache"
! grep -rqi "compiler-cache\|cache-stats" "$work/build/build.ninja" || fail "a trace in build.ninja"
configure -DCOMPILER_CACHE=ON
said "active for C;"
build
launched main.c
configure -DCOMPILER_CACHE=OFF
! grep -qi "compiler-cache\|cache-stats" "$work/build/build.ninja" || fail "a trace in build.ninja"
build
not_launched main.c
configure -DCOMPILER_CACHE=ON
build
launched main.c
