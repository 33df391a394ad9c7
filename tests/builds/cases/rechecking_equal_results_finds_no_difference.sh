# COMPILER_CACHE_RECHECK compiles a share of the hits all the same, and finds what it should: nothing, whatever the compiler,
# with warnings, debug information and precompiled headers, of which GCC's cannot be compared.
need ninja g++ clang++
unit_project 5
sed -i 's/return x \*/int unused; return x */' "$source/unit_2.cpp"
cat >>"$source/CMakeLists.txt" <<'TEXT'
target_compile_options(app PRIVATE -Wall -g -O1)
option(PRECOMPILE "" OFF)
if(PRECOMPILE)
  target_precompile_headers(app PRIVATE <vector>)
endif()
TEXT

for used in g++ clang++; do
  remove "$tree" "$store"
  configure "-DCMAKE_CXX_COMPILER=$used"
  build
  all_misses 6
  object_hashes "$work/cold"

  clean
  COMPILER_CACHE_RECHECK=100 build
  last_build requests=6 hits=0 misses=6 recheck=6 rechecked=6 recheck_differences=0 bytes_stored=0
  same_objects "$work/cold" "$used"
  nothing_to_do
  grep -q "unused variable" "$work/built" || fail "the warning is gone"

  clean
  COMPILER_CACHE_RECHECK=50 build
  last_build requests=6 hits=3 misses=3 rechecked=3 recheck_differences=0
  same_objects "$work/cold" "$used"

  clean
  COMPILER_CACHE_RECHECK=some build
  all_hits 6
  helper status >"$work/status"
  grep -q "COMPILER_CACHE_RECHECK=some is no number from 0 to 100" "$work/status" ||
    { cat "$work/status" >&2; fail "nothing is said about the value"; }

  # The precompiled header itself, and six that use it.
  configure -DPRECOMPILE=ON
  build
  clean
  COMPILER_CACHE_RECHECK=100 build
  rechecked=7
  [[ $used == clang++ ]] || rechecked=0
  last_build requests=7 hits=0 misses=7 recheck=7 "rechecked=$rechecked" recheck_differences=0
  clean
  build
  all_hits 7
  ! grep -q recheck-difference "$tree/.compiler-cache/events.jsonl" || fail "a difference is in the log of events"
done
