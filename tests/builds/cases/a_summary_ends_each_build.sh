# COMPILER_CACHE_SUMMARY: one line, the last of the build's output but for what Make says of the target itself, in a pipe and at a
# terminal; never within another line. None by default.
need ninja make script
lines() { grep -c "CompilerCache: [0-9n].* " "$work/built" || true; }
summary_is() {
  [[ $(lines) == 1 ]] || { cat "$work/built" >&2; fail "$(lines) summaries"; }
  grep -qx "CompilerCache: $1" "$work/built" || { cat "$work/built" >&2; fail "the summary is not: $1"; }
  ! sed '1,/^CompilerCache: /d' "$work/built" | grep -qv "Built target cache-summary" || { cat "$work/built" >&2; fail "not the last line"; }
}
for generator in Ninja "Unix Makefiles"; do
  remove "$source" "$tree" "$store"
  unit_project 4
  mkdir -p "$source/apart" "$source/never"
  printf '#error not to be built\n' >"$source/never/nothing.cpp"
  printf 'add_library(never nothing.cpp)\n' >"$source/never/CMakeLists.txt"
  printf 'add_custom_target(slow ALL COMMAND "${CMAKE_COMMAND}" -E echo "slow: said")\n' >"$source/apart/CMakeLists.txt"
  cat >>"$source/CMakeLists.txt" <<'TEXT'
add_subdirectory(apart)
add_subdirectory(never EXCLUDE_FROM_ALL)
add_custom_target(by_hand COMMAND "${CMAKE_COMMAND}" -E false)
TEXT
  configure
  build
  [[ $(lines) == 0 ]] || { cat "$work/built" >&2; fail "a summary that nobody asked for"; }

  configure -DCOMPILER_CACHE_SUMMARY=always
  clean
  build
  summary_is "6 of 6 from the cache.*"
  build
  summary_is "nothing to do"
  configure -DCOMPILER_CACHE_SUMMARY=on-miss
  clean
  build
  [[ $(lines) == 0 ]] || { cat "$work/built" >&2; fail "a summary without a miss"; }
  printf 'int more;\n' >>"$source/unit_1.cpp"
  clean
  build
  summary_is "4 of 6 from the cache.*, 2 missed (cache-explain says why)"

  # At a terminal, where Ninja writes over its last line. Make hands it on to the compiler, which makes other messages.
  configure -DCOMPILER_CACHE_SUMMARY=always
  clean
  TERM=xterm script -qec "cmake --build '$tree' -j 2" /dev/null </dev/null >"$work/terminal"
  tr -d '\r' <"$work/terminal" | sed 's/\x1b\[K//g' >"$work/built"
  grep -q "^CompilerCache: [06] of 6 from the cache" "$work/built" || { cat -A "$work/terminal" >&2; fail "not on a line of its own"; }
  helper stop >"$work/stopped"
done
! cmake -S "$source" -B "$work/other" -G Ninja "-D_compiler_cache_source_root=$work/.programs" \
  -DCOMPILER_CACHE_SUMMARY=sometimes >"$work/configured" 2>&1 || fail "an unknown value is taken"
grep -q 'COMPILER_CACHE_SUMMARY is "sometimes"' "$work/configured" || { cat "$work/configured" >&2; fail "not named"; }
tr '\n' ' ' <"$work/configured" | tr -s ' ' | grep -q "never, always, on-miss" || fail "the valid ones are not named"
