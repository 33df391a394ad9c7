# Objects that no compile of ours has written count by what they hold: made by other commands, or by a compiler that we
# stay out of.
source "$repo/tests/builds/lib_archives.sh"
need ninja gcc g++ ar
options=(-DCMAKE_C_COMPILER=gcc -DCMAKE_CXX_COMPILER=g++ -DCOMPILER_CACHE_LANGUAGES=CXX)
more_commands='
add_custom_command(OUTPUT made.o DEPENDS middle.cpp
  COMMAND "${CMAKE_CXX_COMPILER}" -Dmiddle=made -c "${CMAKE_SOURCE_DIR}/middle.cpp" -o made.o)
add_library(mixed STATIC first.cpp more.c "${CMAKE_BINARY_DIR}/made.o")
set_target_properties(mixed PROPERTIES LINKER_LANGUAGE CXX)'
library_project
without_us 1 2
state 1
with_us
# `other` is of C alone.
archives requests=2 misses=2
same_libraries 1 "cold"
clean
build
archives requests=2 hits=2
same_libraries 1 "warm"
state 2
build
archives requests=2 misses=2
same_libraries 2 "after an edit"
state 1
build
archives requests=2 hits=2
same_libraries 1 "after going back"

# Changed by hand, with its old size and times.
touch -r "$tree/made.o" "$work/time"
printf 'X' | dd of="$tree/made.o" bs=1 seek=80 conv=notrunc status=none
touch -r "$work/time" "$tree/made.o"
rm "$tree/libmixed.a"
build
archives requests=1 misses=1
ar p "$tree/libmixed.a" made.o | cmp - "$tree/made.o" || fail "the library has an older object"
