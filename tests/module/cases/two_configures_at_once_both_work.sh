simple_project
pids=()
for i in 1 2 3; do
  cmake -S "$work/project" -B "$work/build$i" -G Ninja "-D_compiler_cache_source_root=$stub" >"$work/out$i" 2>&1 &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || { cat "$work"/out?; fail "a configure failed"; }; done
for i in 1 2 3; do
  cmake --build "$work/build$i" >/dev/null || fail "build $i failed"
  exists "$work/build$i/.compiler-cache/bin/compiler-cache-helper"
done
[[ $(ls -A "$work/user-cache/compiler-cache/bin" | wc -l) == 1 ]] || fail "temporary folders left behind"
