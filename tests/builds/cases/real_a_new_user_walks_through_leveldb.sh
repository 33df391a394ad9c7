# A fresh clone of a real project: the line is added, it is built, a header is edited, and what explain, report and figures say
# of that is what the build tool says it compiled.
source "$repo/tests/builds/lib_real.sh"
need ninja g++ git python3
fetch leveldb
mv "$source" "$work/upstream"
(cd "$work/upstream" && git init -q && git add -A && git -c user.name=a -c user.email=a@b commit -qm all)
git clone -q "$work/upstream" "$source"
sed -i "s|^project(leveldb .*|&\ninclude($module)|" "$source/CMakeLists.txt"
configure -DCMAKE_CXX_COMPILER=g++ -DLEVELDB_BUILD_TESTS=OFF -DLEVELDB_BUILD_BENCHMARKS=OFF
target() { cmake --build "$tree" --target "cache-$1" | sed '/^\[/d' >"$work/said"; }
says() { grep -qF -- "$1" "$work/said" || { cat "$work/said" >&2; fail "it does not say: $1"; }; }
build
compiles=$(object_count)
target explain
# One source is compiled twice in the same way.
grep -Eq "^made for the first time: ($compiles|$((compiles - 1))) compiles, [0-9]+ librar(y|ies), 1 link, " "$work/said" ||
  { cat "$work/said" >&2; fail "not everything was made for the first time"; }

edited() { echo "// edited" >>"$source/table/format.h" && predicted >"$work/predicted" && [[ -s $work/predicted ]]; }
wait_until 20 edited || fail "time stands still"
rebuilt=$(wc -l <"$work/predicted")
((rebuilt > 2 && rebuilt < compiles)) || fail "$rebuilt of $compiles depend on it"
build
[[ $(compiles_in <"$work/built" | wc -l) == "$rebuilt" ]] || fail "not $rebuilt objects were built"
target explain
says "table/format.h changed: $rebuilt compiles, "
(cd "$source/table" && helper explain two_level_iterator.cc) >"$work/said"
says "format.h changed"
last_build requests="$rebuilt" misses="$rebuilt"
target report
page=$(sed -n 's|^file://\(/.*\.html\)$|\1|p' "$work/said")
python3 - "$page" "$source/table/format.h" "$rebuilt" "$compiles" <<'TEXT'
import json, re, sys
page, header, rebuilt, compiles = open(sys.argv[1], encoding="utf-8").read(), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S).group(1))
newest, first = data["builds"][:2]
assert (newest["counters"]["misses"], first["counters"]["requests"]) == (rebuilt, compiles), data["builds"]
assert "table/format.h changed" in [group["title"] for group in data["groups"]], data["groups"]
costs = {row[0]: row[1] for row in data["headers"]["rows"]}
assert costs[header] == rebuilt, costs[header]
TEXT

cp "$work/upstream/table/format.h" "$source/table/"
build
all_hits "$rebuilt"
target explain
says "all from the cache"
