# llvm-ar has other habits (names of members, padding, symbol tables), which a hit repeats.
source "$repo/tests/builds/lib_archives.sh"
need ninja make clang clang++ llvm-ar llvm-ranlib
options=(-DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ "-DCMAKE_AR=$(command -v llvm-ar)"
  "-DCMAKE_RANLIB=$(command -v llvm-ranlib)")
library_project
without_us 1 2
for generator in Ninja "Unix Makefiles"; do
  libraries_are_cached
  grep -q "AR:.*llvm-ar" "$tree/CMakeCache.txt" || fail "not by llvm-ar"
  forget_everything
done
