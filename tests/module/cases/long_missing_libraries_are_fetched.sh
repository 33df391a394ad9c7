# COMPILER_CACHE_FETCH_DEPS=ON where every library is missing: all are built into the helper, from a mirror in a folder that is
# made of the distribution's source packages. With mounts of our own the libraries of this machine are out of sight (ON);
# where those are not permitted, they are built all the same (ALL).
need ninja readelf dpkg
development=(libuv1-dev libb2-dev libzstd-dev libmsgpack-cxx-dev nlohmann-json3-dev libcli11-dev)
fetched=ON
if [[ -z ${COMPILER_CACHE_TEST_ISOLATED:-} ]]; then
  if unshare -m true 2>/dev/null; then COMPILER_CACHE_TEST_ISOLATED=1 exec unshare -m "$BASH" "$0" "$@"; fi
  fetched=ALL
fi
mirror=$work/mirror
sources=$work/sources
mkdir "$sources"
cp -r "$repo"/{CMakeLists.txt,cmake,base,depscan,protocol,launcher,helper,report,third_party} "$sources"

path_of() { sed -n "s/^set(compiler_cache_archive_$1 \"\(.*\)\")/\1/p" "$repo/cmake/FetchDependencies.cmake"; }
# offer NAME PACKAGE: the release archive, with the SHA-256 that the sources know.
offer() {
  local path packages=${COMPILER_CACHE_SOURCES:-${TMPDIR:-/tmp}/compiler-cache-sources}/packages
  path=$(path_of "$1")
  [[ -n $path ]] || fail "no archive of $1"
  mkdir -p "$mirror/${path%/*}"
  "$repo/scripts/fetch-source" "$2" "$work/unpacked-$1" >"$work/out" 2>&1 && cp "$packages/$2/${path##*/}" "$mirror/$path"
}
# A mirror may lack the archive of msgpack. Its headers are in the development package, and all that is used of it: an archive of
# those stands in for the real one, in a copy of our sources that knows it by its own SHA-256.
stand_in_for_msgpack() {
  local path root=$work/msgpack-cxx-headers
  path=$(path_of msgpack)
  [[ -f /usr/include/msgpack.hpp ]] || skip "no headers of msgpack"
  mkdir -p "$root/include"
  cp -r /usr/include/msgpack.hpp /usr/include/msgpack "$root/include"
  tar -czf "$mirror/$path" -C "$work" "${root##*/}"
  sed -i "s/^\(set(compiler_cache_sha256_msgpack \).*/\1$(sha256sum <"$mirror/$path" | cut -d ' ' -f 1))/" \
    "$sources/cmake/FetchDependencies.cmake"
  echo "msgpack: an archive of the headers of this machine"
}
for library in libuv:libuv1 libb2:libb2 zstd:libzstd json:nlohmann-json3 cli11:cli11; do
  offer "${library%:*}" "${library#*:}" || { cat "$work/out"; skip "no source of ${library#*:}, or one of another version"; }
done
offer msgpack msgpack-cxx || stand_in_for_msgpack

# What is under a folder of several packages is covered file by file, the rest by folder.
hide_libraries() {
  local path
  mkdir "$work/no-folder"
  : >"$work/no-file"
  dpkg -L "${development[@]}" 2>/dev/null | grep -E '^/usr/(include/[^/]+|(lib|share)/.*(cmake/[^/]+|pkgconfig/[^/]+))$' >"$work/hidden" || true
  while IFS= read -r path; do
    [[ $path == /usr/include/*-linux-gnu* ]] || if [[ -d $path ]]; then
      mount --bind "$work/no-folder" "$path"
    elif [[ -f $path && ! -L $path ]]; then
      mount --bind "$work/no-file" "$path"
    fi
  done <"$work/hidden"
  ! pkg-config --exists libuv || fail "libuv is still there"
}
[[ $fetched != ON ]] || hide_libraries

simple_project
configure_fetching() {
  cmake -S "$work/project" -B "$work/build" -G Ninja "-DCOMPILER_CACHE_SHARED_DIR=$work/store" \
    "-D_compiler_cache_source_root=$sources" "-DCOMPILER_CACHE_FETCH_MIRROR=file://$mirror" "$@" >"$work/out" 2>&1 ||
    { cat "$work/out"; fail "configure failed"; }
}
if [[ $fetched == ON ]]; then
  configure_fetching
  said "inactive"
fi
configure_fetching "-DCOMPILER_CACHE_FETCH_DEPS=$fetched"
said "active for C;"
[[ $(ls "$XDG_CACHE_HOME/compiler-cache/downloads" | wc -l) == 6 ]] || fail "not all six archives were fetched"
helper=$work/build/.compiler-cache/bin/compiler-cache-helper
! readelf -d "$helper" | grep -E "NEEDED.*(libuv|libb2|libzstd)" || fail "it uses a library of the machine"
trap '"$helper" stop --tree "$work/build" >/dev/null 2>&1 || true' EXIT
for part in misses hits; do
  cmake --build "$work/build" >"$work/built" 2>&1 || { cat "$work/built"; fail "the build failed"; }
  "$helper" stats --tree "$work/build" --json | tr -d ' \n' | sed 's/.*"last_build"//' | grep -q "\"$part\":1," ||
    { "$helper" stats --tree "$work/build"; fail "not 1 $part"; }
  cmake --build "$work/build" --target clean >/dev/null
done
