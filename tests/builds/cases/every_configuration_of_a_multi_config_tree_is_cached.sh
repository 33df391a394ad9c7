# Ninja Multi-Config: one tree and helper, and a result for each configuration.
need ninja
generator="Ninja Multi-Config"
unit_project 4
configure
for config in Debug Release; do
  build --config $config
  all_misses 5
done
object_hashes "$work/cold"
[[ $(object_count) == 10 ]] || fail "not both configurations were built"
for config in Release Debug; do
  cmake --build "$tree" --config $config --target clean >/dev/null
  build --config $config
  all_hits 5
done
same_objects "$work/cold"
