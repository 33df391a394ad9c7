# Results that cannot know their folder come from a server to a tree in another folder, of a machine that has neither the first one
# nor its stores: the same objects. Those that know it are compiled, and come to a tree in the same folder only.
source "$repo/tests/builds/lib_remote.sh"
need ninja redis-server redis-cli python3
unit_project 9
printf '#include "shared.h"\nconst char* where() { return __FILE__; }\n' >"$source/unit_9.cpp"
sed -i 's/^int unit_9.*//; s/ + unit_9(n)//' "$source/main.cpp"
start_redis
fill_servers 10 "-DCOMPILER_CACHE_REMOTE=redis://127.0.0.1:$port"
take_from_servers 10 "-DCOMPILER_CACHE_REMOTE=redis://127.0.0.1:$port"
forget_everything

mkdir -p "$work/far/away"
mv "$source" "$work/far/away/source"
source=$work/far/away/source
tree=$work/far/away/build
configure "$patient" "-DCOMPILER_CACHE_REMOTE=redis://127.0.0.1:$port"
build
last_build requests=10 hits=9 misses=1
remote_hits 9
grep -v unit_9 "$work/cold" >"$work/free"
object_hashes "$work/now"
grep -v unit_9 "$work/now" | diff "$work/free" - >&2 || fail "other objects"
nothing_to_do
