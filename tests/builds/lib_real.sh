# For cases that build a project of the distribution: once without us and several times with us, in the same folder, so
# that every byte can be compared. The project's sources are not touched: CMake is told to include the module.
#
# A case sets options (of the project's configure) and header (relative to $source; one that some but not all include),
# and calls the steps in order.
options=()
header=""

# fetch PACKAGE: its source into $source.
fetch() {
  local status=0
  "$repo/scripts/fetch-source" "$1" "$source" >"$work/fetched" 2>&1 || status=$?
  [[ $status != 3 ]] || skip "no source of $1: $(tail -n 1 "$work/fetched")"
  [[ $status == 0 ]] || { cat "$work/fetched" >&2; fail "fetching $1"; }
}

# Builds without us and moves the tree away to $work/plain. Leaves what a build has to look like:
# plain-objects, plain-deps, plain-edit (what an edited header rebuilds).
build_without_us() {
  cmake -S "$source" -B "$tree" -G "$generator" "${options[@]}" >"$work/configured" 2>&1 ||
    { cat "$work/configured" >&2; fail "configuring without us failed"; }
  : >"$work/compiled"
  build
  expected=$(object_count)
  compiled "$expected"
  object_hashes "$work/plain-objects"
  dependencies >"$work/plain-deps"
  with_edited_header predicted >"$work/plain-edit"
  [[ -s $work/plain-edit ]] || fail "nothing depends on $header"
  (($(wc -l <"$work/plain-edit") < expected)) || fail "everything depends on $header"
  mv "$tree" "$work/plain"
}

configure_with_us() {
  configure "${options[@]}" "-DCMAKE_PROJECT_INCLUDE=$module"
  grep -q "CompilerCache: active" "$work/configured" || { cat "$work/configured" >&2; fail "the module is not active"; }
  : >"$work/compiled"
}

# with_edited_header COMMAND...: the header has a comment more meanwhile, and its old time stamp afterwards.
with_edited_header() {
  cp -p "$source/$header" "$work/header"
  echo "// edited" >>"$source/$header"
  "$@"
  cp -p "$work/header" "$source/$header"
}

# What the build tool compiles now, one object a line. Ninja says so in advance; Make looks into depfiles only when it builds.
predicted() {
  if [[ $generator == Ninja ]]; then ninja -n -C "$tree"; else make -C "$tree"; fi | compiles_in
}

# The objects that a build tool says it builds.
compiles_in() { sed -n 's/.*Building [A-Z]* object \([^ "]*\).*/\1/p' | sort; }

# What the build tool learned from the depfiles: a line for each pair of object and input.
dependencies() {
  if [[ $generator == Ninja ]]; then
    ninja -C "$tree" -t deps | awk '/: #deps / { object = $1; next } NF { print object, $1 }' | sort
  else
    find "$tree" -name '*.d' -not -path '*/.compiler-cache/*' -print0 | sort -z | xargs -0r cat
  fi
}

# The build is as one without us left it.
as_without_us() {
  same_objects "$work/plain-objects" "$1"
  dependencies | cmp -s "$work/plain-deps" - || fail "other dependencies than without us: $1"
  nothing_is_built "$1"
}

nothing_is_built() {
  predicted >"$work/left"
  [[ ! -s $work/left ]] || { cat "$work/left" >&2; fail "the build tool would build again: $1"; }
}

# The last build had COUNT requests and found nothing in the cache, but for a file that the project compiles twice in the
# same way (leveldb's memenv.cc): its second compile may be a hit.
all_new() {
  local compiles
  compiles=$(wc -l <"$work/compiled")
  last_build "requests=$1" "misses=$compiles" "hits=$(($1 - compiles))"
  (($1 - compiles <= 1)) || fail "$(($1 - compiles)) hits where nothing could be known"
  compiled "$compiles"
}

cold_then_warm() {
  configure_with_us
  build
  all_new "$expected"
  as_without_us "cold"
  clean
  build
  all_hits "$expected"
  compiled 0
  as_without_us "warm"
}

# Without a clean: exactly what depends on the header is compiled. With the old header back, it comes from the cache.
edit_and_restore_a_header() {
  local rebuilt
  rebuilt=$(wc -l <"$work/plain-edit")
  cp -p "$source/$header" "$work/original"
  echo "// edited" >>"$source/$header"
  build
  compiles_in <"$work/built" | diff "$work/plain-edit" - >&2 || fail "the edited header rebuilt other objects"
  all_new "$rebuilt"
  nothing_is_built "edited"

  cat "$work/original" >"$source/$header"
  build
  compiles_in <"$work/built" | diff "$work/plain-edit" - >&2 || fail "the restored header rebuilt other objects"
  all_hits "$rebuilt"
  compiled 0
  as_without_us "restored"
}

# Another tree of the same name has everything from the shared store.
from_a_new_tree() {
  rm -rf "$tree"
  configure_with_us
  build
  all_hits "$expected"
  last_build tree=0  # some come from memory: objects of equal content
  compiled 0
  as_without_us "new tree"
}

# Every hit holds against the compiler.
recheck_everything() {
  clean
  COMPILER_CACHE_RECHECK=100 build
  last_build "requests=$expected" hits=0 "rechecked=$expected" recheck_differences=0 bytes_stored=0
  compiled "$expected"
  as_without_us "rechecked"
}

the_whole_round() {
  build_without_us
  cold_then_warm
  recheck_everything
  edit_and_restore_a_header
  from_a_new_tree
}
