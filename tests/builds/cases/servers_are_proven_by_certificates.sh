# Redis and a web server behind TLS, with a certificate of an authority that nobody knows but who names it. Without it, or under a
# name that the certificate does not have, nothing is sent or taken, and the build goes on. Two servers share the work.
source "$repo/tests/builds/lib_remote.sh"
need ninja redis-server redis-cli nginx python3 openssl
unit_project 9
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/ca.key" -out "$work/ca.pem" -days 2 -subj "/CN=test authority" 2>/dev/null
openssl req -newkey rsa:2048 -nodes -keyout "$work/server.key" -out "$work/server.csr" -subj "/CN=server" 2>/dev/null
printf 'subjectAltName=IP:127.0.0.1\n' >"$work/extension"
openssl x509 -req -in "$work/server.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial -days 2 \
  -extfile "$work/extension" -out "$work/server.pem" 2>/dev/null

redis() { redis-cli -h 127.0.0.1 -p "$port" --tls --cacert "$work/ca.pem" "$@" 2>/dev/null; }
port=$(free_port)
start_redis --port 0 --tls-port "$port" --tls-cert-file "$work/server.pem" --tls-key-file "$work/server.key" \
  --tls-ca-cert-file "$work/ca.pem" --tls-auth-clients no
redis_port=$port
nginx_listen=ssl
nginx_server="ssl_certificate $work/server.pem; ssl_certificate_key $work/server.key;"
start_nginx
urls="rediss://127.0.0.1:$redis_port;https://127.0.0.1:$port/cache"

configure "$patient" "-DCOMPILER_CACHE_REMOTE=$urls" "-DCOMPILER_CACHE_REMOTE_CA=$work/ca.pem"
build
all_misses 10
object_hashes "$work/cold"
wait_for_all_sent
helper status --json | tr -d ' \n' >"$work/status"
[[ $(grep -o '"bytes_written":[1-9]' "$work/status" | wc -l) == 2 ]] || { cat "$work/status" >&2; fail "not both have something"; }
forget_everything

configure "$patient" "-DCOMPILER_CACHE_REMOTE=$urls" "-DCOMPILER_CACHE_REMOTE_CA=$work/ca.pem"
build
all_hits 10
remote_hits 10
same_objects "$work/cold"
forget_everything

for wrong in "$urls" "rediss://localhost:$redis_port;https://localhost:$port/cache"; do
  ca=$work/ca.pem
  [[ $wrong != "$urls" ]] || ca=""
  configure "-DCOMPILER_CACHE_REMOTE=$wrong" "-DCOMPILER_CACHE_REMOTE_CA=$ca"
  build
  all_misses 10
  same_objects "$work/cold"
  helper status --json | tr -d ' \n' >"$work/status"
  if grep -q '"bytes_\(read\|written\)":[1-9]' "$work/status"; then cat "$work/status" >&2; fail "believed: $wrong"; fi
  forget_everything
done
