[[ -d /dev/shm && -w /dev/shm ]] || skip "no /dev/shm"
[[ $(stat -c %d /dev/shm) != $(stat -c %d "$work") ]] || skip "/dev/shm is on the same file system"
XDG_CACHE_HOME=$(mktemp -d /dev/shm/compiler-cache-test.XXXXXX)
trap 'rm -rf "$XDG_CACHE_HOME"' EXIT
simple_project
configure
rm -rf "$work/build"
configure
not_said "building the helper"
build
launched main.c
