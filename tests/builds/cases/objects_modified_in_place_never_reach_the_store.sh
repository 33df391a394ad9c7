# What a user does to a restored object is done to that object alone: strip, objcopy, a truncating copy, chmod and write.
# And what somebody does to a blob itself, as only its owner or the superuser can, is found before it is handed out.
need ninja strip objcopy
unit_project 5
configure
build
all_misses 6
clean
build
all_hits 6
object_hashes "$work/cold"

blobs() { find "$tree/.compiler-cache/objects" "$store/objects" -type f -print0 | sort -z | xargs -0r sha256sum; }
blobs >"$work/blobs"
[[ -s $work/blobs ]] || fail "nothing is stored"
spoil_by_strip() { strip -g -x "$1"; }
spoil_by_objcopy() { objcopy --add-section .note.mine=/etc/hostname "$1"; }
spoil_by_copy() { cp "$source/shared.h" "$1"; }
spoil_by_write() { chmod u+w "$1" && printf 'spoilt' | dd of="$1" bs=1 seek=8 conv=notrunc status=none; }

for way in strip objcopy copy write; do
  for running in yes no; do
    while IFS= read -r -d '' object; do
      [[ $(stat -c %h "$object") == 1 ]] || fail "$object is a hard link"
      "spoil_by_$way" "$object"
    done < <(find "$tree" -name .compiler-cache -prune -o -name '*.o' -print0)
    object_hashes "$work/spoilt"
    ! cmp -s "$work/cold" "$work/spoilt" || fail "$way changed nothing"
    [[ $running == yes ]] || helper stop >/dev/null
    blobs | cmp -s "$work/blobs" - || fail "$way has changed what is stored (running: $running)"
    clean
    build
    all_hits 6
    same_objects "$work/cold" "$way (running: $running)"
  done
done

# The blobs themselves: bytes of the same number, and the time put back.
for running in yes no; do
  while IFS= read -r -d '' file; do
    touch -r "$file" "$work/time"
    chmod u+w "$file"
    printf 'x' | dd of="$file" bs=1 seek=$(($(stat -c %s "$file") / 2)) conv=notrunc status=none
    chmod u-w "$file"
    touch -r "$work/time" "$file"
  done < <(find "$tree/.compiler-cache/objects" "$store/objects" -type f -size +8c -print0)
  [[ $running == yes ]] || helper stop >/dev/null
  clean
  build
  same_objects "$work/cold" "blobs were written to (running: $running)"
  nothing_to_do
  clean
  build
  all_hits 6
  same_objects "$work/cold" "after blobs were written to (running: $running)"
done
