# No shared store, one that cannot be made, and one that cannot be written: the tree's own cache goes on.
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
