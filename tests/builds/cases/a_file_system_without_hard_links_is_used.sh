# FAT has no hard links, no modes, no sockets, and times of one or two seconds: the shared store on it is of use, sessions are
# copied there, and a tree on it is built without a helper, which could not be reached.
isolate "$@"
need ninja losetup
unit_project 4

# fat FOLDER: mounts a new one there, by the kernel or by FUSE.
fat() {
  local device image=$1.image
  mkdir -p "$1"
  truncate -s 64M "$image"
  device=$(losetup -f --show "$image" 2>/dev/null) || skip "no loop devices here"
  if ! { command -v mkfs.vfat && mkfs.vfat "$device" && mount -t vfat -o umask=022 "$device" "$1"; } >"$work/.mounted" 2>&1 &&
    ! { command -v mkfs.exfat && mkfs.exfat "$device" && mount.exfat-fuse "$device" "$1" -o umask=022; } >>"$work/.mounted" 2>&1; then
    losetup -d "$device"
    skip "neither vfat nor exFAT can be mounted here: $(tail -1 "$work/.mounted")"
  fi
  mounted+=("$1")
  losetup -d "$device" # when it is unmounted
  touch "$1/one"
  ! ln "$1/one" "$1/two" 2>/dev/null || fail "that file system has hard links"
  rm "$1/one"
}

fat "$store"
configure
build
all_misses 5
object_hashes "$work/cold"
clean
build
all_hits 5
same_objects "$work/cold"
helper stop >/dev/null
rm -rf "$tree"
configure
build
all_hits 5
last_build shared=5
same_objects "$work/cold"
echo "int more;" >>"$source/unit_1.cpp"
build
all_misses 1
object_hashes "$work/cold"
helper stop >/dev/null
rm -rf "$tree"

# Sessions are there, too: what one helper knew the next one knows, and it is said that parts are copied.
configure
fat "$tree/.compiler-cache/sessions"
build
all_hits 5
helper stop >/dev/null
clean
build
all_hits 5
last_build tree=5
same_objects "$work/cold"
helper status | grep -q 'copied, not linked' || { helper status >&2; fail "the status does not tell that parts are copied"; }
helper stop >/dev/null
umount "$tree/.compiler-cache/sessions" "$store"
rm -rf "$tree"

# The whole tree.
fat "$tree"
configure
build
same_objects "$work/cold"
nothing_to_do
no_helper_below "$work" || fail "a helper runs that nobody can reach"
umount "$tree"
