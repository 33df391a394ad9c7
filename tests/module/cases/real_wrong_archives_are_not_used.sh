# What is fetched in the place of a library must be what it should be; where there is nothing, the project builds uncached.
need ninja
simple_project
fetching() {
  cmake -S "$work/project" -B "$work/build" -G Ninja "-DCOMPILER_CACHE_SHARED_DIR=$work/store" \
    "-DCOMPILER_CACHE_FETCH_MIRROR=file://$work/mirror" -DCOMPILER_CACHE_FETCH_DEPS=libb2 >"$work/out" 2>&1
}
fetching || { cat "$work/out"; fail "a missing archive stopped the project"; }
said "cannot be fetched"
said "inactive"
build
path=$(sed -n 's/^set(compiler_cache_archive_libb2 "\(.*\)")/\1/p' "$repo/cmake/FetchDependencies.cmake")
mkdir -p "$work/mirror/${path%/*}"
echo changed >"$work/mirror/$path"
! fetching || fail "a wrong archive was taken"
said "is not what it should be: its SHA-256 is $(sha256sum "$work/mirror/$path" | cut -d ' ' -f 1)"
[[ -z $(ls "$XDG_CACHE_HOME/compiler-cache/downloads") ]] || fail "it was kept"
