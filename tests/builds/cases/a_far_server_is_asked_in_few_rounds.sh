# Behind a line of 50 ms, a build from nothing does not wait for the server step by step: what the last build asked for is fetched
# ahead, and the way there is gone a few times in all, not twice for each of forty steps.
source "$repo/tests/builds/lib_remote.sh"
need ninja redis-server redis-cli python3
unit_project 39
start_redis
configure "$patient" "-DCOMPILER_CACHE_REMOTE=redis://127.0.0.1:$port"
build
all_misses 40
object_hashes "$work/cold"
# With the roster, which goes last.
roster_is_there() { [[ $(redis --scan --pattern '*entries*' | wc -l) -ge 42 ]]; }
wait_for_all_sent
wait_until 30 roster_is_there || { redis --scan >&2; fail "no roster"; }
forget_everything

start_faults delay=50 "$port"
configure "$patient" "-DCOMPILER_CACHE_REMOTE=redis://127.0.0.1:$fault_port" -DCOMPILER_CACHE_REMOTE_MODE=read-only
build
all_hits 40
remote_hits 40
same_objects "$work/cold"
rounds=$(wc -l <"$work/fault-port.rounds")
echo "$rounds rounds for 40 compiles and a link"
((rounds <= 20)) || fail "the way to the server was gone $rounds times"
