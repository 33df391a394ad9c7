# GNU ar: each library is, byte for byte, what CMake's own rule makes, also where it is made anew over an old one. Make
# removes the old one by a script of CMake's, which the launcher stands for, too.
source "$repo/tests/builds/lib_archives.sh"
need ninja make gcc g++ ar
options=(-DCMAKE_C_COMPILER=gcc -DCMAKE_CXX_COMPILER=g++)
library_project
without_us 1 2
for generator in Ninja "Unix Makefiles"; do
  libraries_are_cached
  clean_all
  COMPILER_CACHE_RECHECK=100 build_it
  archives requests=2 hits=0 misses=2 rechecked=2 recheck_differences=0
  same_libraries 1 "rechecked"
  forget_everything
done
