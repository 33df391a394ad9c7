# A helper that ends can no longer be reached, and still holds the lock for a moment: the one that a launcher starts then
# takes its place, and does not leave the build without a cache.
need ninja flock
unit_project 3
configure
: >"$work/ready"
flock "$tree/.compiler-cache/lock" bash -c "rm '$work/ready'; exec sleep 0.4" &
holder=$!
is_held() { [[ ! -e $work/ready ]]; }
wait_until 20 is_held || fail "nobody holds the lock"
build
wait "$holder"
all_misses 4
last_build bypassed=0
