# Whatever comes through the helper's socket, the helper goes on, and so does the build.
need ninja python3
unit_project 3
configure
build
pid=$(helpers_below "$tree")

cat >"$work/clients.py" <<'TEXT'
import os, random, socket, struct, sys

os.chdir(sys.argv[1])  # the path may be longer than a socket's address

def client():
    end = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    end.settimeout(20)
    end.connect("sock")
    return end

def send(data, vanish):
    end = client()
    try:
        end.sendall(data)
        if not vanish:
            end.shutdown(socket.SHUT_WR)
            while end.recv(65536):
                pass
    except (BrokenPipeError, ConnectionResetError):
        pass  # hung up on, as it should be
    end.close()

rng = random.Random(1)
for length in (0, 1, 7, 1 << 20, (1 << 32) - 1):
    for vanish in (False, True):
        send(struct.pack("<I", length) + rng.randbytes(64), vanish)
for size in range(200):
    body = rng.randbytes(size)
    send(struct.pack("<I", size) + body, size % 2 == 0)
# A control message in each wrong shape, and cut off anywhere.
control = bytes([0x93, 4]) + b"\xa5stats" + b"\x90"
for cut in range(len(control)):
    send(struct.pack("<I", len(control)) + control[:cut], True)
    send(struct.pack("<I", cut) + control[:cut], False)
# Many that say nothing, and stay.
silent = [client() for _ in range(500)]
print("connected", len(silent), flush=True)
sys.stdin.read()
TEXT
mkfifo "$work/hold"
python3 "$work/clients.py" "$tree/.compiler-cache" <"$work/hold" >"$work/clients" 2>&1 &
clients=$!
exec 3>"$work/hold"
all_connected() { grep -q 'connected 500' "$work/clients"; }
wait_until 60 all_connected || { cat "$work/clients" >&2; kill "$clients"; fail "the clients could not connect"; }

clean
build
all_hits 4
exec 3>&-
wait "$clients" || fail "the clients did not end well"
[[ $(helpers_below "$tree") == "$pid" ]] || fail "another helper answers"
clean
build
all_hits 4
nothing_to_do
