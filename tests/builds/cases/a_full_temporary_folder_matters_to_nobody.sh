# No room in /tmp, and TMPDIR that is nowhere: nothing of ours is there.
isolate "$@"
need ninja
unit_project 4
# The compiler's own temporary files are in memory then.
echo 'target_compile_options(app PRIVATE -pipe)' >>"$source/CMakeLists.txt"
configure
mount --bind /tmp /mnt
mount -t tmpfs -o size=4k tmpfs /tmp
# Tests may themselves run somewhere in there.
for folder in "$work" "$repo"; do
  [[ $folder == /tmp/* ]] || continue
  top=${folder#/tmp/}
  top=${top%%/*}
  mkdir -p "/tmp/$top"
  mountpoint -q "/tmp/$top" || mount --bind "/mnt/$top" "/tmp/$top"
done
! head -c 100000 /dev/zero >/tmp/full 2>/dev/null || fail "/tmp is not full"
export TMPDIR=/nowhere
build_objects() {
  # Linking is not ours, and has files of its own there.
  (cd "$tree" && ninja CMakeFiles/app.dir/main.cpp.o CMakeFiles/app.dir/unit_{1..4}.cpp.o) >"$work/built" 2>&1 ||
    { cat "$work/built" >&2; fail "the build failed"; }
}
build_objects
all_misses 5
object_hashes "$work/cold"
clean
build_objects
all_hits 5
same_objects "$work/cold"
helper stop >/dev/null
cd /
umount -l /tmp
mount --bind /mnt /tmp
