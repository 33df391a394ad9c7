# Headers and sources whose times are of the past and the future, or are put back after an edit of the same length: each object
# is what the compiler makes, and what has not changed since is a hit whatever its time says.
need ninja
unit_project 4
number=10
sed -i "s/SHARED 1/SHARED $number/" "$source/shared.h"
configure
build
all_misses 5

# as_without_us WHAT: the last build's objects are what a build without the cache makes.
as_without_us() {
  object_hashes "$work/cached"
  clean
  COMPILER_CACHE_DISABLE=1 build
  same_objects "$work/cached" "$1"
}

# As long as before, and never the same twice.
edit() {
  sed -i "s/SHARED $number/SHARED $((++number))/" "$source/shared.h"
  grep -q "SHARED $number" "$source/shared.h"
}

for when in '2100-01-01 00:00:00' '1970-01-02 00:00:00' '1 hour' '-1 hour' '2001-09-09 01:46:40.000000001'; do
  edit
  touch -d "$when" "$source/shared.h"
  clean
  build
  last_build requests=5 hits=1 misses=4 errors=0
  clean
  build
  all_hits 5
  as_without_us "$when"
  # Ninja builds what is older than its inputs again and again; that may not matter either.
  build
  last_build errors=0
done

# The time is put back: only its content, and the kernel's own time of the change, tell of the edit.
for _ in 1 2 3; do
  touch -r "$source/shared.h" "$work/time"
  edit
  touch -r "$work/time" "$source/shared.h"
  clean
  build
  last_build requests=5 hits=1 misses=4 errors=0
  as_without_us "an edit that the time does not tell of"
done

# Twice within a moment, and a helper between that knows of the first only what it has written down.
edit
touch -d '2038-01-19 03:14:08' "$source/shared.h" "$source"/unit_*.cpp
clean
build
helper stop >/dev/null
edit
touch -d '2038-01-19 03:14:08' "$source/shared.h"
clean
build
last_build requests=5 hits=1 misses=4 errors=0
as_without_us "an edit between two helpers"

# Only times have changed: with and without a helper in between all is known.
touch -d '1999-12-31 23:59:59' "$source"/*.cpp "$source/shared.h"
clean
build
all_hits 5
helper stop >/dev/null
touch -d '2099-12-31 23:59:59' "$source"/*.cpp "$source/shared.h"
clean
build
all_hits 5
