# As real_leveldb_ninja_gcc_release, with another build tool, compiler or build type.
source "$repo/tests/builds/lib_real.sh"
need ninja clang++
generator="Ninja"
fetch leveldb
counting_compiler clang++
options=("-DCMAKE_CXX_COMPILER=$compiler" -DCMAKE_BUILD_TYPE=Release -DLEVELDB_BUILD_TESTS=OFF -DLEVELDB_BUILD_BENCHMARKS=OFF)
header=table/format.h
the_whole_round
