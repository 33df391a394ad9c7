# Ctrl-C at five points of a build, and five times all of it is killed: the next one ends well, with the right objects.
need ninja setsid
unit_project 30
# Ninja gives every command a process group of its own: those that ran when it was killed go on, and put their objects
# into the tree after it, with a cache and without one.
commands_ended() {
  local process
  for process in /proc/[0-9]*; do
    [[ $(readlink "$process/cwd") != "$tree"* || $(readlink "$process/exe") == */compiler-cache-helper ]] || return 1
  done
}

configure
build
object_hashes "$work/cold"
for ((round = 1; round <= 10; ++round)); do
  # Every second time they are compiled, not restored.
  ((round % 2)) || echo "// round $round" >>"$source/shared.h"
  clean
  setsid ninja -C "$tree" -j 2 >"$work/built" 2>&1 &
  build_pid=$!
  some_objects() { (($(object_count) >= round * 2)); }
  wait_until 20 some_objects || fail "the build makes no objects"
  kill -"$((round % 4 < 2 ? 2 : 9))" -- "-$build_pid" 2>/dev/null || true
  wait "$build_pid" || true
  wait_until 20 commands_ended || fail "a command of the killed build does not end"
  build
  same_objects "$work/cold" "round $round"
  nothing_to_do
  clean
  build
  all_hits 31
  same_objects "$work/cold" "after round $round"
done
