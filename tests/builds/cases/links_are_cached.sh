# Executables and shared libraries, by every linker that is here: byte for byte as without us, and whatever a link depends
# on makes it be done again.
need ninja gcc python3
mkdir -p "$source/early" "$source/late"
for name in f g h; do echo "int $name(int x) { return x + ${#name}; }" >"$source/$name.c"; done
echo 'int s1(int x) { return x; } int s2(int x) { return x; }' >"$source/s.c"
echo 'int f(int); int g(int); int s1(int); int e(void); int main(void) { return f(0) + g(0) + s1(0) + e(); }' >"$source/main.c"
echo 'V { global: s1; local: *; };' >"$source/s.map"
echo 'int e(void) { return 1; }' >"$work/e.c"
gcc -c "$work/e.c" -o "$work/e.o"
ar qc "$source/late/libe.a" "$work/e.o"
cat >"$source/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.21)
project(Links LANGUAGES C)
include("$module")
add_library(f STATIC f.c)
add_library(g OBJECT g.c)
add_library(s SHARED s.c)
set_target_properties(s PROPERTIES VERSION 1.2.3 SOVERSION 1)
target_link_options(s PRIVATE -Wl,--version-script=\${CMAKE_CURRENT_SOURCE_DIR}/s.map)
set_property(TARGET s APPEND PROPERTY LINK_DEPENDS \${CMAKE_CURRENT_SOURCE_DIR}/s.map)
add_executable(app main.c)
target_link_directories(app PRIVATE early late)
target_link_libraries(app PRIVATE f g s e m)
target_link_options(app PRIVATE -Wl,-Map=app.map -Wl,--dependency-file=app.link.d)
add_library(plug MODULE h.c)
END
export COMPILER_CACHE_LOG=$work/log
products=(app app.map app.link.d libs.so.1.2.3 libplug.so libf.a)

# As they are after a build without us, in another folder: nothing here names its own.
as_without() {
  local product
  rm -rf "$work/plain"
  cmake -S "$source" -B "$work/plain" -G Ninja -DCOMPILER_CACHE=OFF "${options[@]}" >"$work/out" 2>&1
  ninja -C "$work/plain" >"$work/out" 2>&1 || { cat "$work/out"; fail "the build without us"; }
  for product in "${products[@]}"; do
    cmp "$work/plain/$product" "$tree/$product" || fail "$1: $product"
    [[ $(stat -c %a "$work/plain/$product") == $(stat -c %a "$tree/$product") ]] || fail "$1: the mode of $product"
  done
}
links() { helper stats --json | python3 -c "import json, sys; print(json.load(sys.stdin)['last_build']['links']['$1'])"; }
# relinks N WHY: the next build makes N links, and right ones.
relinks() {
  clean
  build
  [[ $(links misses) == "$1" ]] || {
    helper stats >&2
    grep -v " hit \|launcher" "$COMPILER_CACHE_LOG" | tail -20 >&2
    fail "$2: $(links misses) links were made, not $1 ($(links hits) hits)"
  }
  as_without "$2"
}

for linker in bfd gold lld mold; do
  [[ $linker == bfd ]] || command -v "ld.$linker" >/dev/null || command -v "$linker" >/dev/null || continue
  echo "int s1(int x) { return x; } int s2(int x) { return x; }" >"$source/s.c"
  options=(-DCMAKE_C_COMPILER=gcc "-DCMAKE_C_FLAGS=-fuse-ld=$linker" -DCMAKE_BUILD_RPATH_USE_ORIGIN=ON)
  rm -rf "$tree"
  configure "${options[@]}"
  build
  [[ $(links misses) == 3 ]] || fail "$linker: $(helper stats)"
  as_without "$linker, cold"
  relinks 0 "$linker, warm"
  nothing_to_do

  echo 'int s1(int x) { return x + 1; } int s2(int x) { return x; }' >"$source/s.c"
  relinks 2 "$linker, another member of a library, and who links it"
  gcc -O1 -g -c "$work/e.c" -o "$work/e2.o"
  cp "$source/late/libe.a" "$work/libe.a"
  rm "$source/late/libe.a"
  ar qc "$source/late/libe.a" "$work/e2.o"
  relinks 1 "$linker, another library"
  cp "$work/libe.a" "$source/late/libe.a"
  relinks 0 "$linker, the library of before"
  cp "$source/late/libe.a" "$source/early/libe.a"
  ar q "$source/early/libe.a" "$work/e2.o"
  relinks 1 "$linker, a library appears earlier in the search"
  gcc -shared -Wl,-soname,libe.so "$work/e.o" -o "$source/early/libe.so"
  relinks 1 "$linker, a shared one beside it"
  rm "$source/early/libe.so" "$source/early/libe.a"
  relinks 0 "$linker, both are gone"
  echo 'V { global: s1; s2; local: *; };' >"$source/s.map"
  relinks 2 "$linker, another version script"
  echo 'V { global: s1; local: *; };' >"$source/s.map"
  relinks 0 "$linker, the script of before"
  helper stop >/dev/null
done

# Another linker in the place of ours: in an earlier folder of PATH.
mkdir -p "$work/bin"
printf '#!/bin/sh\nexec /usr/bin/ld "$@" -z now\n' >"$work/bin/ld"
chmod +x "$work/bin/ld"
options=(-DCMAKE_C_COMPILER=gcc)
rm -rf "$tree"
configure "${options[@]}"
build
before=$(sha256sum <"$tree/libplug.so")
PATH=$work/bin:$PATH
clean
build
[[ $(links hits) == 0 ]] || fail "a link by another linker came from the cache"
[[ $(sha256sum <"$tree/libplug.so") != "$before" ]] || fail "the other linker was not asked"
PATH=${PATH#*:}

# Switched off.
rm -rf "$tree"
configure -DCOMPILER_CACHE_LINKS=OFF
build
[[ $(links requests) == 0 ]] || fail "switched off, and still asked for"
