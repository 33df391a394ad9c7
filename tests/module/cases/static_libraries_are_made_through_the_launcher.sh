# One launcher stands for rm, ar and ranlib, by whatever archiver the project names; a rule of the project's own stays, and
# a folder may stay out.
share_programs
mkdir -p "$work/project/thin" "$work/project/own" "$work/project/late" "$work/project/out"
for sub in thin own late out; do echo "int $sub(void) { return 0; }" >"$work/project/$sub/$sub.c"; done
project <<END
cmake_minimum_required(VERSION 3.21)
project(Archives LANGUAGES C)
include($repo/cmake/CompilerCache.cmake)
add_library(unit STATIC unit.c)
add_subdirectory(thin)
add_subdirectory(own)
add_subdirectory(late)
add_subdirectory(out)
add_executable(app main.c)
target_link_libraries(app unit thin own late out)
END
cat >"$work/project/thin/CMakeLists.txt" <<'END'
set(CMAKE_C_ARCHIVE_CREATE "<CMAKE_AR> qcT <TARGET> <LINK_FLAGS> <OBJECTS>")
add_library(thin STATIC thin.c)
END
cat >"$work/project/own/CMakeLists.txt" <<'END'
set(CMAKE_C_CREATE_STATIC_LIBRARY "<CMAKE_AR> crs <TARGET> <LINK_FLAGS> <OBJECTS>")
add_library(own STATIC own.c)
END
cat >"$work/project/out/CMakeLists.txt" <<'END'
unset(CMAKE_C_CREATE_STATIC_LIBRARY)
add_library(out STATIC out.c)
END
cat >"$work/project/late/CMakeLists.txt" <<'END'
add_library(late STATIC late.c)
set(CMAKE_C_ARCHIVE_FINISH "")
set(CMAKE_C_ARCHIVE_CREATE "<CMAKE_AR> rcs <TARGET> <LINK_FLAGS> <OBJECTS>")
END
for generator in Ninja "Ninja Multi-Config" "Unix Makefiles"; do
  need make ninja ar
  rm -rf "$work/build" "$work/archives"
  configure
  STUB_ARCHIVE_LOG=$work/archives build
  # Programs and libraries by their names alone, and without the members.
  awk '{ line = $1
         for (i = 2; i <= NF && $i !~ /[.]o(bj)?$/; ++i) { sub(".*/", "", $i); gsub("^lib|[.]a$", "", $i); line = line " " $i }
         print line }' "$work/archives" | sort >"$work/seen"
  printf '%s\n' "--archive late : ar rcs late" "--archive thin ranlib ar qcT thin" "--archive unit ranlib ar qc unit" |
    sort >"$work/wanted"
  diff "$work/wanted" "$work/seen" || fail "$generator: archives"
done

generator=Ninja
rm -rf "$work/build"
configure -DCOMPILER_CACHE_ARCHIVES=OFF
rm -f "$work/archives"
STUB_ARCHIVE_LOG=$work/archives build
ninja -C "$work/build" -t clean >"$work/cleaned"
STUB_ARCHIVE_LOG=$work/archives build
[[ ! -e $work/archives ]] || fail "switched off, and still: $(cat "$work/archives")"
