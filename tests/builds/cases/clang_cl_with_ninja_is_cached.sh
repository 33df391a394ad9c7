# A Windows build by clang-cl is byte for byte what it is without us, and Ninja knows the headers after a hit, too.
source "$repo/tests/builds/lib_clang_cl.sh"
clang_cl_project -DCMAKE_BUILD_TYPE=Release
the_whole_round
no_note_is_seen
