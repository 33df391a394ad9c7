cp -r "$stub" "$work/stub"
stub=$work/stub
simple_project
configure
helper=$work/build/.compiler-cache/bin/compiler-cache-helper
inode=$(stat -c %i "$helper")
launcher_inode=$(stat -c %i "$work/build/.compiler-cache/bin/compiler-cache-launcher")
sed -i 's/stub-helper/newer-helper/' "$work/stub/helper/helper.cpp"
configure
said "CompilerCache: building the helper, done ("
"$helper" --version | grep -q newer-helper || fail "still the old helper"
[[ $(stat -c %i "$helper") != "$inode" ]] || fail "written in place: the old helper may be running"
[[ $(stat -c %i "$work/build/.compiler-cache/bin/compiler-cache-launcher") == "$launcher_inode" ]] ||
  fail "the launcher did not change, and was replaced"
# The replaced program is still the kept one of its own digest.
[[ $(ls "$work/user-cache/compiler-cache/bin" | wc -l) == 2 ]] || fail "two kept versions expected"
