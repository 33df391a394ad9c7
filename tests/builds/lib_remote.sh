# Shared by the cases about the remote tier: servers of their own on loopback, started by the case; run.sh ends them.

# Where hits are counted, a slow machine may take its time. It is the longest that may be meant.
# shellcheck disable=SC2034  # of the cases
patient=-DCOMPILER_CACHE_REMOTE_TIMEOUT=4000

# A port of loopback that nobody uses at this moment.
free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

redis() { redis-cli -h 127.0.0.1 -p "$port" "$@" 2>/dev/null; }
redis_answers() { [[ $(redis ping) == PONG ]]; }

# start_redis [OPTION...]: on 127.0.0.1:$port (chosen when it is not set), without anything on disk.
start_redis() {
  local try
  for try in 1 2 3; do
    [[ -n ${port:-} ]] || port=$(free_port)
    redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no --dir "$work" --daemonize no "$@" \
      >"$work/redis.log" 2>&1 &
    servers+=($!)
    if wait_until 10 redis_answers_or_ended $!; then
      if redis_answers; then return; fi
    fi
    port=""
  done
  cat "$work/redis.log" >&2
  fail "no redis-server"
}
redis_answers_or_ended() { redis_answers || ! kill -0 "$1" 2>/dev/null; }

# forget_everything: the tree and the shared store; only servers know anything afterwards.
forget_everything() {
  helper stop >/dev/null 2>&1 || true
  remove "$tree" "$store"
}

# Everything that the helper had for the servers is there.
all_sent() { helper status --json | tr -d ' \n' | grep -q '"waiting":0,'; }
wait_for_all_sent() { wait_until 30 all_sent || { helper status >&2; fail "results are still to be sent"; }; }

# fill_servers COUNT [OPTION...]: a build of COUNT misses, of which only servers know anything afterwards. Its objects' hashes
# are in $work/cold.
fill_servers() {
  local count=$1
  shift
  configure "$patient" "$@"
  build
  all_misses "$count"
  object_hashes "$work/cold"
  wait_for_all_sent
  forget_everything
}

# take_from_servers COUNT [OPTION...]: a build of COUNT hits, all of them from servers, with the objects of fill_servers.
take_from_servers() {
  local count=$1
  shift
  configure "$patient" "$@"
  build
  all_hits "$count"
  remote_hits "$count"
  same_objects "$work/cold"
}

# remote_hits COUNT: compiles of the last build that came from the remote tier.
remote_hits() {
  read_stats
  [[ $stats_last =~ \"hit_sources\":\{[^\}]*\"remote\":([0-9]+) ]] || fail "no figure for remote hits"
  [[ ${BASH_REMATCH[1]} == "$1" ]] || { cat "$work/.stats" >&2; fail "${BASH_REMATCH[1]} hits from the remote tier, not $1"; }
}

# start_faults MODE [TARGET_PORT]: remote_faults.py, whose port is in $fault_port then, and whose process id is the last of
# $servers.
start_faults() {
  rm -f "$work/fault-port" "$work/fault-port.rounds"
  python3 "$repo/tests/builds/remote_faults.py" "$1" "$work/fault-port" ${2:+"$2"} >"$work/faults.log" 2>&1 &
  servers+=($!)
  wait_until 10 test -e "$work/fault-port" || { cat "$work/faults.log" >&2; fail "no server for $1"; }
  fault_port=$(<"$work/fault-port")
}

# start_nginx [LINE...]: one that takes files below /cache on http://127.0.0.1:$port; the lines are put into that location.
start_nginx() {
  local try
  for try in 1 2 3; do
    port=$(free_port)
    mkdir -p "$work/nginx/www/cache" "$work/nginx/tmp"
    # The workers of a superuser's nginx are nobody; these are this test's.
    {
      [[ $(id -u) != 0 ]] || echo "user root;"
      cat <<TEXT
daemon off;
worker_processes 1;
# One process, which is all gone when it is killed.
master_process off;
pid $work/nginx/pid;
error_log $work/nginx/error.log;
events { worker_connections 512; }
http {
  access_log $work/nginx/access.log;
  client_body_temp_path $work/nginx/tmp;
  proxy_temp_path $work/nginx/tmp;
  fastcgi_temp_path $work/nginx/tmp;
  uwsgi_temp_path $work/nginx/tmp;
  scgi_temp_path $work/nginx/tmp;
  server {
    listen 127.0.0.1:$port ${nginx_listen:-};
    ${nginx_server:-}
    root $work/nginx/www;
    location /cache {
      dav_methods PUT;
      create_full_put_path on;
      client_max_body_size 64m;
      $(printf '%s\n' "$@")
    }
  }
}
TEXT
    } >"$work/nginx/nginx.conf"
    nginx -c "$work/nginx/nginx.conf" -p "$work/nginx" >"$work/nginx/out" 2>&1 &
    servers+=($!)
    if wait_until 10 nginx_answers_or_ended $!; then
      if nginx_answers; then return; fi
    fi
  done
  cat "$work/nginx/out" "$work/nginx/error.log" >&2
  fail "no nginx"
}
nginx_answers() { (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }
nginx_answers_or_ended() { nginx_answers || ! kill -0 "$1" 2>/dev/null; }
