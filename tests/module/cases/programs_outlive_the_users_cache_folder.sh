simple_project
configure
rm -rf "$work/user-cache"
touch "$work/project/CMakeLists.txt"
build
launched main.c
grep -q "building the helper" "$work/built" && fail "built again"
[[ ! -L $work/build/.compiler-cache/bin/compiler-cache-launcher ]] || fail "the launcher is a link to another folder"
