# Whoever asks for the statistics after a compile has ended is told of it, however late the helper hears of both.
need ninja
unit_project 1
printf '#warning seen\nint unit_1(int x) { return x; }\n' >"$source/unit_1.cpp"
configure
build
rm "$tree/CMakeFiles/app.dir/unit_1.cpp.o"
pid=$(helpers_below "$work")

give_up() {
  kill -CONT "$pid"
  kill "$compile" || true
  fail "$1"
}

# The launcher has its answer, and is stuck on a full pipe that nobody reads.
mkfifo "$work/pipe"
exec 3<>"$work/pipe"
head -c 65536 /dev/zero >&3
command=$(ninja -C "$tree" -t commands CMakeFiles/app.dir/unit_1.cpp.o | tail -1)
(cd "$tree" && exec $command) >/dev/null 2>&3 3<&- &
compile=$!
wait_until 20 test -s "$tree/CMakeFiles/app.dir/unit_1.cpp.o" || give_up "no object restored"

# The question reaches the helper before the launcher's last word.
kill -STOP "$pid"
"$tree/.compiler-cache/bin/compiler-cache-helper" stats --json --tree "$tree" >"$work/asked" 3<&- &
question=$!
has_asked() { ls -l "/proc/$question/fd" 2>/dev/null | grep -q socket: && grep -q '^State:.S' "/proc/$question/status"; }
wait_until 20 has_asked || give_up "the question was not put"
head -c 65536 <&3 >/dev/null
wait "$compile" || give_up "the compile failed"
kill -CONT "$pid"
wait "$question" || fail "no answer"
tr -d ' \n' <"$work/asked" | grep -q '"total":{"requests":3,"hits":1,' || { cat "$work/asked" >&2; fail "a hit is missing"; }
