# Web servers that stall, hang up, speak nonsense, send without end or a byte at a time, or answer with errors, elsewhere or with
# pages: each build is right, and soon leaves them alone.
source "$repo/tests/builds/lib_remote.sh"
need ninja nginx python3
unit_project 9
configure
build
object_hashes "$work/cold"
forget_everything

for mode in stall hangup garbage endless drip 500 302 503; do
  start_faults $mode
  configure "-DCOMPILER_CACHE_REMOTE=http://127.0.0.1:$fault_port/cache" -DCOMPILER_CACHE_REMOTE_TIMEOUT=300
  build
  all_misses 10
  same_objects "$work/cold" "$mode"
  helper status --json | tr -d ' \n' >"$work/status"
  [[ $(<"$work/status") =~ \"asked\":([0-9]+) ]] || fail "no figure"
  ((BASH_REMATCH[1] >= 1 && BASH_REMATCH[1] <= 9)) || { cat "$work/status" >&2; fail "$mode: asked ${BASH_REMATCH[1]} times"; }
  grep -q '"state":"\(open\|half-open\):' "$work/status" || { cat "$work/status" >&2; fail "$mode: it is still asked"; }
  forget_everything
  end_servers
done

# A server that answers everything with a page, as a portal does.
start_nginx 'return 200 "<html>please log in</html>";'
configure "-DCOMPILER_CACHE_REMOTE=http://127.0.0.1:$port/cache"
build
all_misses 10
same_objects "$work/cold" "a page"
