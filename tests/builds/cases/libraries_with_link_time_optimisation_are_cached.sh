# CMake has rules of their own for them, which take the compiler's ar and ranlib: these know the objects by a plugin.
source "$repo/tests/builds/lib_archives.sh"
need ninja gcc g++ gcc-ar gcc-ranlib
more_commands='set_target_properties(base other PROPERTIES INTERPROCEDURAL_OPTIMIZATION ON)'
library_project
# GCC gives sections of such objects names by chance, unless it is told a seed.
options=(-DCMAKE_C_COMPILER=gcc -DCMAKE_CXX_COMPILER=g++ -DCMAKE_C_FLAGS=-frandom-seed=1 -DCMAKE_CXX_FLAGS=-frandom-seed=1)
without_us 1 2
libraries_are_cached
grep -q -e "--archive .*gcc-ranlib.* .*gcc-ar" "$tree/CMakeFiles/rules.ninja" || fail "not by gcc-ar"
forget_everything

need clang clang++ llvm-ar llvm-ranlib
options=(-DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++)
# The program is left out: which linker takes such objects is another matter.
sed -i '/^add_executable\|^target_link_libraries/d' "$source/CMakeLists.txt"
without_us 1 2
libraries_are_cached
grep -q -e "--archive .*llvm-ranlib.* .*llvm-ar" "$tree/CMakeFiles/rules.ninja" || fail "not by llvm-ar"
