# By the arguments that the module offers: a build tree in the build tree, with a helper of its own and the same settings.
need ninja
mkdir -p "$source/outside"
mv_outside() {
  unit_project 2
  sed -i '/^include/d' "$source/CMakeLists.txt"  # it knows nothing of us
  mv "$source"/*.cpp "$source"/*.h "$source/CMakeLists.txt" "$source/outside"
}
mv_outside
# Else its results are those of the project around it, which are for every folder.
for unit in "$source"/outside/*.cpp; do echo "// outside" >>"$unit"; done
unit_project 1
cat >>"$source/CMakeLists.txt" <<END
include(ExternalProject)
ExternalProject_Add(outside
  SOURCE_DIR \${CMAKE_CURRENT_SOURCE_DIR}/outside BINARY_DIR \${CMAKE_CURRENT_BINARY_DIR}/outside
  CMAKE_ARGS \${COMPILER_CACHE_EXTERNAL_PROJECT_ARGS} -D_compiler_cache_source_root=$work/.programs
  INSTALL_COMMAND "" BUILD_ALWAYS ON)
END
configure -DCOMPILER_CACHE_MAX_SIZE=77M -DCOMPILER_CACHE_IDLE_TIMEOUT=321 -DCOMPILER_CACHE_LINKS=OFF
build
inner=$tree/outside
for key in shared_dir max_size idle_timeout restore; do
  line=$(grep "^$key=" "$tree/.compiler-cache/config")
  grep -qxF "$line" "$inner/.compiler-cache/config" || fail "not handed on: $line"
done
! grep -rq -- "launcher --link" "$inner/CMakeFiles/rules.ninja" || fail "links are cached in the external project"
all_misses 2
(
  tree=$inner
  all_misses 3
  [[ -n $(helpers_below "$inner") ]] || fail "no helper of its own"
  clean
  build
  all_hits 3
)

# Off outside is off inside, and a tree that was never on is told nothing.
configure -DCOMPILER_CACHE=OFF
build
! grep -q compiler-cache "$inner/build.ninja" || fail "still on inside"
configure -DCOMPILER_CACHE=ON
build
grep -q compiler-cache "$inner/build.ninja" || fail "not on again inside"
tree=$work/never
configure -DCOMPILER_CACHE=OFF
! grep -rq "COMPILER_CACHE\|PROJECT_INCLUDE" "$tree/outside-prefix/tmp" || fail "handed on although the cache is off"
