# Servers that stall, hang up, speak nonsense, send without end or a byte at a time: each build is right, soon left alone by
# them, and says why. One that comes back is used again.
source "$repo/tests/builds/lib_remote.sh"
need ninja redis-server redis-cli python3
unit_project 9
configure
build
object_hashes "$work/cold"
forget_everything

# Most of the ten compiles and the link were not asked for any more.
left_alone() {
  helper status --json | tr -d ' \n' >"$work/status"
  [[ $(<"$work/status") =~ \"asked\":([0-9]+) ]] || fail "no figure"
  ((BASH_REMATCH[1] >= 1 && BASH_REMATCH[1] <= 6)) || { cat "$work/status" >&2; fail "$1: asked ${BASH_REMATCH[1]} times"; }
  grep -q '"state":"\(open\|half-open\):' "$work/status" || { cat "$work/status" >&2; fail "$1: it is still asked"; }
}

for mode in stall hangup garbage endless drip; do
  start_faults $mode
  configure "-DCOMPILER_CACHE_REMOTE=redis://127.0.0.1:$fault_port" -DCOMPILER_CACHE_REMOTE_TIMEOUT=300
  build
  all_misses 10
  same_objects "$work/cold" "$mode"
  left_alone $mode
  forget_everything
  end_servers
done

# Nobody there; then somebody.
port=$(free_port)
configure "-DCOMPILER_CACHE_REMOTE=redis://127.0.0.1:$port" -DCOMPILER_CACHE_REMOTE_TIMEOUT=300
build
all_misses 10
left_alone nobody
start_redis
come_back() {
  touch_one
  helper status --json | tr -d ' \n' | grep -q '"state":"closed"'
}
touch_one() {
  echo "// $RANDOM" >>"$source/unit_1.cpp"
  build
}
wait_until 60 come_back || { helper status >&2; fail "it is not used again"; }
wait_for_all_sent
object_hashes "$work/cold"
forget_everything

# Killed in the middle: what was found was, the rest is compiled.
configure "-DCOMPILER_CACHE_REMOTE=redis://127.0.0.1:$port" -DCOMPILER_CACHE_REMOTE_TIMEOUT=300
jobs=1
cmake --build "$tree" -j 1 >"$work/built" 2>&1 &
building=$!
first_object() { [[ $(object_count) -ge 1 ]]; }
wait_until 30 first_object || fail "no object"
end_servers
wait $building || { cat "$work/built" >&2; fail "the build failed"; }
same_objects "$work/cold" "killed"
last_build requests=10 errors=0 bypassed=0
