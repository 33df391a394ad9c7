# COMPILER_CACHE_DISABLE=1 compiles everything, asks no helper, and is counted.
need ninja
unit_project 4
counting_compiler g++
configure "-DCMAKE_CXX_COMPILER=$compiler"
: >"$work/compiled"
COMPILER_CACHE_DISABLE=1 build
compiled 5
no_helper_below "$tree" || fail "a helper was started"
total requests=5 bypassed=5 hits=0 misses=0
object_hashes "$work/plain"

# Nothing was stored, so these are misses; the count of the bypassed is kept.
clean
build
compiled 5
all_misses 5
total requests=10 bypassed=5 misses=5
same_objects "$work/plain"

# With a helper running, it is not asked either.
clean
COMPILER_CACHE_DISABLE=1 build
compiled 5
clean
build
compiled 0
all_hits 5
total requests=20 bypassed=10 misses=5 hits=5
same_objects "$work/plain"
