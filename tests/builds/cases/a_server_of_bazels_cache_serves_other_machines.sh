# A server that checks what Bazel's HTTP caches check (digests, messages, lengths) and lets in who knows a token. Who does not
# gets nothing, and builds.
source "$repo/tests/builds/lib_remote.sh"
need ninja python3
unit_project 9
python3 "$repo/tests/builds/bazel_cache.py" "$work/port" token-4711-word >"$work/requests" 2>&1 &
servers+=($!)
wait_until 10 test -e "$work/port" || { cat "$work/requests" >&2; fail "no server"; }
url=http://127.0.0.1:$(<"$work/port")/some/instance

export COMPILER_CACHE_REMOTE_TOKEN=token-4711-word
fill_servers 10 "-DCOMPILER_CACHE_REMOTE=$url"
if grep -q "refused\|^PUT [^2]" "$work/requests"; then cat "$work/requests" >&2; fail "the server does not take what it was sent"; fi
(($(grep -c "^PUT 200 .*/ac/" "$work/requests") >= 10)) || { cat "$work/requests" >&2; fail "no entries in ac"; }

take_from_servers 10 "-DCOMPILER_CACHE_REMOTE=$url"
if grep -rq token-4711-word "$tree/CMakeCache.txt" "$tree/.compiler-cache"; then fail "the token is in the build tree"; fi
forget_everything

# The same from a file, that only this user can read.
unset COMPILER_CACHE_REMOTE_TOKEN
printf 'machine 127.0.0.1 token token-4711-word\n' >"$work/credentials"
chmod 600 "$work/credentials"
take_from_servers 10 "-DCOMPILER_CACHE_REMOTE=$url" "-DCOMPILER_CACHE_REMOTE_CREDENTIALS=$work/credentials"
forget_everything

COMPILER_CACHE_REMOTE_TOKEN=another configure "$patient" "-DCOMPILER_CACHE_REMOTE=$url"
COMPILER_CACHE_REMOTE_TOKEN=another build
all_misses 10
same_objects "$work/cold"
helper status >"$work/status"
grep -q "open: the server answers 401" "$work/status" || { cat "$work/status" >&2; fail "the refusal is not told"; }
