share_programs
top=$work
try_it() {  # a folder name, and what the targets do in it
  work="$top/$1"
  rm -rf "$work"
  mkdir -p "$work"
  project <<END
cmake_minimum_required(VERSION 3.21)
project(Odd LANGUAGES C)
include("$repo/cmake/CompilerCache.cmake")
add_executable(app main.c)
END
  configure
  said "active for C;"
  build
  launched main.c
}
for generator in Ninja "Unix Makefiles"; do
  try_it 'a b (c) [x] $HOME é'
  build --target cache-stats
  grep -qF "[$work/build]" "$work/built" || { cat "$work/built"; fail "the target got another path"; }
done

# Here CMake itself cannot make targets: the project must build all the same.
generator=Ninja
try_it 'number #1'
said "no target cache-stats"
work=$top
