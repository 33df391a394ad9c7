# Each option that the helper reads, changed while one runs: the next build works by the new value, and nobody has to stop
# a helper. The build itself configures again where the project has changed.
need ninja python3
unit_project 3
configure
build
all_misses 4

# of_status PATH: from the status of the helper that runs.
of_status() {
  helper status --json | python3 -c '
import json, sys
status = json.load(sys.stdin)
assert status["running"], "no helper runs"
stores = {store["name"]: store for store in status["stores"]}
print(eval(sys.argv[1]))' "$1"
}
is_now() {
  local value
  value=$(of_status "$1")
  [[ $value == "$2" ]] || { helper status >&2; fail "$1 is $value, not $2"; }
}
edit_and_build() {
  echo "int more_$RANDOM$RANDOM;" >>"$source/unit_1.cpp"
  build
  last_build requests=1 misses=1
}
pid=$(of_status 'status["pid"]')

configure "-DCOMPILER_CACHE_SHARED_DIR=$work/second store"
edit_and_build
is_now 'stores["shared"]["path"]' "$work/second store/objects"
[[ -n $(find "$work/second store/objects" -type f) ]] || fail "nothing in the new store"
[[ $(of_status 'status["pid"]') != "$pid" ]] || fail "the old helper goes on"
pid=$(of_status 'status["pid"]')
configure "-DCOMPILER_CACHE_SHARED_DIR=$work/second store"
edit_and_build
[[ $(of_status 'status["pid"]') == "$pid" ]] || fail "a helper was stopped although nothing has changed"
store=""
configure
edit_and_build
is_now 'sorted(stores)' "['memory', 'tree']"

configure -DCOMPILER_CACHE_MAX_SIZE=123M
edit_and_build
is_now 'stores["tree"]["limit"]' $((123 << 20))

# With reflink blobs are kept bare, for nothing else can be cloned; small ones always are.
configure -DCOMPILER_CACHE_RESTORE=auto
bare() { find "$tree/.compiler-cache/objects" -type f -size +40k ! -name '*.zst' | wc -l; }
large_object() {
  printf 'extern const char text_%d[60000]; const char text_%d[60000] = "%d";\n' "$1" "$1" "$1" >>"$source/unit_2.cpp"
  build
  helper stop >/dev/null  # which publishes what it has
}
large_object 1
[[ $(bare) == 0 ]] || fail "kept bare without being asked to"
clean
build  # a helper runs again
configure -DCOMPILER_CACHE_RESTORE=reflink
large_object 2
[[ $(bare) != 0 ]] || fail "reflink did not reach the helper"
clean
build
configure -DCOMPILER_CACHE_RESTORE=copy
before=$(bare)
large_object 3
[[ $(bare) == "$before" ]] || fail "copy did not reach the helper"
build

clean
build
configure "-DCOMPILER_CACHE_EXTRA_ROOTS=$work/none"
edit_and_build
helper status | grep -q "extra root $work/none is not used" || fail "the extra root did not reach the helper"

# By an edit of the project: the build configures, and goes on with another helper.
sed -i 's/^include(/set(COMPILER_CACHE_MAX_SIZE 77M)\ninclude(/' "$source/CMakeLists.txt"
edit_and_build
is_now 'stores["tree"]["limit"]' $((77 << 20))

configure -DCOMPILER_CACHE_IDLE_TIMEOUT=1
edit_and_build
wait_until 60 no_helper_below "$tree" || fail "the helper does not end when idle"
[[ $(tail -n 1 "$tree/.compiler-cache/events.jsonl") == *'"event":"idle"'* ]] || fail "it did not end by being idle"
