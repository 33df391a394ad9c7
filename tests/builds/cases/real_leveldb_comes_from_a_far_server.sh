# A real project from nothing but servers behind a line of 50 ms, Redis and HTTP: the same bytes, and the way there is gone a few
# times, not twice for each step. What it takes is printed, beside the same build from the tree.
source "$repo/tests/builds/lib_real.sh"
source "$repo/tests/builds/lib_remote.sh"
need ninja g++ redis-server redis-cli nginx python3
fetch leveldb
options=(-DCMAKE_BUILD_TYPE=Release -DLEVELDB_BUILD_TESTS=OFF -DLEVELDB_BUILD_BENCHMARKS=OFF)
milliseconds() { echo $(($(date +%s%N) / 1000000)); }
timed_build() {
  local began
  began=$(milliseconds)
  build
  took=$(($(milliseconds) - began))
}

start_redis
redis_port=$port
start_nginx
for url in "redis://127.0.0.1:$redis_port" "http://127.0.0.1:$port/cache"; do
  configure "${options[@]}" "-DCMAKE_PROJECT_INCLUDE=$module" "$patient" "-DCOMPILER_CACHE_REMOTE=$url"
  build
  count=$(object_count)
  object_hashes "$work/cold"
  wait_for_all_sent
  # The roster goes when the build has settled.
  helper stop >/dev/null
  forget_everything

  start_faults delay=50 "$(sed 's/.*:\([0-9]*\).*/\1/' <<<"$url")"
  far=$(sed "s/:[0-9][0-9]*/:$fault_port/" <<<"$url")
  configure "${options[@]}" "-DCMAKE_PROJECT_INCLUDE=$module" "$patient" "-DCOMPILER_CACHE_REMOTE=$far" -DCOMPILER_CACHE_REMOTE_MODE=read-only
  timed_build
  from_far=$took
  all_hits "$count"
  # Two targets compile the same file in the same way: the second is here by then, or both are asked for at once.
  [[ $stats_last =~ \"remote\":([0-9]+) ]] || fail "no figure for remote hits"
  ((BASH_REMATCH[1] >= count - 1)) || fail "${BASH_REMATCH[1]} of $count hits from the remote tier"
  same_objects "$work/cold"
  rounds=$(wc -l <"$work/fault-port.rounds")
  clean
  timed_build
  all_hits "$count"
  echo "${url%%:*}: $count compiles, $rounds rounds: $from_far ms; from the tree $took ms"
  helper status | grep '^remote'
  [[ $url != redis* ]] || ((rounds <= 20)) || fail "the way to the server was gone $rounds times"
  forget_everything
done
