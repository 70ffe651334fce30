# Two hosts, each a network namespace, joined by one wire. To be sourced after common.sh.
#
#   host a: 2001:db8:1:1::1 ── wire ── 2001:db8:2:2::2 :host b

A=2001:db8:1:1::1
B=2001:db8:2:2::2
declare -A address=([a]=$A [b]=$B) running=()
prefix=espd-$$

on() { # on HOST COMMAND…
  local host=$1
  shift
  ip netns exec "$prefix-$host" "$@"
}

hosts_up() {
  ip netns add "$prefix-a"
  ip netns add "$prefix-b"
  ip link add wire netns "$prefix-a" type veth peer name wire netns "$prefix-b"
  local host
  for host in a b; do
    ip -n "$prefix-$host" link set lo up
    ip -n "$prefix-$host" addr add "${address[$host]}/64" dev wire nodad
    ip -n "$prefix-$host" link set wire up
  done
  ip -n "$prefix-a" route add "$B/64" dev wire
  ip -n "$prefix-b" route add "$A/64" dev wire
}

hosts_down() {
  local host pid
  for pid in ${running[@]+"${running[@]}"}; do
    kill "$pid" 2>/dev/null || true
  done
  for pid in ${running[@]+"${running[@]}"}; do
    wait "$pid" 2>/dev/null || true
  done
  running=()
  for host in a b; do
    # What was begun in the background, as ipsec start does.
    # shellcheck disable=SC2046 # several pids
    kill $(ip netns pids "$prefix-$host" 2>/dev/null) 2>/dev/null || true
    ip netns del "$prefix-$host" 2>/dev/null || true
  done
}

# start HOST DIRECTORY: runs a daemon with the configuration in DIRECTORY, waits until it answers.
start() {
  local host=$1 directory=$2/$1 i
  mkdir -p "$directory"
  # Not through on: what is killed must be the daemon itself, no shell in front of it.
  ip netns exec "$prefix-$host" scripts/espd run --config "$2/ipsec.conf" --config "$2/ipsec.secrets" \
    --control "$directory/control" --metrics '[::1]:9500' >"$directory/log" 2>&1 &
  running[$host]=$!
  for i in $(seq 100); do
    [ -S "$directory/control" ] && return
    kill -0 "${running[$host]}" 2>/dev/null || break
    sleep 0.1
  done
  cat "$directory/log" >&2
  die "the daemon of host $host did not start"
}
