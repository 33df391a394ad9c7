# cpack makes a package with what dpkg needs to know, and what is in it works from where it was unpacked.
need ninja cpack dpkg-deb dpkg-shlibdeps file
source "$repo/tests/builds/lib_installed.sh"
need_program_tree
(cd "$work" && cpack --config "$program_tree/CPackConfig.cmake" -G DEB -B "$work/package") >"$work/packed" 2>&1 ||
  { cat "$work/packed" >&2; fail "cpack failed"; }
package=$(find "$work/package" -maxdepth 1 -name '*.deb')
[[ -f $package ]] || fail "no package, or several: $package"
[[ ${package##*/} == compiler-cache_*_$(dpkg --print-architecture).deb ]] || fail "its name: $package"
dpkg-deb -f "$package" >"$work/control"
for line in "^Package: compiler-cache\$" "^Section: devel\$" "^Maintainer: .* <.*@.*>\$" "^Depends: .*libc6 (>= " \
  "^Depends: .*libuv1" "^Depends: .*libb2-1" "^Depends: .*libzstd1" "^Description: .* compiler cache"; do
  grep -q -- "$line" "$work/control" || { cat "$work/control" >&2; fail "the package does not say: $line"; }
done
# Unpacked as root would: folders of the system keep their mode, nothing can be written by others.
dpkg-deb -c "$package" >"$work/listed"
! grep -E '^[-d].......w' "$work/listed" || fail "files that everybody may write"
! grep -v ' root/root ' "$work/listed" || fail "files of somebody"
! grep -F "$repo" "$work/listed" || fail "paths of this machine"

mkdir "$work/root"
dpkg -x "$package" "$work/root"
for file in bin/compiler-cache-launcher share/man/man1/compiler-cache-helper.1 share/man/man7/CompilerCache.7 \
  share/cmake/CompilerCache/CompilerCacheConfig.cmake share/bash-completion/completions/compiler-cache-helper; do
  exists "$work/root/usr/$file"
done
! grep -rF "$program_tree" "$work/root/usr/share" || fail "the package names the folder that it was built in"
package_project 2
configure_installed "$work/root/usr"
said "CompilerCache: active for CXX;"
build_twice 3

# dpkg itself installs and removes it, where the test may: in a database of its own.
if [[ $(id -u) == 0 ]]; then
  mkdir -p "$work/system/var/lib/dpkg"/{info,updates,triggers}
  touch "$work/system/var/lib/dpkg"/{status,available}
  own_dpkg() {
    dpkg --root="$work/system" --force-depends --force-not-root --log=/dev/null "$@" >"$work/dpkg" 2>&1 ||
      { cat "$work/dpkg" >&2; fail "dpkg $*"; }
  }
  own_dpkg -i "$package"
  "$work/system/usr/bin/compiler-cache-helper" --version >/dev/null || fail "the installed program does not run"
  own_dpkg -r compiler-cache
  absent "$work/system/usr/bin/compiler-cache-helper"
  absent "$work/system/usr/share/cmake/CompilerCache"
fi
