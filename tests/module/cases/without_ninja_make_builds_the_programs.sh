need make
# A PATH with everything but Ninja.
mkdir "$work/bin"
for folder in /usr/local/bin /usr/bin /bin; do
  ln -sf "$folder"/* "$work/bin/" 2>/dev/null || true
done
rm -f "$work/bin/ninja" "$work/bin/ninja-build" "$work/bin/samu"
simple_project
generator="Unix Makefiles"
PATH=$work/bin VERBOSE=1 MAKEFLAGS="-j1 -- VERBOSE=1" configure
said "CompilerCache: building the helper, done ("
grep -qF "stub: Unix Makefiles Release" "$work/build/.compiler-cache/build.log" || fail "not built with Make"
! grep -qF -- "-o CMakeFiles" "$work/build/.compiler-cache/build.log" || fail "VERBOSE or MAKEFLAGS reached the sub-build"
build
launched main.c
