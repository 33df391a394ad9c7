share_programs
project <<END
cmake_minimum_required(VERSION 3.21)
project(Top LANGUAGES C)
add_subdirectory(one)
add_subdirectory(two)
include($repo/cmake/CompilerCache.cmake)
add_executable(app main.c)
include($repo/cmake/CompilerCache.cmake)
END
for sub in one two; do
  mkdir -p "$work/project/$sub"
  cat >"$work/project/$sub/CMakeLists.txt" <<END
project($sub LANGUAGES C)
include($repo/cmake/CompilerCache.cmake)
add_library($sub STATIC $sub.c)
END
  echo "int $sub(void) { return 0; }" >"$work/project/$sub/$sub.c"
done
configure
said_times 1 "CompilerCache:"
build
launched one.c
launched two.c
launched main.c
[[ $(wc -l <"$work/log") == 3 ]] || fail "a compile went through the launcher twice"
build --target cache-stats
