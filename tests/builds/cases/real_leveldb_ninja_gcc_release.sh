# A real project, built and rebuilt from the cache, is byte for byte what it is without us, and as quiet.
source "$repo/tests/builds/lib_real.sh"
need ninja g++
generator="Ninja"
fetch leveldb
counting_compiler g++
options=("-DCMAKE_CXX_COMPILER=$compiler" -DCMAKE_BUILD_TYPE=Release -DLEVELDB_BUILD_TESTS=OFF -DLEVELDB_BUILD_BENCHMARKS=OFF)
header=table/format.h
the_whole_round
