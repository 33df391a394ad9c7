# cache-doctor on this machine: what it says of a good tree it does not say of one with a mistake, and the reverse.
need ninja python3
version=$("$helper_program" --version)
sed -i "s/VERSION 0.0.1/VERSION ${version##* }/" "$work/.programs/CMakeLists.txt"  # as the real sources have it
unit_project 2
configure
build
# What is wrong with the machine (a full disk, say) is not this test's.
of_tree='configuration|version|switched-off|generator|launcher|compiler|debug-information|module-scanning|permissions'
# found: names of the checks that found something about the tree, wrong ones only.
found() {
  helper doctor --json >"$work/doctor.json" || [[ $? == 1 ]] || fail "the doctor itself fails"
  python3 - "$work/doctor.json" <<'END' | grep -xE "$of_tree" | tr '\n' ' ' || true
import json, sys
report = json.load(open(sys.argv[1], encoding="utf-8"))
assert report["schema"] == 1 and len(report["checks"]) > 10, report
for finding in report["findings"]:
    assert finding["check"] in report["checks"] and finding["problem"] and finding["advice"], finding
    if finding["wrong"]:
        print(finding["check"])
END
}
finds() { [[ $(found) == "$1" ]] || { cat "$work/doctor.json" >&2; fail "found '$(found)', not '$1'"; }; }
finds ""
! grep -qE '"problem": ".*(max_user_watches|max_user_instances) is 1:' "$work/doctor.json" || fail "limits are not read whole"
# The status says whether anything is wrong, and so does the target.
wrong=$(grep -c '"wrong": true' "$work/doctor.json" || true)
status=0
helper doctor >"$work/said" || status=$?
((status == (wrong > 0))) || fail "status $status with $wrong wrong"
status=0
cmake --build "$tree" --target cache-doctor >"$work/built" 2>&1 || status=1
((status == (wrong > 0))) || fail "target: status $status with $wrong wrong"
grep -q " checks: " "$work/built" || { cat "$work/built" >&2; fail "the target says nothing"; }
[[ -z $(find "$tree/.compiler-cache" "$store" -name 'doctor-*') ]] || fail "it leaves files behind"

COMPILER_CACHE_DISABLE=1 finds "switched-off "
chmod o+w "$tree/.compiler-cache"
finds "permissions "
if helper doctor >"$work/said"; then fail "the status says that nothing is wrong"; fi
grep -q "^wrong: permissions: .* Run: chmod go-w $tree/.compiler-cache.\$" "$work/said" || { cat "$work/said" >&2; fail "no advice"; }
chmod o-w "$tree/.compiler-cache"
sed -i 's/^version=.*/version=99.1/' "$tree/.compiler-cache/config"
finds "version "
configure -DCMAKE_CXX_COMPILER_LAUNCHER=env
finds "launcher launcher "  # the one that is set, and that none of ours is in the build files
configure -UCMAKE_CXX_COMPILER_LAUNCHER
finds ""
