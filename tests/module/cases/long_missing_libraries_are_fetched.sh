# From a mirror in a folder, made of the distribution's source packages: libraries are built into the
# helper.
need ninja readelf
mirror=$work/mirror
names=""
# offer NAME PACKAGE
offer() {
  local path
  path=$(sed -n "s/^set(compiler_cache_archive_$1 \"\(.*\)\")/\1/p" "$repo/cmake/FetchDependencies.cmake")
  [[ -n $path ]] || fail "no archive of $1"
  if "$repo/scripts/fetch-source" "$2" "$work/unpacked-$1" >"$work/out" 2>&1; then
    mkdir -p "$mirror/${path%/*}"
    cp "${COMPILER_CACHE_SOURCES:-${TMPDIR:-/tmp}/compiler-cache-sources}/packages/$2/${path##*/}" "$mirror/$path" ||
      skip "this release has another version of $2"
    names+=";$1"
  elif [[ $1 != msgpack ]]; then
    cat "$work/out"
    skip "no source of $2"
  fi
}
offer libuv libuv1
offer libb2 libb2
offer zstd libzstd
offer json nlohmann-json3
offer cli11 cli11
offer msgpack msgpack-cxx
simple_project
cached() {
  cmake -S "$work/project" -B "$work/build" -G Ninja "-DCOMPILER_CACHE_SHARED_DIR=$work/store" \
    "-DCOMPILER_CACHE_FETCH_MIRROR=file://$mirror" "$@" >"$work/out" 2>&1
}

cached "-DCOMPILER_CACHE_FETCH_DEPS=${names#;}" || { cat "$work/out"; fail "configure failed"; }
said "active for C;"
helper=$work/build/.compiler-cache/bin/compiler-cache-helper
! readelf -d "$helper" | grep -E "NEEDED.*(libuv|libb2|libzstd)" || fail "it uses a library of the machine"
trap '"$helper" stop --tree "$work/build" >/dev/null 2>&1 || true' EXIT
for part in misses hits; do
  cmake --build "$work/build" >"$work/built" 2>&1 || { cat "$work/built"; fail "the build failed"; }
  "$helper" stats --tree "$work/build" --json | tr -d ' \n' | sed 's/.*"last_build"//' | grep -q "\"$part\":1," ||
    { "$helper" stats --tree "$work/build"; fail "not 1 $part"; }
  cmake --build "$work/build" --target clean >/dev/null
done
