# A header written by the build itself, a moment before the compile that reads it: what is made of it is kept, and of
# another one it is another.
need ninja
unit_project 4
echo 1 >"$source/value.txt"
cat >>"$source/CMakeLists.txt" <<'TEXT'
add_custom_command(OUTPUT generated.h COMMAND sh "${CMAKE_SOURCE_DIR}/generate.sh" generated.h
  DEPENDS value.txt generate.sh VERBATIM)
add_library(generated OBJECT first.cpp second.cpp "${CMAKE_BINARY_DIR}/generated.h")
target_include_directories(generated PRIVATE "${CMAKE_BINARY_DIR}")
TEXT
echo "echo \"#define VALUE \$(cat '$source/value.txt')\" >\"\$1\"" >"$source/generate.sh"
printf '#include "generated.h"\nint first() { return VALUE; }\n' >"$source/first.cpp"
printf '#include "generated.h"\nint second() { return VALUE; }\n' >"$source/second.cpp"
# What is made of a header that is too new to tell when it changed may be kept from the next compile on only.
compile_again() {
  rm "$tree/CMakeFiles/generated.dir/first.cpp.o" "$tree/CMakeFiles/generated.dir/second.cpp.o"
  build
}
kept() {
  compile_again
  same_objects "$1"
  compile_again
  all_hits 2
  same_objects "$1"
}

configure
build
all_misses 7
object_hashes "$work/with-1"
kept "$work/with-1"
clean
build
all_hits 7
same_objects "$work/with-1"

echo 2 >"$source/value.txt"
build
all_misses 2
object_hashes "$work/with-2"
[[ $(diff "$work/with-1" "$work/with-2" | grep -c '^>') == 2 ]] || fail "not two objects changed"
kept "$work/with-2"
echo 1 >"$source/value.txt"
build
all_hits 2
same_objects "$work/with-1"
echo 2 >"$source/value.txt"
build
all_hits 2
same_objects "$work/with-2"
nothing_to_do
