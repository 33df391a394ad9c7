# A project's own commands change an object in place, between its compile and its library; and the library, when it is made.
source "$repo/tests/builds/lib_archives.sh"
need ninja make gcc g++ ar objcopy
options=(-DCMAKE_C_COMPILER=gcc -DCMAKE_CXX_COMPILER=g++)
more_commands='
add_custom_command(TARGET base PRE_LINK
  COMMAND objcopy --rename-section .text=.text.mine CMakeFiles/base.dir/first.cpp.o
  COMMAND objcopy --rename-section .text=.text.mine CMakeFiles/base.dir/middle.cpp.o)
add_custom_command(TARGET other POST_BUILD COMMAND "${CMAKE_AR}" d libother.a more.c.o)'
library_project
sed -i '/^add_executable\|^target_link_libraries/d' "$source/CMakeLists.txt"
never_idle=1 # Ninja compiles an object again that is newer than what it knows of it
without_us 1 2
for generator in Ninja "Unix Makefiles"; do
  libraries_are_cached
  ar p "$tree/libbase.a" middle.cpp.o >"$work/middle.o"
  readelf -S "$work/middle.o" | grep -q '\.text\.mine' || fail "the command did nothing"
  [[ $(ar t "$tree/libother.a") == other.c.o ]] || fail "a member was to be removed"

  # The library alone is made again: from objects that the command has changed before.
  rm "$tree/libbase.a" "$tree/libother.a"
  build
  archives requests=2 hits=2
  same_libraries 1 "libraries alone"
  forget_everything
done
