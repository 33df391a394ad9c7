# For cases about static libraries: a project of some, and what they are without us, byte for byte, of each state of its
# sources. Sourced by the cases that need it.

# The last part of the statistics of the last build: of archives alone.
archive_figure() {
  local part=${!1}
  part=${part##*\"archives\":\{}
  part="{${part%%\"links\":*}"
  figure part "$2"
}

# archives_of stats_last|stats_total NAME=NUMBER...: as check_figures, of static libraries.
archives_of() {
  local part=$1 pair outcomes
  shift
  read_stats
  outcomes=$(($(archive_figure "$part" hits) + $(archive_figure "$part" misses) + $(archive_figure "$part" uncacheable) + \
    $(archive_figure "$part" errors) + $(archive_figure "$part" bypassed)))
  [[ $outcomes == "$(archive_figure "$part" requests)" ]] ||
    { cat "$work/.stats" >&2; fail "the outcomes of archives do not add up"; }
  for pair in "$@"; do
    [[ $(archive_figure "$part" "${pair%%=*}") == "${pair#*=}" ]] || {
      cat "$work/.stats" >&2
      fail "archives of $part: ${pair%%=*} is $(archive_figure "$part" "${pair%%=*}"), not ${pair#*=}"
    }
  done
}

# archives NAME=NUMBER...: of the last build.
archives() { archives_of stats_last "$@"; }

# library_hashes FILE: name, mode and content of every library below $tree.
library_hashes() {
  (cd "$tree" && find . "${not_ours[@]}" -prune -o -name '*.a' -print0 | sort -z |
    while IFS= read -r -d '' name; do echo "$(stat -c '%A %n' "$name") $(sha256sum <"$name")"; done) >"$1"
  [[ -s $1 ]] || fail "no libraries below $tree"
}

# same_libraries STATE [WHEN]: they are as CMake's own rule made them.
same_libraries() {
  library_hashes "$work/.libraries"
  diff "$work/plain-$1" "$work/.libraries" >&2 || fail "other libraries than without us${2:+: $2}"
}

# state NUMBER: the sources of library_project. 2 differs from 1 in one member of `base`, and in nothing else.
state() {
  printf 'int middle(int x) { return x * %d; }\n' "$1" >"$source/middle.cpp"
}

# library_project: `base` of three C++ files and one more of a name that is there already, `other` of C.
library_project() {
  mkdir -p "$source/deep"
  printf 'int first(int x) { return x + 1; }\n' >"$source/first.cpp"
  printf 'int last(int x) { return x - 1; }\n' >"$source/last.cpp"
  printf 'int deep_first(int x) { return x ^ 1; }\n' >"$source/deep/first.cpp"
  printf 'int plain_c(int x) { return x; }\n' >"$source/other.c"
  printf 'int other_c(int x) { return -x; }\n' >"$source/more.c"
  cat >"$source/main.cpp" <<'TEXT'
int first(int);
int middle(int);
int last(int);
int deep_first(int);
extern "C" int plain_c(int);
extern "C" int other_c(int);
int main(int n, char**) { return first(n) + middle(n) + last(n) + deep_first(n) + plain_c(n) + other_c(n) == 0; }
TEXT
  state 1
  cat >"$source/CMakeLists.txt" <<TEXT
cmake_minimum_required(VERSION 3.21)
project(Libraries LANGUAGES C CXX)
include("$module")
${archive_commands:-}
add_library(base STATIC first.cpp middle.cpp last.cpp deep/first.cpp)
add_library(other STATIC other.c more.c)
add_executable(app main.cpp)
target_link_libraries(app base other)
${more_commands:-}
TEXT
  libraries=2
  edited=1 # how many of them another state makes anew
}

# without_us STATE...: what CMake's own rule makes of each state of the sources, in the same folder.
without_us() {
  local state
  [[ ! -e $tree ]] || helper stop >/dev/null
  for state in "$@"; do
    state "$state"
    rm -rf "$tree"
    configure -DCOMPILER_CACHE=OFF ${options[@]+"${options[@]}"}
    build ${config:+--config "$config"}
    [[ ! -e $tree/.compiler-cache ]] || fail "this was to be a tree without us"
    library_hashes "$work/plain-$state"
  done
  rm -rf "$tree"
}

clean_all() { cmake --build "$tree" ${config:+--config "$config"} --target clean >"$work/cleaned" 2>&1 || fail "clean failed"; }

with_us() {
  configure ${options[@]+"${options[@]}"}
  build_it
}

build_it() { build ${config:+--config "$config"}; }

# Behind without_us 1 2: cold, warm, another state of the sources and back without a clean, and a new tree of the same name.
libraries_are_cached() {
  state 1
  with_us
  archives "requests=$libraries" "misses=$libraries"
  same_libraries 1 "cold"

  clean_all
  build_it
  archives "requests=$libraries" "hits=$libraries"
  same_libraries 1 "warm"
  if [[ $generator == Ninja && -z ${never_idle:-} ]]; then nothing_to_do; fi

  state 2
  build_it
  archives "requests=$edited" "misses=$edited"
  same_libraries 2 "after an edit"

  state 1
  build_it
  archives "requests=$edited" "hits=$edited"
  same_libraries 1 "after going back"

  state 2
  clean_all
  build_it
  archives "requests=$libraries" "hits=$libraries"
  same_libraries 2 "the other state, from nothing"

  helper stop >/dev/null
  rm -rf "$tree"
  state 1
  with_us
  archives "requests=$libraries" "hits=$libraries"
  same_libraries 1 "in a new tree"
  last_build misses=0
}

# Tree and store are gone.
forget_everything() {
  helper stop >/dev/null
  rm -rf "$tree" "$store"
}
