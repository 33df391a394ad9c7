# What the compiler said is said again by a hit, on the same stream: through the build tool, a mebibyte of it, and bytes
# that are no text.
need ninja
unit_project 3
for i in 1 2 3; do echo "int warned_$i(int x) { int unused_$i; return x; }" >>"$source/unit_$i.cpp"; done
jobs=1
configure -DCMAKE_CXX_FLAGS="-Wall -Wextra"
build
cp "$work/built" "$work/cold"
[[ $(grep -c "unused variable" "$work/cold") == 3 ]] || { cat "$work/cold"; fail "the compiler does not warn"; }
clean
build
all_hits 4
cmp "$work/cold" "$work/built" || fail "the build says something else with hits"

# same_said NAME: the compile of $tree/NAME.cpp says, as a miss and as a hit, what the compiler says by itself.
same_said() {
  (cd "$tree" && g++ -Wall -c "$1.cpp" -o own.o) >"$work/own-stdout" 2>"$work/own-stderr"
  [[ -s $work/own-stderr ]] || fail "$1: the compiler says nothing"
  local round
  for round in miss hit; do
    rm -f "$tree/$1.o"
    launch g++ -Wall -c "$1.cpp" -o "$1.o" || fail "$1: failed as a $round"
    cmp "$work/own-stdout" "$work/stdout" || fail "$1: other standard output as a $round"
    cmp "$work/own-stderr" "$work/stderr" || fail "$1: other standard error as a $round"
    cmp "$tree/own.o" "$tree/$1.o" || fail "$1: another object as a $round"
    # A result is stored while the next compile may run already; the statistics wait for it.
    helper stats >/dev/null
  done
}

printf '#warning "\xff\xfe \x80 \xc3\xa9 \x01 \x1b[31m"\nint bytes;\n' >"$tree/bytes.cpp"
same_said bytes
printf 'int quiet_1;\nint f() { int unused; return 0; }' >"$tree/no_line_end.cpp"
same_said no_line_end

filler=$(printf 'x%.0s' {1..200})
for ((i = 1; i <= 2300; ++i)); do echo "#warning \"$i $filler\""; done >"$tree/many.cpp"
same_said many
(($(wc -c <"$work/stderr") > 1048576)) || fail "only $(wc -c <"$work/stderr") bytes of warnings"
total hits=7 misses=7
