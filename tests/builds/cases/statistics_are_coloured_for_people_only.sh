# At a terminal in colour, in a pipe plain; NO_COLOR and CLICOLOR_FORCE have the last word. Three columns from the second build on.
need ninja script
unit_project 3
configure
build
clean
build
escape=$(printf '\033')
program="$tree/.compiler-cache/bin/compiler-cache-helper"
unset NO_COLOR CLICOLOR_FORCE
export TERM=xterm
for subcommand in stats explain; do
  ask=("$program" "$subcommand" --tree "$tree")
  "${ask[@]}" >"$work/piped"
  ! grep -q "$escape" "$work/piped" || fail "$subcommand: colours in a pipe"
  CLICOLOR_FORCE=1 "${ask[@]}" --build 1 >"$work/forced" 2>/dev/null || CLICOLOR_FORCE=1 "${ask[@]}" >"$work/forced"
  grep -q "$escape" "$work/forced" || fail "$subcommand: no colours although they were asked for"
done
script -qec "'$program' stats --tree '$tree'" /dev/null >"$work/terminal" </dev/null
grep -q "$escape" "$work/terminal" || fail "no colours at a terminal"
NO_COLOR=1 script -qec "'$program' stats --tree '$tree'" /dev/null >"$work/terminal" </dev/null
! grep -q "$escape" "$work/terminal" || fail "colours in spite of NO_COLOR"

helper stats >"$work/piped"
head -1 "$work/piped" | grep -q "last build *last 2 *total" || { cat "$work/piped" >&2; fail "no three columns"; }
grep -q "^coverage: can be cached, of all *100.0 % *100.0 % *100.0 %$" "$work/piped" || { cat "$work/piped" >&2; fail "no coverage"; }
grep -q "^requests  *4  *8  *8$" "$work/piped" || { cat "$work/piped" >&2; fail "other requests"; }
! grep -q dearest "$work/piped" || fail "a build of hits had dear misses"
printf 'int more;\n' >>"$source/unit_1.cpp"
clean
build
helper stats >"$work/piped"
sed '1,/^dearest misses/d' "$work/piped" >"$work/dear"
grep -q "^  unit_1.cpp  *[0-9.]* m\?s  the source itself changed$" "$work/dear" || { cat "$work/piped" >&2; fail "the miss is not listed"; }
