# With Make, CMake asks clang-cl for depfiles in GCC's way: they come back with a hit.
source "$repo/tests/builds/lib_clang_cl.sh"
generator="Unix Makefiles"
clang_cl_project -DCMAKE_BUILD_TYPE=Release
the_whole_round
no_note_is_seen
