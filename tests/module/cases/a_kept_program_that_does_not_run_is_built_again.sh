simple_project
configure
kept=$(echo "$work"/user-cache/compiler-cache/bin/*/compiler-cache-helper)
rm "$kept"
printf '#!/bin/sh\nexit 1\n' >"$kept"
chmod +x "$kept"
rm -rf "$work/build"
configure
said "CompilerCache: building the helper, done ("
"$kept" --version >/dev/null || fail "the kept helper still does not run"
"$work/build/.compiler-cache/bin/compiler-cache-helper" --version >/dev/null || fail "the placed helper does not run"

# Half a kept folder, after somebody cleaned up by hand.
rm "$(dirname "$kept")/compiler-cache-launcher"
rm -rf "$work/build"
configure
exists "$(dirname "$kept")/compiler-cache-launcher"
[[ $(ls -A "$work/user-cache/compiler-cache/bin" | wc -l) == 1 ]] || fail "temporary folders left behind"
