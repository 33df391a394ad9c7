# find_package() refuses other versions, and a module does not take the programs of another version, or none.
need ninja
source "$repo/tests/builds/lib_installed.sh"
install_to "$work/prefix"
DESTDIR=$work/stage cmake --install "$program_tree" --prefix /opt/elsewhere >/dev/null
exists "$work/stage/opt/elsewhere/bin/compiler-cache-launcher"
cmp "$work/stage/opt/elsewhere/share/cmake/CompilerCache/CompilerCacheInstalled.cmake" \
  "$work/prefix/share/cmake/CompilerCache/CompilerCacheInstalled.cmake" || fail "it depends on where it is installed"
package_project 1
configure_installed "$work/prefix"
version=$(sed -n 's/^version=//p' "$tree/.compiler-cache/config")
[[ $("$work/prefix/bin/compiler-cache-helper" --version) == "compiler-cache-helper $version" ]] || fail "version $version"
for wanted in 0.0 99.0 "${version%%.*}.99" "$version.1 EXACT"; do
  rm -rf "$tree"
  sed -i "s/^find_package(CompilerCache.*/find_package(CompilerCache $wanted REQUIRED)/" "$source/CMakeLists.txt"
  if (configure_installed "$work/prefix") 2>/dev/null; then fail "version $wanted was found"; fi
  grep -qi "version" "$work/configured" || { cat "$work/configured" >&2; fail "the version was not what stopped it"; }
done

sed -i 's/^find_package(.*/find_package(CompilerCache)/' "$source/CMakeLists.txt"
printf '#!/bin/sh\necho compiler-cache-helper 99.1.0\n' >"$work/other"
chmod +x "$work/other"
mv "$work/other" "$work/prefix/bin/compiler-cache-helper"
rm -rf "$tree"
configure_installed "$work/prefix"
said "is not of version $version"
build
rm "$work/prefix/bin/compiler-cache-helper"
configure_installed "$work/prefix"
said "is missing"
build
