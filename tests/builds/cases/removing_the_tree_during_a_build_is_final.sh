# The tree goes while its helper starts, restores or publishes: it ends, and does not make the folder again.
need ninja
unit_project 30
configure
cp -a "$tree" "$work/fresh"
some_objects() { (($(object_count 2>/dev/null) >= $1)); }
for ((round = 0; round < 10; ++round)); do
  [[ -d $tree ]] || cp -a "$work/fresh" "$tree"
  ninja -C "$tree" -j "$jobs" >"$work/built" 2>&1 &
  build_pid=$!
  wait_until 20 some_objects $((round * 3)) || fail "round $round: the build makes no objects"
  ((round == 0)) || ! no_helper_below "$tree" || fail "round $round: no helper runs"
  # The build still writes into it, and its helper what the build told it: rm may have to be told again, by a user as by
  # us.
  rm -rf "$tree" 2>/dev/null || true
  wait "$build_pid" || true
  wait_until 5 rm -rf "$tree" 2>/dev/null || fail "round $round: something makes the folder again and again"
  wait_until 5 no_helper_below "$tree" || fail "round $round: the helper is still there 5 s later"
  absent "$tree"
done
