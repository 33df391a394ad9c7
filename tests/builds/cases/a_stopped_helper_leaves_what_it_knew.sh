# `stop` publishes and ends the helper; the next build has the same hits, from disk. Also when it comes during a build.
need ninja
unit_project 20
configure
build
all_misses 21
object_hashes "$work/cold"
for round in 1 2 3; do
  helper stop >/dev/null
  no_helper_below "$tree" || fail "stop returned before the helper was gone"
  clean
  build
  all_hits 21
  last_build memory=0
  same_objects "$work/cold" "round $round"
done
total requests=84 hits=63 misses=21

# Stopped in the middle: that build ends well. With nothing known to be lost, the next is all hits.
for round in 1 2 3 4 5; do
  clean
  cmake --build "$tree" -j 2 >"$work/built" 2>&1 &
  build_pid=$!
  some_objects() { (($(object_count) >= round * 3)); }
  wait_until 20 some_objects || fail "the build makes no objects"
  helper stop >/dev/null || fail "stop failed in a build"
  wait "$build_pid" || { cat "$work/built" >&2; fail "the build failed when its helper was stopped"; }
  same_objects "$work/cold" "stopped in round $round"
  nothing_to_do
  clean
  build
  all_hits 21
  same_objects "$work/cold" "after the stop of round $round"
done
