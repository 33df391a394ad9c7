mkdir "$work/bin"
printf '#!/bin/sh\ncase "$*" in *-std=c++20*) exit 1;; esac\necho old 1.0\n' >"$work/bin/c++"
chmod +x "$work/bin/c++"
simple_project
PATH=$work/bin:$PATH configure
said "CompilerCache: active for C;"
! grep -q "$work/bin/c++" "$work/build/.compiler-cache/build.log" || fail "the old compiler was taken"
