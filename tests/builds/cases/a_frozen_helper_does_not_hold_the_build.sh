# A helper that does not answer (here: stopped by a signal) costs a wait, not the build; its calls are counted as bypassed,
# in the build that they belong to. When it goes on, it is used again.
need ninja
unit_project 9
configure
build
all_misses 10
object_hashes "$work/cold"
pid=$(helpers_below "$tree")
[[ -n $pid ]] || fail "no helper"

clean
kill -STOP "$pid"
build
kill -CONT "$pid"
same_objects "$work/cold"
nothing_to_do
read_stats
(($(figure stats_total requests) == 20)) || fail "not every call was counted: $(figure stats_total requests)"
(($(figure stats_total bypassed) >= 9)) || fail "only $(figure stats_total bypassed) calls went past the helper"

# The mark that keeps launchers from waiting again holds for seconds; it is no part of this test.
rm -f "$tree/.compiler-cache/stalled"
clean
build
all_hits 10
same_objects "$work/cold"
