# Why helpers end, each with its event: told to by a signal, without its owner, with its program replaced, idle, and with
# the tree. What it knew is there for the next one.
need ninja python3
unit_project 4
configure
build
all_misses 5

event_names() { sed -n 's/.*"event":"\([a-z-]*\)".*/\1/p' "$tree/.compiler-cache/events.jsonl"; }
ended_by() {
  wait_until 20 no_helper_below "$tree" || fail "the helper goes on: $1"
  [[ $(event_names | tail -n 1) == "$1" ]] || fail "the last event is not $1: $(event_names | tr '\n' ' ')"
}
hits_from_disk() {
  clean
  build
  all_hits 5
  last_build memory=0
}

for signal in TERM INT HUP; do
  kill "-$signal" $(helpers_below "$tree")
  ended_by signal
  hits_from_disk
done

# Registered with a helper that runs: it ends with the last of its owners.
sleep 1000 & first=$!
sleep 1000 & second=$!
for owner in $first $second; do helper serve --owner-pid $owner || fail "no owner: $owner"; done
if helper serve --owner-pid 999999999; then fail "there is no such owner"; fi
kill $first
wait $first || true
[[ -n $(helpers_below "$tree") ]] || fail "it ended with the first of two owners"
kill $second
wait $second || true
ended_by owner-exit
hits_from_disk

# A new program in the place of the one that runs: it makes room when no build runs.
cp "$(readlink -f "$tree/.compiler-cache/bin/compiler-cache-helper")" "$work/new-helper"
mv -f "$work/new-helper" "$tree/.compiler-cache/bin/compiler-cache-helper"
ended_by replaced
hits_from_disk

# Stopped for a while, as by a suspended machine, together with its build: both go on.
clean
cmake --build "$tree" -j 2 >"$work/built" 2>&1 &
build_pid=$!
some_objects() { (($(object_count) >= 1)); }
wait_until 20 some_objects || fail "the build makes no objects"
frozen=$(helpers_below "$tree")
kill -STOP $frozen
kill -CONT $frozen
wait $build_pid || fail "the build failed"
nothing_to_do
clean
build
all_hits 5

# The figures of each begin and end; five compiles and a link.
for figure in '"event":"spawn".*"version"' '"event":"loaded".*"contexts":6' '"event":"build-start".*"build_pid"' \
  '"event":"build-exit".*"hits":5' '"event":"persist".*"warm":6.*"bytes":[1-9]' '"event":"signal".*"requests":5'; do
  grep -q "$figure" "$tree/.compiler-cache/events.jsonl" || fail "no event has $figure"
done

# With no helper: from the disk.
helper stop >/dev/null
helper status | grep -q '^helper: not running' || fail "a status without helper"
helper status | grep -q 's ago: stopped' || fail "the status does not tell of the last events"
helper status --json | python3 -c 'import json,sys; s=json.load(sys.stdin); assert not s["running"] and s["events"][-1]["event"] == "stopped" and s["stores"][0]["objects"] > 0, s'

# Nobody needs it for a second.
sed -i 's/^idle_timeout=.*/idle_timeout=1/' "$tree/.compiler-cache/config"
hits_from_disk
ended_by idle
