# The preset that docs/install.md shows, as it is there but for the place of the module.
need ninja python3
source "$repo/tests/builds/lib_installed.sh"
unit_project 2
sed -i '/^include/d' "$source/CMakeLists.txt"
python3 - "$repo" "$source/CMakePresets.json" <<'END'
import re, sys
with open(sys.argv[1] + "/docs/install.md", encoding="utf-8") as file:
    blocks = re.findall(r"^```json\n(.*?)^```", file.read(), re.MULTILINE | re.DOTALL)
place = "/usr/share/cmake/CompilerCache/CompilerCache.cmake"
assert len(blocks) == 1 and place in blocks[0], blocks
with open(sys.argv[2], "w", encoding="utf-8") as file:
    file.write(blocks[0].replace(place, sys.argv[1] + "/cmake/CompilerCache.cmake"))
END
tree=$source/build/cached
cd "$source"
cmake --preset cached "-D_compiler_cache_source_root=$work/.programs" "-DCOMPILER_CACHE_SHARED_DIR=$store" \
  >"$work/configured" 2>&1 || { cat "$work/configured" >&2; fail "the preset does not configure"; }
said "CompilerCache: active for CXX;"
grep -qx "max_size=$((10 << 30))" "$tree/.compiler-cache/config" || fail "a value of the preset did not arrive"
for part in all_misses all_hits; do
  cmake --build --preset cached -j 2 >"$work/built" 2>&1 || { cat "$work/built" >&2; fail "the preset does not build"; }
  $part 3
  clean
done
