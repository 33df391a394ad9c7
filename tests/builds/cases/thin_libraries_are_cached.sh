# A thin archive holds names of its members, relative to where it is, and what they define. The two states of the sources
# differ in no size, so that the archives of both are the same bytes.
source "$repo/tests/builds/lib_archives.sh"
need ninja make gcc g++ ar
options=(-DCMAKE_C_COMPILER=gcc -DCMAKE_CXX_COMPILER=g++)
archive_commands='set(CMAKE_CXX_ARCHIVE_CREATE "<CMAKE_AR> qcT <TARGET> <LINK_FLAGS> <OBJECTS>")
set(CMAKE_C_ARCHIVE_CREATE "<CMAKE_AR> qcT <TARGET> <LINK_FLAGS> <OBJECTS>")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/libraries")'
library_project
without_us 1 2
for generator in Ninja "Unix Makefiles"; do
  libraries_are_cached
  [[ $(head -c 7 "$tree/libraries/libbase.a") == '!<thin>' ]] || fail "not a thin archive"
  "$tree/app" || fail "the program that was linked with them"
  forget_everything
done
