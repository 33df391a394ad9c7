# The second build compiles nothing, the objects are the same, and the build tool is content with what it got.
need ninja
unit_project 6
counting_compiler g++
configure "-DCMAKE_CXX_COMPILER=$compiler"
: >"$work/compiled"  # the configure step's own
build
all_misses 7
compiled 7
object_hashes "$work/cold"

clean
build
all_hits 7
compiled 0
same_objects "$work/cold"
nothing_to_do
