# CTEST_USE_LAUNCHERS puts ctest in front of each command: it runs ours, which runs the compiler. What a dashboard is told
# of a warning that comes out of the cache is what it was told of the compiler's: by its launcher, with target, source and
# command. (Without one it would find the warning in the build's output, and know nothing but its text.)
need ninja ctest python3
unit_project 2
sed -i 's/^add_executable/set(CTEST_USE_LAUNCHERS ON)\ninclude(CTest)\nadd_compile_options(-Wall)\nadd_executable/' \
  "$source/CMakeLists.txt"
echo 'static int nobody_uses_this;' >>"$source/unit_1.cpp"
configure
# reported_warning FILE: builds for a dashboard, and writes there the only warning that it is told of.
reported_warning() {
  (cd "$tree" && ctest -M Experimental -T Start -T Build) >"$work/built" 2>&1 ||
    { cat "$work/built" >&2; fail "the dashboard's build failed"; }
  cp "$tree/Testing/$(head -n 1 "$tree/Testing/TAG")/Build.xml" "$work/Build.xml"
  python3 - "$work/Build.xml" "$tree/.compiler-cache/bin/compiler-cache-launcher" >"$1" <<'END' ||
import sys
import xml.etree.ElementTree as xml

build = xml.parse(sys.argv[1]).getroot().find("Build")
told = build.findall("Failure") + build.findall("Warning") + build.findall("Error")
if len(told) != 1 or told[0].get("type") != "Warning":
    sys.exit(f"not one warning that a launcher told of: {[(one.tag, one.get('type')) for one in told]}")
warning = told[0]
command = [argument.text for argument in warning.findall("Command/Argument")]
if command[0] != sys.argv[2] or command.count(sys.argv[2]) != 1:
    sys.exit(f"ctest ran this: {command}")
if warning.findtext("Action/SourceFile") != "unit_1.cpp":
    sys.exit("the warning has another source")
if "nobody_uses_this" not in warning.findtext("Result/StdErr"):
    sys.exit("the warning is not what the compiler said")
print(xml.tostring(warning, encoding="unicode"))
END
    { cat "$work/Build.xml" >&2; fail "not what the dashboard is to be told"; }
}
reported_warning "$work/cold-warning"
all_misses 3
object_hashes "$work/cold"
clean
reported_warning "$work/warm-warning"
all_hits 3
same_objects "$work/cold"
diff "$work/cold-warning" "$work/warm-warning" >&2 || fail "the cache's warning is another than the compiler's"
