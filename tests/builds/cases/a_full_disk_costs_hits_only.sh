# The disk of the shared store is full, then that of the tree's own cache: builds go on, and nothing wrong is kept.
isolate "$@"
need ninja
unit_project 12
mkdir "$store"
mount -t tmpfs -o size=64k,mode=0700 tmpfs "$store"
configure
build
all_misses 13
object_hashes "$work/cold"
helper status | grep -qi 'no space' || { helper status >&2; fail "the status does not tell that the disk is full"; }
clean
build
all_hits 13
same_objects "$work/cold"

# What fitted is of use to a new tree, and the rest is compiled.
helper stop >/dev/null
rm -rf "$tree"
configure
build
same_objects "$work/cold"
last_build errors=0
(($(figure stats_last shared) > 0 && $(figure stats_last misses) > 0)) || fail "the store was not both full and of use"
clean
build
all_hits 13
helper stop >/dev/null

# The tree's own: there is room for the programs, and for hardly anything else.
rm -rf "$tree"
store=""
configure
cp -a "$tree/.compiler-cache" "$work/own"
mount -t tmpfs -o "size=$(($(du -sk "$work/own" | cut -f1) + 64))k,mode=0755" tmpfs "$tree/.compiler-cache"
cp -a "$work/own/." "$tree/.compiler-cache/"
build
all_misses 13
same_objects "$work/cold"
helper status | grep -qi 'no space' || { helper status >&2; fail "the status does not tell that the disk is full"; }
clean
build
last_build errors=0 requests=13
same_objects "$work/cold"
helper stop >/dev/null
clean
build
last_build errors=0
same_objects "$work/cold"
nothing_to_do

# A compile that is to write a depfile of ours, for which there is no room.
head -c 200000 /dev/zero >"$tree/.compiler-cache/filler" 2>/dev/null || true
for compiler in g++ clang++; do
  command -v $compiler >/dev/null || continue
  launch $compiler -c "$source/unit_1.cpp" -o "$tree/own.o" || { cat "$work/stderr" >&2; fail "a compile failed for our depfile"; }
  [[ ! -s $work/stderr ]] || { cat "$work/stderr" >&2; fail "and it said something"; }
  $compiler -c "$source/unit_1.cpp" -o "$work/own.o"
  cmp "$work/own.o" "$tree/own.o"
done
read_stats
(($(figure stats_total errors) >= 1)) || fail "it is not counted"
helper stop >/dev/null
umount "$tree/.compiler-cache" "$work/store"
