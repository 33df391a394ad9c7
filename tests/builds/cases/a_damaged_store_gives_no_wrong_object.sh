# Every file of both stores and of the sessions is damaged while no helper runs: the builds after that compile, or are
# right.
need ninja
unit_project 9
configure
build
all_misses 10
object_hashes "$work/cold"

damage_all() {
  local file
  while IFS= read -r -d '' file; do
    chmod u+w "$file"
    "$1" "$file"
  done < <(find "$tree/.compiler-cache/objects" "$tree/.compiler-cache/sessions" "$store" -type f -print0)
}
cut() { truncate -s $(($(stat -c %s "$1") / 2)) "$1"; }
empty() { : >"$1"; }
# In the middle, where a length or a digest does not show it.
overwrite() {
  local size
  size=$(stat -c %s "$1")
  ((size < 8)) || printf '\xa5\x5a\xa5' | dd of="$1" bs=1 seek=$((size / 2)) conv=notrunc status=none
}

for way in overwrite cut empty; do
  helper stop >/dev/null
  damage_all $way
  clean
  build
  same_objects "$work/cold" "$way"
  nothing_to_do
  clean
  build
  all_hits 10
  same_objects "$work/cold" "after $way"
done
