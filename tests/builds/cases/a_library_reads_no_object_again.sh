# What an object holds is known when it was restored or compiled in the same build: the helper opens none for the library.
source "$repo/tests/builds/lib_archives.sh"
need ninja gcc g++ ar objcopy strace
strace -q -o "$work/try" true 2>/dev/null || skip "nothing can be traced here"
options=(-DCMAKE_C_COMPILER=gcc -DCMAKE_CXX_COMPILER=g++)
library_project
state 1
with_us
helper status >"$work/status"
! grep -q "no folders: " "$work/status" || skip "nothing is watched here"

# Builds; the objects that the helper has opened meanwhile, in $work/opened.
opened() {
  local helper_id tracer
  helper_id=$(helpers_below "$tree")
  strace -f -q -e trace=openat -o "$work/trace" -p "$helper_id" 2>"$work/tracer" &
  tracer=$!
  wait_until 10 is_traced "$helper_id" || fail "strace: $(cat "$work/tracer")"
  build
  helper stats >/dev/null
  kill "$tracer"
  wait "$tracer" || true
  sed -n 's/.*openat([^"]*"\([^"]*\.o\)".*/\1/p' "$work/trace" | sort >"$work/opened"
}
is_traced() { ! grep -q '^TracerPid:[[:space:]]*0$' "/proc/$1/status"; }

clean
opened
archives requests=2 hits=2
[[ ! -s $work/opened ]] || fail "restored and read again: $(cat "$work/opened")"

# One is compiled, and read once, to be kept. Others may be read, too: those of the build before that were very new at its end.
state 2
opened
archives requests=1 misses=1
[[ $(grep -c "/middle.cpp.o$" "$work/opened") == 1 ]] || fail "read: $(cat "$work/opened")"

# One is changed by hand, and nobody has told what it holds now. Of its old time, or Ninja would have it compiled again.
object=$tree/CMakeFiles/other.dir/more.c.o
touch -r "$object" "$work/time"
objcopy --add-section .note.mine="$source/first.cpp" "$object"
touch -r "$work/time" "$object"
rm "$tree/libother.a"
opened
archives requests=1 misses=1
grep -q "more.c.o$" "$work/opened" || fail "an object that was changed was not read"
