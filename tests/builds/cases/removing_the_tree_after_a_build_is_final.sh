# `cmake --build build && rm -rf build`: the folder goes at once, its helper ends, and nothing comes back.
need ninja
tree_is_gone() {
  ninja_said=$(rm -rf "$tree" 2>&1) || fail "round $1: rm: $ninja_said"
  wait_until 5 no_helper_below "$tree" || fail "round $1: the helper is still there 5 s later"
  # Nobody is left who could make it again.
  absent "$tree"
}

# A fresh tree for each round, without configuring each time.
unit_project 4
configure
cp -a "$tree" "$work/fresh"
for ((round = 1; round <= 60; ++round)); do
  [[ $round == 1 ]] || cp -a "$work/fresh" "$tree"
  build
  ! no_helper_below "$tree" || fail "round $round: no helper ran"
  tree_is_gone "$round"
done
[[ -z $(find "$work" -maxdepth 1 -name 'build*' -print) ]] || fail "there is a build folder again"
