# target_precompile_headers with GCC: made and used from the cache, also after a header inside changed and changed back,
# in a new tree, and with other bytes of the same making.
need ninja make gcc g++
source "$repo/tests/builds/lib_precompiled.sh"
remade=0
for generator in Ninja "Unix Makefiles"; do
  precompiled_headers gcc g++
  helper stop
  remove "$tree" "$source" "$store"
done
