# The archiver is replaced in place, by one whose libraries are others, and comes back.
source "$repo/tests/builds/lib_archives.sh"
need ninja gcc g++ ar
mkdir -p "$work/tools"
cp "$(readlink -f "$(command -v ar)")" "$work/tools/ar"
options=(-DCMAKE_C_COMPILER=gcc -DCMAKE_CXX_COMPILER=g++ "-DCMAKE_AR=$work/tools/ar")
library_project
without_us 1
state 1
with_us
archives requests=2 misses=2
same_libraries 1 "cold"

# As GNU ar in every word, but that it makes thin archives.
cat >"$work/other-ar.c" <<TEXT
#include <string.h>
#include <unistd.h>
int main(int argc, char** argv) {
  static char thin[] = "qcT";
  (void)argc;
  argv[0] = "ar";
  if (argv[1] && strcmp(argv[1], "qc") == 0) argv[1] = thin;
  execv("$work/tools/real-ar", argv);
  return 1;
}
TEXT
gcc -o "$work/other-ar" "$work/other-ar.c"
mv "$work/tools/ar" "$work/tools/real-ar"
cp "$work/other-ar" "$work/tools/ar"
clean
build
archives requests=2 misses=2
[[ $(head -c 7 "$tree/libbase.a") == '!<thin>' ]] || fail "a library of the old archiver"
clean
build
archives requests=2 hits=2
[[ $(head -c 7 "$tree/libbase.a") == '!<thin>' ]] || fail "a library of the old archiver, from the cache"

mv "$work/tools/real-ar" "$work/tools/ar"
clean
build
archives requests=2 hits=2
same_libraries 1 "with the first archiver again"

# A script in front of it may do anything: nothing is kept, and nothing breaks.
mv "$work/tools/ar" "$work/tools/real-ar"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$work/tools/real-ar" >"$work/tools/ar"
chmod +x "$work/tools/ar"
clean
build
archives requests=2 uncacheable=2
same_libraries 1 "by a script"
