# COMPILER_CACHE_PREFIX: a real distccd runs the compiles of misses, and nothing else changes: not the keys, not the results,
# not the messages. Where it is gone, or the program is none, the compiler runs here.
need ninja distcc distccd python3

# An address of this machine that is not "localhost", which distcc takes for no server at all.
start_server() {
  local port
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  distccd --no-detach --daemon --log-stderr --listen 127.0.0.1 --allow 127.0.0.1 --port "$port" --enable-tcp-insecure \
    --jobs 2 2>"$work/server" &
  server=$!
  export DISTCC_HOSTS=127.0.0.1:$port DISTCC_DIR=$work/distcc
  mkdir -p "$DISTCC_DIR"
  wait_until 30 python3 -c "import socket; socket.create_connection(('127.0.0.1', $port), 1)" 2>/dev/null ||
    { cat "$work/server" >&2; fail "no distccd"; }
}
stop_server() {
  [[ -z ${server:-} ]] || kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=""
}
trap 'stop_server; end_of_case' EXIT

# compiled_there COUNT: by the server, since the last call.
compiled_there() {
  count() { [[ $(grep -c COMPILE_OK "$work/server") == "$1" ]]; }
  wait_until 10 count "$1" || { cat "$work/server" >&2; fail "the server has not compiled $1"; }
}

unit_project 3
printf 'int unused(int x) { int never; return 1; }\n' >"$source/unit_3.cpp.more"
cat "$source/unit_3.cpp.more" >>"$source/unit_3.cpp"
start_server
configure -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS=-Wall -DCOMPILER_CACHE_LINKS=OFF -DCOMPILER_CACHE_PREFIX=distcc
build
grep -q "never" "$work/built" || fail "no warning"
compiled_there 4
all_misses 4
object_hashes "$work/there"
grep -v '^\[' "$work/built" >"$work/warnings" || true
clean
build
all_hits 4
compiled_there 4
grep -v '^\[' "$work/built" | cmp -s "$work/warnings" - || fail "other messages of a hit"

# The same results as here, and under the same keys.
clean
COMPILER_CACHE_DISABLE=1 build
compiled_there 4
same_objects "$work/there" "compiled here"
grep -v '^\[' "$work/built" | cmp -s "$work/warnings" - || fail "other messages than here"
configure -DCOMPILER_CACHE_PREFIX=
clean
build
all_hits 4

# The variable of a build goes before what was configured; a program that is not there is passed over.
printf '#define SHARED 2\n' >"$source/shared.h"
COMPILER_CACHE_PREFIX="distcc" build
all_misses 3
compiled_there 7
printf '#define SHARED 3\n' >"$source/shared.h"
COMPILER_CACHE_PREFIX=no-such-program build
all_misses 3
compiled_there 7
helper status >"$work/status"
grep -q "there is no no-such-program" "$work/status" || { cat "$work/status" >&2; fail "nothing is said of the missing program"; }

# Without the server distcc compiles here, and says so, which no hit repeats.
stop_server
printf '#define SHARED 4\n' >"$source/shared.h"
COMPILER_CACHE_PREFIX=distcc build
all_misses 3
grep -q 'distcc\[' "$work/built" || fail "distcc does not tell that its server is gone"
clean
build
last_build requests=4 hits=1 misses=3
! grep -q 'distcc\[' "$work/built" || fail "a message of distcc was kept"
