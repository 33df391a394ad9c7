# Single links, without a build tool: what they read by the way, what they say, how they fail.
need gcc ninja python3
unit_project 1
configure
cd "$tree"
launcher=$tree/.compiler-cache/bin/compiler-cache-launcher

links() { helper stats --json | python3 -c "import json, sys; print(json.load(sys.stdin)['total']['links']['$1'])"; }

# linked WANTED ARGUMENT...: the same bytes, words and status as gcc's own; then whether it was a hit or a miss.
linked() {
  local wanted=$1 before status=0 plain=0
  shift
  rm -f out
  gcc "$@" -o out >"$work/plain.out" 2>"$work/plain.err" || plain=$?
  [[ $plain != 0 ]] || cp out "$work/plain"
  rm -f out
  before=$(links "$wanted")
  "$launcher" --link gcc "$@" -o out >"$work/ours.out" 2>"$work/ours.err" || status=$?
  [[ $status == "$plain" ]] || fail "status $status, not $plain: $*"
  [[ $plain != 0 ]] || cmp "$work/plain" out || fail "other bytes: $*"
  cmp "$work/plain.out" "$work/ours.out" || fail "another output: $*"
  diff <(sed 's,/tmp/cc[^ :]*,TEMPORARY,g' "$work/plain.err") <(sed 's,/tmp/cc[^ :]*,TEMPORARY,g' "$work/ours.err") ||
    fail "other messages: $*"
  [[ $(links "$wanted") == $((before + 1)) ]] || { helper stats >&2; fail "no ${wanted}: $*"; }
}
compile() { gcc -c -o "$2" -x c - <<<"$1" "${@:3}"; }

compile 'int f(void); int main(void) { return f(); }' main.o
compile 'int f(void) { return 1; }' f.o
linked misses main.o f.o
linked hits main.o f.o
linked misses f.o main.o

# The archive is as it was; its member, which it only names, is not.
ar qcT thin.a f.o
linked misses main.o thin.a
linked hits main.o thin.a
compile 'int f(void) { return 2; }' f.o
linked misses main.o thin.a

# A library that is a script, and names another.
mkdir -p real
compile 'int f(void) { return 3; }' real/f.o
ar qc real/liby.a real/f.o
echo "INPUT(real/liby.a)" >libx.so
linked misses main.o -L. -lx
linked hits main.o -L. -lx
compile 'int f(void) { return 4; }' real/f.o
rm real/liby.a
ar qc real/liby.a real/f.o
linked misses main.o -L. -lx

# A folder that only the environment names.
mkdir -p from early
cp real/liby.a from/liby.a
LIBRARY_PATH=$tree/early:$tree/from linked misses main.o -ly
LIBRARY_PATH=$tree/early:$tree/from linked hits main.o -ly
cp f.o early/f.o
ar qc early/liby.a early/f.o
LIBRARY_PATH=$tree/early:$tree/from linked misses main.o -ly

# A name that is there and leads nowhere, until it does; and a folder of that name, until a library is there.
mkdir -p dangling folder
ln -s "$tree/later.a" dangling/liby.a
mkdir folder/liby.a
linked misses main.o -L"$tree/dangling" -L"$tree/folder" -L"$tree/from" -ly
linked hits main.o -L"$tree/dangling" -L"$tree/folder" -L"$tree/from" -ly
cp early/liby.a later.a
linked misses main.o -L"$tree/dangling" -L"$tree/folder" -L"$tree/from" -ly
rm later.a
linked hits main.o -L"$tree/dangling" -L"$tree/folder" -L"$tree/from" -ly
rmdir folder/liby.a
cp early/liby.a folder/liby.a
linked misses main.o -L"$tree/dangling" -L"$tree/folder" -L"$tree/from" -ly

# An archive that only names its members, by another name than archives have.
compile 'int f(void) { return 8; }' named.o
ar qcT thin.lib named.o
linked misses main.o thin.lib
linked hits main.o thin.lib
compile 'int f(void) { return 9; }' named.o
linked misses main.o thin.lib

# Blanks in names.
mkdir -p "a b"
cp f.o "a b/c d.o"
linked misses main.o "a b/c d.o"
linked hits main.o "a b/c d.o"
compile 'int f(void) { return 5; }' "a b/c d.o"
linked misses main.o "a b/c d.o"

# What it says is said again; what fails fails again, and is not kept.
compile 'char* tmpnam(char*); int f(void) { return tmpnam(0) != 0; }' warns.o
linked misses main.o warns.o
linked hits main.o warns.o
grep -q tmpnam "$work/ours.err" || fail "no warning to be repeated"
linked misses main.o
linked misses main.o

# Link-time optimisation leaves nothing of its own in what is recorded.
compile 'int f(void) { return 6; }' lto.o -flto -O1
linked misses main.o lto.o
linked hits main.o lto.o
compile 'int f(void) { return 7; }' lto.o -flto -O1
linked misses main.o lto.o

# A result that is a link, and one that has a second name, are the linker's to replace.
rm -f out
echo kept >elsewhere
ln -s elsewhere out
"$launcher" --link gcc main.o f.o -o out
[[ $(head -c 4 elsewhere) != kept || ! -L out ]] || fail "neither replaced nor written through"
./out && fail "it returns 2"
rm -f out

# What the cache does not know is linked all the same.
"$launcher" --link gcc main.o f.o -o out -Wl,--verbose >"$work/said"
[[ -x out && -s $work/said ]] || fail "an unknown option"
COMPILER_CACHE_DISABLE=1 "$launcher" --link gcc main.o f.o -o disabled
cmp out disabled
