# A build in a mount namespace of its own may see other files under the same names: the helper outside knows nothing of them.
need ninja
unshare -m true 2>/dev/null || unshare -rm true 2>/dev/null || skip "no mount namespaces here"
unit_project 3
mkdir "$work/other"
printf '#pragma once\n#define SHARED 2\n' >"$work/other/shared.h"
configure
build
all_misses 4
object_hashes "$work/with-1"

how=-m
unshare -m true 2>/dev/null || how=-rm
clean
unshare $how sh -c 'mount --bind "$1/other/shared.h" "$2/shared.h" && exec cmake --build "$3"' sh "$work" "$source" "$tree" \
  >"$work/built" 2>&1 || { cat "$work/built" >&2; fail "the build failed"; }
last_build bypassed=4 requests=4
helper stats | grep -q 'from a container or another root' || fail "not bypassed for the namespace"
object_hashes "$work/with-2"
[[ $(diff "$work/with-1" "$work/with-2" | grep -c '^>') == 3 ]] || fail "the other header was not compiled in"

clean
build
all_hits 4
same_objects "$work/with-1"
