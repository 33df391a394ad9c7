simple_project
configure
said_times 2 "CompilerCache: building the helper"
said "CompilerCache: building the helper, once"
said "CompilerCache: building the helper, done ("
absent "$work/build/.compiler-cache/build"
rm -rf "$work/build"
configure
not_said "building the helper"
build
launched main.c
