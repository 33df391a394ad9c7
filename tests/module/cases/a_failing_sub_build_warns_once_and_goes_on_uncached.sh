cp -r "$stub" "$work/stub"
stub=$work/stub
simple_project
echo 'find_package(NoSuchLibrary REQUIRED)' >>"$work/stub/CMakeLists.txt"
configure
said_times 1 "CMake Warning"
said "libuv1-dev libmsgpack-cxx-dev libb2-dev libzstd-dev libcli11-dev nlohmann-json3-dev"
said "$work/build/.compiler-cache/build.log"
not_said "active for"
grep -q NoSuchLibrary "$work/build/.compiler-cache/build.log" || fail "the log does not say why"
build
not_launched main.c

# The library is there now: the same tree picks it up.
cp "$repo/tests/module/stub/CMakeLists.txt" "$work/stub/"
configure
said "active for C;"

# A compile that fails is not tried again until something changed.
echo '#error no' >>"$work/stub/helper/helper.cpp"
configure
said_times 1 "CMake Warning"
configure
not_said "CMake Warning"
not_said "building the helper, once"
said "failed before"
cp "$repo/tests/module/stub/helper/helper.cpp" "$work/stub/helper/"
configure
said "active for C;"
