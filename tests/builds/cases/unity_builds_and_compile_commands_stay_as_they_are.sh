# A unity build is cached; compile_commands.json, which tools read, has no launcher in it.
need ninja
unit_project 9
configure -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=4 -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
exists "$tree/compile_commands.json"
! grep -q compiler-cache-launcher "$tree/compile_commands.json" || fail "the launcher is in compile_commands.json"
build
all_misses 3
object_hashes "$work/cold"
clean
build
all_hits 3
same_objects "$work/cold"
nothing_to_do

# Of one of the files that a unit includes, only that unit depends.
echo "int more;" >>"$source/unit_9.cpp"
build
all_misses 1
