# The compiler here reads a header that is another one before and after: an editor, a generator or a checkout that runs
# beside the build. What it made is passed on, and kept for neither text.
need ninja
unit_project 1
jobs=1
# Reads $work/during in the place of shared.h, if it is there; afterwards $work/after is put there.
compiler=$work/late-compiler
cat >"$compiler" <<TEXT
#!/bin/bash
if [[ " \$* " == *" -c "* && " \$* " != *" -### "* && -e "$work/during" ]]; then
  cat "$work/during" >"$source/shared.h"
  rm "$work/during"
  g++ "\$@"
  status=\$?
  cat "$work/after" >"$source/shared.h"
  exit \$status
fi
exec g++ "\$@"
TEXT
chmod +x "$compiler"
configure "-DCMAKE_CXX_COMPILER=$compiler"
header() { printf '#pragma once\n#define SHARED %d\n' "$1"; }
object=$tree/CMakeFiles/app.dir/unit_1.cpp.o
object_is_of() {
  (cd "$work" && mkdir -p own && header "$1" >own/shared.h && cp "$source/unit_1.cpp" own/ && g++ -c own/unit_1.cpp -o own.o)
  cmp -s "$work/own.o" "$object" || fail "the object is not that of SHARED $1"
}

# Before and after alike (1), another one (2) in between.
header 1 >"$source/shared.h"
header 2 >"$work/during"
header 1 >"$work/after"
ninja -C "$tree" CMakeFiles/app.dir/unit_1.cpp.o >"$work/built" || fail "the build failed"
object_is_of 2
clean
build
object_is_of 1
clean
build
object_is_of 1

# 1 before, 3 afterwards; the compiler read 1.
header 1 >"$work/during"
header 3 >"$work/after"
echo "// edited" >>"$source/unit_1.cpp"
clean
ninja -C "$tree" CMakeFiles/app.dir/unit_1.cpp.o >"$work/built" || fail "the build failed"
object_is_of 1
clean
build
object_is_of 3
header 1 >"$source/shared.h"
clean
build
object_is_of 1

# With nothing moving, it is cached as ever.
clean
build
all_hits 2
object_is_of 1
