# A library that was deleted, that may not be written, or that is a link; no helper, a helper that was killed, the cache
# switched off for a build: what comes is what CMake's own rule makes, over whatever was there before.
source "$repo/tests/builds/lib_archives.sh"
need ninja gcc g++ ar
options=(-DCMAKE_C_COMPILER=gcc -DCMAKE_CXX_COMPILER=g++)
library_project
without_us 1 2
state 1
with_us
state 2
build
state 1
build

rm "$tree/libbase.a"
build
archives requests=1 hits=1
same_libraries 1 "deleted"

# Each time the library is made again because a member is, without its removal by `clean`.
for way in read_only link broken_link hard_link; do
  case $way in
    read_only) chmod a-w "$tree/libbase.a" ;;
    link) echo mine >"$work/mine" && ln -sf "$work/mine" "$tree/libbase.a" ;;
    broken_link) ln -sf "$work/nowhere" "$tree/libbase.a" ;;
    hard_link) echo mine >"$work/mine" && ln -f "$work/mine" "$tree/libbase.a" ;;
  esac
  for number in 2 1; do
    state $number
    build
    archives requests=1
    same_libraries $number "over an old library: $way"
  done
  [[ ! -e $work/mine || $(cat "$work/mine") == mine ]] || fail "written through a $way"
  absent "$work/nowhere"
done

# Without the helper's word, over an old library of other members.
for number in 2 1; do
  state $number
  COMPILER_CACHE_DISABLE=1 build
  same_libraries $number "disabled"
done

for number in 2 1; do
  kill_helper
  state $number
  build
  same_libraries $number "after the helper was killed"
done

helper stop >/dev/null
program=$tree/.compiler-cache/bin/compiler-cache-helper
mv "$program" "$work/helper-program"
for number in 2 1; do
  state $number
  build
  no_helper_below "$tree" || fail "a helper without its program"
  same_libraries $number "without a helper"
done
clean
build
same_libraries 1 "without a helper, from nothing"
mv "$work/helper-program" "$program"

# And none of that has left anything wrong.
rm -f "$tree/.compiler-cache/stalled"
clean
build
archives requests=2 hits=2
same_libraries 1 "in the end"
nothing_to_do
