# A server that is full, or takes no writes, is read from all the same, and the status says what is the matter; what a full one
# did not take is sent later. Whose entries carry another key's MAC is not believed.
source "$repo/tests/builds/lib_remote.sh"
need ninja redis-server redis-cli python3
unit_project 9

start_redis
url=redis://127.0.0.1:$port
redis config set maxmemory 1 >/dev/null
configure "$patient" "-DCOMPILER_CACHE_REMOTE=$url"
build
all_misses 10
object_hashes "$work/cold"
said() { helper status >"$work/status" && grep -q "$1" "$work/status"; }
wait_until 30 said "takes nothing for a while: the server says: OOM" || { cat "$work/status" >&2; fail "not said"; }
helper stop >/dev/null
exists "$tree/.compiler-cache/unsent"
redis config set maxmemory 0 >/dev/null
# The next helper sends it.
touch "$source/unit_1.cpp"
build
wait_for_all_sent
helper stop >/dev/null
absent "$tree/.compiler-cache/unsent"
forget_everything
configure "$patient" "-DCOMPILER_CACHE_REMOTE=$url"
build
all_hits 10
same_objects "$work/cold"
forget_everything

primary=$port
port=""
start_redis --replicaof 127.0.0.1 "$primary"
replica_is_full() { [[ $(redis dbsize) -ge 20 ]]; }
wait_until 30 replica_is_full || fail "the replica has nothing"
sed -i 's/x \* 3/x * 4/' "$source/unit_3.cpp"
configure "$patient" "-DCOMPILER_CACHE_REMOTE=redis://127.0.0.1:$port"
build
last_build requests=10 hits=9 misses=1
remote_hits 9
wait_until 30 said "nothing is written to the remote store: the server says: READONLY" || { cat "$work/status" >&2; fail "not said"; }
forget_everything

# A team with a key believes its own entries only.
printf 'the key of this team, of which nobody else knows\n' >"$work/key"
chmod 600 "$work/key"
configure "$patient" "-DCOMPILER_CACHE_REMOTE=$url" "-DCOMPILER_CACHE_REMOTE_KEY_FILE=$work/key"
build
last_build requests=10 hits=0 misses=10
said "of them not believed), last: remote entry with a MAC that is not ours" || { cat "$work/status" >&2; fail "not said"; }
object_hashes "$work/cold"
wait_for_all_sent
forget_everything
configure "$patient" "-DCOMPILER_CACHE_REMOTE=$url" "-DCOMPILER_CACHE_REMOTE_KEY_FILE=$work/key"
build
all_hits 10
same_objects "$work/cold"
forget_everything

# One who may only read, by the server's own rules: as docs/team.md has it for developers.
port=$primary
redis acl setuser dev on '>dev-word' '~compiler-cache:*' +@read +select >/dev/null
redis acl setuser default off >/dev/null
export COMPILER_CACHE_REMOTE_USER=dev COMPILER_CACHE_REMOTE_PASSWORD=dev-word
sed -i 's/x \* 4/x * 5/' "$source/unit_4.cpp"
configure "$patient" "-DCOMPILER_CACHE_REMOTE=$url" "-DCOMPILER_CACHE_REMOTE_KEY_FILE=$work/key"
build
last_build requests=10 hits=9 misses=1
remote_hits 9
wait_until 30 said "nothing is written to the remote store: the server says: NOPERM" || { cat "$work/status" >&2; fail "not said"; }
