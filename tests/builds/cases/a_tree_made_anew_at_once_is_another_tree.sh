# `rm -rf build` and configure again within the same second, with the old helper still there: it ends, touches nothing of
# the new tree, and all is in the shared store.
need ninja
unit_project 6
configure
build
all_misses 7
object_hashes "$work/cold"
for round in 1 2 3; do
  old=$(helpers_below "$tree")
  rm -rf "$tree"
  configure
  build
  all_hits 7
  same_objects "$work/cold" "round $round"
  gone() { local pid; for pid in $old; do [[ ! -e /proc/$pid ]] || return 1; done; }
  wait_until 20 gone || fail "the helper of the removed tree goes on"
  clean
  build
  all_hits 7
  [[ $(helpers_below "$tree" | wc -w) == 1 ]] || fail "helpers: $(helpers_below "$tree")"
done
