need make ninja
for generator in Ninja "Ninja Multi-Config" "Unix Makefiles"; do
  rm -rf "$work/build"
  share_programs
  simple_project
  configure
  build
  find "$work/build/.compiler-cache" -type f -printf '%p %T@ %i\n' | sort >"$work/before"
  configure
  configure
  not_said "building the helper"
  said_times 1 "CompilerCache:"
  find "$work/build/.compiler-cache" -type f -printf '%p %T@ %i\n' | sort >"$work/after"
  cmp "$work/before" "$work/after" || fail "configure rewrote a file"
  if [[ $generator != "Unix Makefiles" ]]; then  # Make asked with -q runs CMake's own bookkeeping rules always
    file=build.ninja
    [[ $generator == Ninja ]] || file=build-Debug.ninja
    ninja -n -C "$work/build" -f $file app | grep -q "no work to do" || fail "ninja has work to do"
  fi
  build
  ! grep -qE "Building|Linking" "$work/built" || { cat "$work/built"; fail "something was rebuilt"; }
  [[ ! -s $work/log ]] || fail "something was compiled"
done
