# Three real nodes, of which one is named: each key is asked for where it is, which nodes tell, and all of it comes back.
source "$repo/tests/builds/lib_remote.sh"
need ninja redis-server redis-cli python3
unit_project 19
nodes=()
for node in 1 2 3; do
  # The bus between the nodes takes 10000 more than the port.
  port=$(python3 - <<'TEXT'
import socket
while True:
    with socket.socket() as a, socket.socket() as b:
        a.bind(("127.0.0.1", 0))
        port = a.getsockname()[1]
        if port + 10000 > 65535:
            continue
        try:
            b.bind(("127.0.0.1", port + 10000))
        except OSError:
            continue
        print(port)
        break
TEXT
  )
  mkdir -p "$work/node-$node"
  start_redis --cluster-enabled yes --cluster-config-file "$work/node-$node/nodes.conf"
  nodes+=("127.0.0.1:$port")
done
redis-cli --cluster create "${nodes[@]}" --cluster-yes >"$work/created" 2>&1 || { cat "$work/created" >&2; skip "no cluster here"; }
whole() { [[ $(redis cluster info) == *cluster_state:ok* ]]; }
for node in "${nodes[@]}"; do
  port=${node#*:}
  wait_until 30 whole || fail "the cluster does not get together"
done

configure "$patient" "-DCOMPILER_CACHE_REMOTE=redis://${nodes[0]}"
build
all_misses 20
object_hashes "$work/cold"
wait_for_all_sent
for node in "${nodes[@]}"; do
  port=${node#*:}
  [[ $(redis dbsize) -gt 5 ]] || fail "node $node has $(redis dbsize) keys"
done
forget_everything
configure "$patient" "-DCOMPILER_CACHE_REMOTE=redis://${nodes[1]}"
build
all_hits 20
remote_hits 20
same_objects "$work/cold"
