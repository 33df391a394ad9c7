# Killed with the answer before it, a launcher has put nothing in place: that is an error of its own, and no hit. The helper
# hears of it where it waits for something else.
need ninja strace
strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
unit_project 1
configure
build
all_misses 2
object_hashes "$work/cold"
command=$(ninja -C "$tree" -t commands | grep -- "-c .*unit_1.cpp")
(cd "$tree" && strace -o /dev/null -e inject=recvmsg:signal=KILL $command) >/dev/null 2>&1 && fail "nobody was killed"
counted() { read_stats && (($(figure stats_total requests) == 3)); }
wait_until 20 counted || fail "it was not counted"
total hits=0 misses=2 errors=1
same_objects "$work/cold"
clean
build
all_hits 2
