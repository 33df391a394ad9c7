# The helper is killed again and again while builds compile and restore: every build ends well with the right objects.
need ninja
unit_project 25
configure
build
object_hashes "$work/cold"

# In the background until $work/end exists: each helper that this tree gets is killed soon after it started.
kill_now_and_then() {
  until [[ -e $work/end ]]; do
    kill_helper
    echo >>"$work/kills"
    sleep 0.2
  done
}
: >"$work/kills"
kill_now_and_then &
killer=$!
for ((round = 1; round <= 6; ++round)); do
  ninja -C "$tree" -t clean >/dev/null
  jobs=$((round % 2 ? 1 : 4))
  build
  same_objects "$work/cold" "round $round"
  nothing_to_do
done
touch "$work/end"
wait "$killer"
kill_helper
(($(wc -l <"$work/kills") >= 6)) || fail "the helper was hardly killed"

# One that was killed while it started has marked the tree as one to leave alone for some seconds.
rm -f "$tree/.compiler-cache/stalled"

# What the last helper left behind does not hinder the next: what was lost is compiled once.
clean
build
same_objects "$work/cold"
clean
build
all_hits 26
same_objects "$work/cold"
helper status >/dev/null
