# Clean and build again a hundred times, one job and eight jobs in turns: no build fails, all are all hits.
need ninja
unit_project 9
configure
build
object_hashes "$work/cold"
for ((round = 1; round <= 100; ++round)); do
  ninja -C "$tree" -t clean >/dev/null
  jobs=$((round % 2 ? 1 : 8))
  build
  all_hits 10
  same_objects "$work/cold" "round $round"
done
total requests=1010 hits=1000 misses=10
