# Two build tools in one tree, for different targets, at the same time; and ten that have nothing in common but the helper.
need ninja
unit_project 16
cat >>"$source/CMakeLists.txt" <<'TEXT'
foreach(i RANGE 1 10)
  add_library(part_${i} OBJECT unit_${i}.cpp)
  target_compile_definitions(part_${i} PRIVATE PART=${i})
endforeach()
TEXT
configure
build
all_misses 27
object_hashes "$work/cold"

for round in 1 2 3; do
  ninja -C "$tree" -t clean >/dev/null
  pids=()
  for part in app part_{1..10}; do
    ninja -C "$tree" -j 1 "$part" >"$work/built-$part" 2>&1 &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || { cat "$work"/built-* >&2; fail "a build failed beside others"; }; done
  [[ $(helpers_below "$tree" | wc -l) == 1 ]] || fail "not one helper: $(helpers_below "$tree")"
  build
  same_objects "$work/cold" "round $round"
done
total requests=108 hits=81 misses=27
