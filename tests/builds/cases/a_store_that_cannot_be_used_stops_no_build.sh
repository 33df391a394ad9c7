# No shared store, one that cannot be made, and one that cannot be written: the tree's own cache goes on. And without even
# that, the compiler.
isolate "$@"
need ninja
unit_project 4
cached_by_the_tree() {
  configure
  build
  all_misses 5
  object_hashes "$work/cold"
  helper stop >/dev/null
  clean
  build
  all_hits 5
  last_build shared=0
  same_objects "$work/cold"
  helper status >/dev/null || fail "no status"
  helper stop >/dev/null
  rm -rf "$tree"
}
store=""
cached_by_the_tree
touch "$work/file"
store=$work/file/store
cached_by_the_tree
# Where even the superuser makes nothing.
store=/proc/store
cached_by_the_tree

# Filled, and then read-only (which the superuser does not notice): it is read.
store=$work/store
configure
build
all_misses 5
rm -rf "$tree"
chmod -R a-w "$store"
configure
build
all_hits 5
last_build tree=0
same_objects "$work/cold"
echo "int more;" >>"$source/unit_1.cpp"
build
all_misses 1
clean
build
all_hits 5
chmod -R u+w "$store"
helper stop >/dev/null
rm -rf "$tree"

# On a disk that is read-only for everybody.
mount --bind "$store" "$store"
mount -o remount,ro,bind "$store"
configure
echo "int still_more;" >>"$source/unit_1.cpp"
build
last_build requests=5 hits=4 misses=1
tells_it() { helper status | grep -qi 'read-only'; }
# What the last compile left is written once the build's end has settled.
wait_until 20 tells_it || { helper status >&2; fail "the status does not tell that the store is read-only"; }
clean
build
all_hits 5
helper stop >/dev/null
umount "$store"
rm -rf "$tree"

# A home where nothing can be made, and nobody has named a store. (Our programs are built beforehand, into the home.)
XDG_CACHE_HOME=/proc/none HOME=/proc/none cmake -S "$source" -B "$tree" -G Ninja \
  "-D_compiler_cache_source_root=$work/.programs" >"$work/configured" 2>&1 || { cat "$work/configured" >&2; fail "configure failed"; }
HOME=/proc/none XDG_CACHE_HOME=/proc/none build
last_build requests=5 errors=0
clean
HOME=/proc/none XDG_CACHE_HOME=/proc/none build
last_build requests=5 errors=0 hits=5
helper stop >/dev/null
rm -rf "$tree"

# Where .compiler-cache itself is read-only there is no helper, and no waiting for one.
configure
mount --bind "$tree/.compiler-cache" "$tree/.compiler-cache"
mount -o remount,ro,bind "$tree/.compiler-cache"
build
nothing_to_do
no_helper_below "$work" || fail "a helper runs that can keep nothing"
umount "$tree/.compiler-cache"
clean
build
last_build requests=5 errors=0 bypassed=0
