# Two clones of a real project in different folders, with COMPILER_CACHE_RELOCATABLE=ON, once with and once without debug
# information: the second one takes every compile from the cache, has the objects of its own build without us, and gdb finds
# its sources.
source "$repo/tests/builds/lib_real.sh"
need ninja g++ gdb
generator=Ninja
options=(-DLEVELDB_BUILD_TESTS=OFF -DLEVELDB_BUILD_BENCHMARKS=OFF "-DCMAKE_PROJECT_INCLUDE=$module" -DCOMPILER_CACHE_RELOCATABLE=ON)
source=$work/clone
fetch leveldb

for configuration in Release Debug; do
  for clone in first other/much/longer; do
    source=$work/$configuration/$clone/leveldb
    tree=$source/build
    mkdir -p "${source%/*}"
    cp -r "$work/clone" "$source"
    configure "${options[@]}" "-DCMAKE_BUILD_TYPE=$configuration"
    build
    read_stats
    helper stop >/dev/null
  done
  compiles=$(object_count)
  ((compiles > 30)) || fail "only $compiles objects"
  # One source is compiled twice in the same way.
  last_build hits="$compiles" misses=0 uncacheable=0
  object_hashes "$work/cached-$configuration"
  clean
  COMPILER_CACHE_DISABLE=1 build
  same_objects "$work/cached-$configuration" "$configuration"
done

gdb -nx -batch -x "$tree/.compiler-cache/gdbinit" -ex 'list leveldb::DumpFile' -ex 'info source' "$tree/leveldbutil" >"$work/gdb" 2>&1
grep -q "Located in $source/db/dumpfile.cc" "$work/gdb" || { cat "$work/gdb" >&2; fail "gdb finds no source"; }
grep -q 'Status DumpFile(Env\* env' "$work/gdb" || { cat "$work/gdb" >&2; fail "gdb shows no source"; }
