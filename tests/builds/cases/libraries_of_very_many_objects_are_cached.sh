# More objects than fit on a command line: Ninja writes a response file and removes it, Make several that it keeps.
source "$repo/tests/builds/lib_archives.sh"
need ninja make gcc g++ ar
options=(-DCMAKE_C_COMPILER=gcc -DCMAKE_CXX_COMPILER=g++)
library_project
name=$(printf 'n%.0s' {1..200})
many=$source/$name/$name/$name
mkdir -p "$many"
for ((i = 1; i <= 230; ++i)); do printf 'int many_%d(void) { return %d; }\n' $i $i >"$many/m$i.c"; done
cat >>"$source/CMakeLists.txt" <<TEXT
file(GLOB many "\${CMAKE_CURRENT_SOURCE_DIR}/$name/$name/$name/*.c")
add_library(many STATIC \${many})
TEXT
libraries=3
without_us 1
for generator in Ninja "Unix Makefiles"; do
  state 1
  with_us
  archives requests=3 misses=3
  same_libraries 1 "$generator, cold"
  [[ $(ar t "$tree/libmany.a" | wc -l) == 230 ]] || fail "not all members"

  clean
  build
  archives requests=3 hits=3
  same_libraries 1 "$generator, warm"

  printf 'int many_7(void) { return 8; }\n' >"$many/m7.c"
  build
  archives requests=1 misses=1
  [[ $(ar t "$tree/libmany.a" | wc -l) == 230 ]] || fail "members were added to an old library"
  printf 'int many_7(void) { return 7; }\n' >"$many/m7.c"
  build
  archives requests=1 hits=1
  same_libraries 1 "$generator, after going back"
  forget_everything
done
