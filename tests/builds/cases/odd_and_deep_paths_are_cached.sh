# Folders with spaces and letters beyond ASCII, and one deeper than the 108 bytes that the name of a socket may have.
need ninja make
cached_in() {
  # A store for each: results for every folder would be there.
  source="$1/the source" tree=$1/build store="$1/the store"
  mkdir -p "$1"
  unit_project 3
  configure
  build
  all_misses 4
  object_hashes "$work/cold"
  clean
  build
  all_hits 4
  same_objects "$work/cold"
  [[ -z $(find "$tree/.compiler-cache" -name sock -not -type s) ]] || fail "the socket is none"
}
cached_in "$work/with spaces, grüße & (more)"
deep=$work/deep
for i in 1 2 3 4 5 6; do deep+=/a-folder-with-a-rather-long-name-$i; done
((${#deep} > 200)) || fail "not deep"
cached_in "$deep"
generator="Unix Makefiles"
cached_in "$work/make grüße"
