# The cache of a tree that was moved away serves a new tree at the same path, without a shared store, and nothing changes
# in it; a name that is no such tree is passed over with a note.
need ninja
unit_project 9
echo 'target_precompile_headers(app PRIVATE <vector>)' >>"$source/CMakeLists.txt"
store=""
configure
build
all_misses 11
object_hashes "$work/cold"
helper stop >/dev/null
mkdir "$work/old"
mv "$tree/.compiler-cache" "$work/old/"
rm -rf "$tree"
picture() {
  (cd "$work/old" && find . -type f -printf '%P %s %T@ %m\n' | sort && find . -type f -print0 | sort -z | xargs -0 sha256sum)
}
picture >"$work/before"

configure "-DCOMPILER_CACHE_EXTRA_ROOTS=$work/none;$work/old"
build
all_hits 11
same_objects "$work/cold"
nothing_to_do
helper status >"$work/status"
grep -q "extra root $work/none is not used" "$work/status" || { cat "$work/status" >&2; fail "no note"; }
picture >"$work/after"
diff "$work/before" "$work/after" >&2 || fail "the extra root has changed"

# What was used is this tree's own by now.
helper stop >/dev/null
rm -rf "$work/old"
clean
build
all_hits 11
same_objects "$work/cold"
