# The helper is killed while a compile runs, at ten points of a build: that build ends well, and the next one has from
# the cache what was stored before and after the kill. Only what was on its way at that moment may be compiled again.
need ninja
jobs=1
unit_project 20
# Kills the helper in the middle of the compile of the file that $work/victim names, once.
counting_compiler g++
{
  sed '$d' "$compiler"
  cat <<TEXT
victim=\$(cat "$work/victim" 2>/dev/null || true)
if [[ -n \$victim && " \$* " == *"/\$victim "* && " \$* " == *" -c "* && " \$* " != *" -### "* ]]; then
  rm "$work/victim"
  # Answered when nothing is on its way to the disk.
  "$tree/.compiler-cache/bin/compiler-cache-helper" stats --tree "$tree" >/dev/null
  kill -KILL \$(cat "$work/helper-pid") && echo "\$victim" >>"$work/kills"
fi
TEXT
  tail -n 1 "$compiler"
} >"$compiler.new"
chmod +x "$compiler.new"
mv "$compiler.new" "$compiler"

configure "-DCMAKE_CXX_COMPILER=$compiler"
build
all_misses 21
kills=0
for victim in main unit_1 unit_2 unit_5 unit_8 unit_11 unit_14 unit_17 unit_19 unit_20; do
  # Another content than in each round before, so that a stale object would be seen.
  printf '#pragma once\n#define SHARED %d\n' $((++kills + 1)) >"$source/shared.h"
  for unit in "$source"/*.cpp; do sed -i "/^\/\/ round/d; \$a // round $kills" "$unit"; done
  helpers_below "$tree" >"$work/helper-pid"
  echo "$victim.cpp" >"$work/victim"
  build
  [[ $(wc -l <"$work/kills") == "$kills" ]] || fail "$victim: the helper was not killed"
  object_hashes "$work/round"
  nothing_to_do

  # The objects are the compiler's own.
  unit=unit_$((RANDOM % 20 + 1))
  g++ -c "$source/$unit.cpp" -o "$work/own.o"
  cmp "$work/own.o" "$tree/CMakeFiles/app.dir/$unit.cpp.o" || fail "$victim: $unit is stale"

  clean
  : >"$work/compiled"
  build
  same_objects "$work/round" "$victim"
  read_stats
  (($(figure stats_last hits) >= 20 && $(figure stats_last requests) == 21)) || {
    cat "$work/.stats" "$work/compiled" >&2
    fail "$victim: only $(figure stats_last hits) hits after the kill"
  }
  clean
  build
  all_hits 21
  same_objects "$work/round" "$victim"
done
