# `sudo ninja` in somebody's tree, and somebody in a tree of the superuser: the compiler runs, and no cache is touched.
need ninja setpriv
[[ $(id -u) == 0 ]] || skip "only the superuser can be two users"
somebody=65534
as_somebody() { setpriv --reuid=$somebody --regid=$somebody --clear-groups env HOME="$work/home" XDG_CACHE_HOME="$work/home/.cache" "$@"; }
helper() { as_somebody "$tree/.compiler-cache/bin/compiler-cache-helper" "$@" --tree "$tree"; }
for folder in "$work" "$repo"; do as_somebody test -x "$folder" || skip "$folder is not everybody's to enter"; done
as_somebody test -x "$work/.programs/helper/compiler-cache-helper" || skip "the programs are not everybody's to run"
unit_project 3
mkdir "$work/home" "$tree"
chown $somebody "$work/home" "$tree"

as_somebody cmake -S "$source" -B "$tree" -G Ninja "-D_compiler_cache_source_root=$work/.programs" \
  "-DCOMPILER_CACHE_SHARED_DIR=$work/home/store" >"$work/configured" 2>&1 || { cat "$work/configured" >&2; fail "configure failed"; }
as_somebody cmake --build "$tree" >"$work/built" 2>&1 || { cat "$work/built" >&2; fail "the build failed"; }
all_misses 4
object_hashes "$work/cold"
as_somebody cmake --build "$tree" --target clean >/dev/null

# The superuser builds: nothing of it reaches the cache, and no file of the cache becomes the superuser's; asking is fine.
superusers_build() {
  build
  same_objects "$work/cold"
  "$tree/.compiler-cache/bin/compiler-cache-helper" stats --tree "$tree" >"$work/.asked" 2>&1
  "$tree/.compiler-cache/bin/compiler-cache-helper" status --tree "$tree" >>"$work/.asked" 2>&1
  ! grep -q 'compiler-cache-helper:' "$work/.asked" || { cat "$work/.asked" >&2; fail "the superuser was not answered"; }
  last_build bypassed=4 requests=4
  grep -q "$1" "$work/.asked" || { cat "$work/.asked" >&2; fail "not bypassed for $1"; }
  local strange=$(find "$tree/.compiler-cache" "$work/home" -uid 0)
  [[ -z $strange ]] || fail "files of the superuser: $strange"
  clean
}
superusers_build 'who listens in it, belongs to another user'
# And with no helper, whose tree it is no superuser's business to start one for.
helper stop >/dev/null
superusers_build 'belongs to another user'
as_somebody cmake --build "$tree" >"$work/built" 2>&1 || { cat "$work/built" >&2; fail "the build failed"; }
all_hits 4
same_objects "$work/cold"
helper stop >/dev/null
