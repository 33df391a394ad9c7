# Ninja Multi-Config: each configuration has its own library, of one name in two folders.
source "$repo/tests/builds/lib_archives.sh"
need ninja gcc g++ ar
generator="Ninja Multi-Config"
options=(-DCMAKE_C_COMPILER=gcc -DCMAKE_CXX_COMPILER=g++)
library_project
for config in Debug Release; do
  without_us 1 2
  libraries_are_cached
  forget_everything
done
