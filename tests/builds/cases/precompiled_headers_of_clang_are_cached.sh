# target_precompile_headers with Clang, whose precompiled headers hold the times of their headers: where those were written
# again they are made anew, and who uses them still hits.
need ninja make clang clang++
source "$repo/tests/builds/lib_precompiled.sh"
remade=2
for generator in Ninja "Unix Makefiles"; do
  precompiled_headers clang clang++
  helper stop
  remove "$tree" "$source" "$store"
done
