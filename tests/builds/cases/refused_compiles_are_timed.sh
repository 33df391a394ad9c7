# What cannot be cached runs as the compiler itself, behind nobody's back: how long it took is known all the same, right
# after the build, to the terminal and to the report.
need ninja python3
unit_project 3
cat >>"$source/CMakeLists.txt" <<'TEXT'
set_source_files_properties(unit_1.cpp unit_2.cpp PROPERTIES COMPILE_OPTIONS -save-temps)
TEXT
configure
build
helper explain >"$work/said"
helper explain --json >"$work/said.json"
last_build requests=4 misses=2 uncacheable=2
grep -Eq '^cannot be cached: .*-save-temps: 2 compiles, [1-9][0-9.]* m?s$' "$work/said" || { cat "$work/said" >&2; fail "no time"; }
python3 - "$work/said.json" <<'TEXT' || { cat "$work/said.json" >&2; fail "JSON says something else"; }
import json, sys
said = json.load(open(sys.argv[1]))
build, refused = said["build"], [step for step in said["steps"] if step["outcome"] == "uncacheable"]
assert len(refused) == 2, refused
for step in refused:
    assert 0 < step["compile_us"] <= step["end_us"] - step["start_us"], step
    assert step["end_us"] <= build["ended_us"] - build["started_us"] + 5_000_000, step
TEXT

# One by hand, without a build tool to wait for, asked about at once.
compiler=$(command -v g++)
launch "$compiler" -save-temps=obj -c "$source/unit_3.cpp" -o by-hand.o
(cd "$tree" && helper explain by-hand.o) >"$work/said" || fail "by-hand.o is not known"
grep -Eq '^  compiled in [1-9][0-9.]* m?s, cannot be cached: ' "$work/said" || { cat "$work/said" >&2; fail "no time by hand"; }
