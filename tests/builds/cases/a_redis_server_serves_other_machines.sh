# What one build has stored in a Redis server is all hits, from there, where nothing else is known: another machine, as far as
# the cache can tell. Also by a Unix socket, with a password and another database.
source "$repo/tests/builds/lib_remote.sh"
need ninja redis-server redis-cli python3
unit_project 9

export REDISCLI_AUTH=pass-4711-word
start_redis --requirepass pass-4711-word --unixsocket "$work/redis.sock"
export COMPILER_CACHE_REMOTE_PASSWORD=pass-4711-word

for url in "redis://127.0.0.1:$port/3" "redis+unix://$work/redis.sock?db=4"; do
  forget_everything
  fill_servers 10 "-DCOMPILER_CACHE_REMOTE=$url"

  take_from_servers 10 "-DCOMPILER_CACHE_REMOTE=$url"
  nothing_to_do
  # It is this tree's own by now.
  clean
  build
  all_hits 10
  remote_hits 0
done

helper status >"$work/status"
grep -q "remote server redis+unix://.*: closed" "$work/status" || { cat "$work/status" >&2; fail "no server in the status"; }
if grep -rq pass-4711-word "$tree/CMakeCache.txt" "$tree/.compiler-cache"; then fail "the password is in the build tree"; fi
if grep -q pass-4711-word "$work/status"; then fail "the password is in the status"; fi
[[ $(redis -n 3 dbsize) -gt 20 ]] || fail "database 3 has nothing"
