# A compiler whose result depends on a file that it reads unseen: the cache hands out what that file once led to, a recheck
# finds it, the build goes on with the compiler's own object, and nobody gets the wrong one again.
need ninja g++
unit_project 4
printf 'int unseen() { return UNSEEN; }\n' >"$source/unit_1.cpp"
sed -i 's/unit_1(n)/unseen()/; s/int unit_1(int x);/int unseen();/' "$source/main.cpp"
echo -DUNSEEN=1 >"$work/unseen"
compiler=$work/unseen-compiler
cat >"$compiler" <<TEXT
#!/bin/bash
case " \$* " in
  *" -### "*) exec g++ "\$@" ;;
  *" -c "*) exec g++ \$(cat "$work/unseen") "\$@" ;;
esac
exec g++ "\$@"
TEXT
chmod +x "$compiler"
configure "-DCMAKE_CXX_COMPILER=$compiler"
build
all_misses 5
object_hashes "$work/old"
helper stop >/dev/null
echo -DUNSEEN=2 >"$work/unseen"
clean
build
all_hits 5
same_objects "$work/old" "the case shows nothing"
clean
COMPILER_CACHE_DISABLE=1 build
object_hashes "$work/right"
! cmp -s "$work/old" "$work/right" || fail "the compiler does not depend on the file"

clean
COMPILER_CACHE_RECHECK=100 build
last_build requests=5 hits=0 misses=5 rechecked=5 recheck_differences=1
same_objects "$work/right" "the compiler's own object has to stay"
nothing_to_do
grep -q "compiler-cache: recheck: the object of .*unit_1.cpp is not what the cache has" "$work/built" ||
  { cat "$work/built" >&2; fail "the build was told nothing"; }
helper status >"$work/status"
grep -q "recheck: the object of .*unit_1.cpp" "$work/status" || { cat "$work/status" >&2; fail "no note"; }
helper stats >"$work/stats"
grep -q "WRONG: .* 1  *1$" "$work/stats" || { cat "$work/stats" >&2; fail "no line in the statistics"; }
grep -q '"event":"recheck-difference","what":"the object","input":".*unit_1.cpp"' \
  "$tree/.compiler-cache/events.jsonl" || fail "no event"

# Another helper, and another tree with the same store: the entry is gone from both.
helper stop >/dev/null
cp -a "$store" "$work/store-before"
clean
build
last_build requests=5 hits=4 misses=1
same_objects "$work/right"
helper stop >/dev/null
remove "$tree" "$store"
mv "$work/store-before" "$store"
configure "-DCMAKE_CXX_COMPILER=$compiler"
build
last_build requests=5 hits=4 misses=1
same_objects "$work/right"
clean
build
all_hits 5
same_objects "$work/right"

# A compile that fails where the cache has a result fails, and is told to be a difference, too.
echo -fno-such-option >"$work/unseen"
clean
! COMPILER_CACHE_RECHECK=100 cmake --build "$tree" -j 1 >"$work/built" 2>&1 || fail "the build does not fail"
grep -q "compiler-cache: recheck: the exit status of .*\.cpp is not what the cache has" "$work/built" ||
  { cat "$work/built" >&2; fail "the failing build was told nothing"; }
last_build requests=1 misses=1 rechecked=1 recheck_differences=1
