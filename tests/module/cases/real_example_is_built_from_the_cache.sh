# The real programs and the README's example: everything comes from the cache the second time, byte for byte.
need ninja
share_programs
build=$work/build
trap '"$build/.compiler-cache/bin/compiler-cache-helper" stop --tree "$build" >/dev/null 2>&1 || true' EXIT
cmake -S "$repo/examples/project" -B "$build" -G Ninja "-DCOMPILER_CACHE_SHARED_DIR=$work/store" >"$work/out" 2>&1 ||
  { cat "$work/out"; fail "configure failed"; }
said "CompilerCache: active for CXX;"
cmake --build "$build" -j 2 >"$work/built" 2>&1 || { cat "$work/built"; fail "the cold build failed"; }
ctest --test-dir "$build" >"$work/tested" 2>&1 || { cat "$work/tested"; fail "the example's tests failed"; }
(cd "$build" && find . -name '*.o' -print0 | sort -z | xargs -0 sha256sum) >"$work/cold"
objects=$(wc -l <"$work/cold")
((objects > 8)) || fail "only $objects objects"

cmake --build "$build" --target clean >/dev/null
cmake --build "$build" -j 2 >"$work/built" 2>&1 || { cat "$work/built"; fail "the build from the cache failed"; }
(cd "$build" && find . -name '*.o' -print0 | sort -z | xargs -0 sha256sum) >"$work/warm"
cmp "$work/cold" "$work/warm" || fail "an object differs"
ninja -n -C "$build" | grep -q "no work to do" || fail "ninja would build again what came from the cache"

"$build/.compiler-cache/bin/compiler-cache-helper" stats --tree "$build" --json >"$work/stats"
last=$(sed 's/.*"last_build"//' < <(tr -d ' \n' <"$work/stats"))
[[ $last == *"\"hits\":$objects,"* && $last == *'"misses":0,'* ]] || { cat "$work/stats"; fail "not all were hits"; }
for target in cache-stats cache-status cache-clear cache-stop; do
  cmake --build "$build" --target $target >"$work/built" 2>&1 || { cat "$work/built"; fail "$target"; }
done
absent "$build/.compiler-cache/build"
