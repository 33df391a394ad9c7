# An nginx that takes files by PUT is all that the HTTP tier needs; with a user's name and a password, by a file that only this
# user can read. Those who may not write read all the same; who is not known gets nothing, and builds.
source "$repo/tests/builds/lib_remote.sh"
need ninja nginx python3 openssl
unit_project 9
mkdir -p "$work/nginx"
printf 'me:%s\n' "$(openssl passwd -apr1 pass-4711-word)" >"$work/nginx/users"
start_nginx 'auth_basic "cache";' "auth_basic_user_file $work/nginx/users;"
url=http://127.0.0.1:$port/cache
credentials=$work/credentials
printf 'machine 127.0.0.1\nlogin me\npassword pass-4711-word\n' >"$credentials"
chmod 600 "$credentials"

fill_servers 10 "-DCOMPILER_CACHE_REMOTE=$url" "-DCOMPILER_CACHE_REMOTE_CREDENTIALS=$credentials"

take_from_servers 10 "-DCOMPILER_CACHE_REMOTE=$url" "-DCOMPILER_CACHE_REMOTE_CREDENTIALS=$credentials" \
  -DCOMPILER_CACHE_REMOTE_MODE=read-only
helper status >"$work/status"
grep -q "remote store: only read" "$work/status" || { cat "$work/status" >&2; fail "who may only read may write"; }
if grep -rq pass-4711-word "$tree/CMakeCache.txt" "$tree/.compiler-cache"; then fail "the password is in the build tree"; fi
forget_everything

# By the digests of another protocol, and in its folders: a blob's name is the SHA-256 of the file.
while IFS= read -r -d '' file; do
  [[ $(sha256sum <"$file") == "${file##*/}  -" ]] || fail "$file has another digest"
done < <(find "$work/nginx/www/cache/cas" -type f -print0)
[[ $(find "$work/nginx/www/cache/ac" -type f | wc -l) -ge 10 ]] || fail "no entries in ac"

# Nobody in particular, or with a file that everybody can read.
configure "$patient" "-DCOMPILER_CACHE_REMOTE=$url"
build
all_misses 10
same_objects "$work/cold"
helper status >"$work/status"
grep -q "open: the server answers 401" "$work/status" || { cat "$work/status" >&2; fail "the refusal is not told"; }
forget_everything
chmod 644 "$credentials"
configure "$patient" "-DCOMPILER_CACHE_REMOTE=$url" "-DCOMPILER_CACHE_REMOTE_CREDENTIALS=$credentials"
build
all_misses 10
helper status >"$work/status"
grep -q "the remote store is not used: the credentials cannot be read" "$work/status" || { cat "$work/status" >&2; fail "no note"; }
