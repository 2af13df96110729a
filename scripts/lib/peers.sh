# What scripts/quickstart and samples/run share: programs that run beside one another until the script ends. Sourced by bash
# behind setup.sh, with $out set to a folder for their logs.

started=()
stop_all() {
  [ "${#started[@]}" -eq 0 ] && return
  kill "${started[@]}" 2>/dev/null
  wait "${started[@]}" 2>/dev/null
  started=()
}
trap stop_all EXIT
trap 'exit 130' INT TERM

# start <name> <command…>: runs it, waits for its READY line, whose rest is put into $ready.
start() {
  local name=$1 log=$out/$1.log tries=0
  shift
  rm -f "$log"  # an earlier run's READY line is not this one's
  "$@" >"$log" 2>"$out/$name.err" &
  local pid=$!
  started+=("$pid")
  until ready=$(sed -nE 's/^READY //p' "$log" 2>/dev/null | head -n 1) && [ -n "$ready" ]; do
    kill -0 "$pid" 2>/dev/null || { cat "$log" "$out/$name.err" >&2; die "$name did not start"; }
    tries=$((tries + 1))
    [ "$tries" -le 600 ] || die "$name did not get ready within 30 s; see ${log#"$root"/}"
    read -rt 0.05 <> <(:) || true
  done
}

# free_port: one below those that the system gives to everybody else, for Dubbo, which takes no port 0 and seconds to listen.
free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# A JVM that starts quickly.
quick_java() { exec java -XX:+UseSerialGC -Xmx192m -XX:TieredStopAtLevel=1 -Xshare:auto "$@"; }

# hosts_file <file>: a Dubbo consumer in Java never dials 127.0.0.1, but a name that such a file maps to it
# (-Djdk.net.hosts.file=…) it does.
hosts_file() { echo "127.0.0.1 koine.test localhost $(hostname)" >"$1"; }
