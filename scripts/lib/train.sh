#!/usr/bin/env bash
# The life of a daemon in short, for Java to learn: train.sh IMAGE, in a network namespace of its own.
# Writes IMAGE/run.aot and IMAGE/command.aot.
set -eu

. "$(dirname "$0")/launch.sh"
image=$(readlink -f "$1")
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$work"' EXIT

cat >"$work/learner.conf" <<Y
conn train
    keyexchange=ikev2
    authby=secret
    left=fd00::1
    leftid=@learner
    right=fd00::2
    rightid=@peer
    auto=add

conn all
    keyexchange=ikev2
    authby=secret
    left=fd00::1
    leftid=@learner
    right=%any
    rightsubnet=fd00:5a::/64
    auto=add
Y
cat >"$work/peer.conf" <<Y
conn train
    keyexchange=ikev2
    authby=secret
    left=fd00::2
    leftid=@peer
    right=fd00::1
    rightid=@learner
    auto=add
Y
# The way to fast code is by what is done often: as many peers come as Java wants to have seen.
for i in $(seq 300); do
  cat >>"$work/peer.conf" <<Y

conn c$i
    keyexchange=ikev2
    authby=secret
    left=fd00::2
    leftid=@c$i
    leftsubnet=fd00:5a::$i/128
    right=fd00::1
    rightid=@learner
    auto=start
Y
done
(umask 077 && echo ': PSK "train"' >"$work/ipsec.secrets")

espd() { # espd NAME COMMAND…: becomes espd
  local name=$1
  shift
  launch "$image" "$image/runtime/bin/java" "$image/espd.jar" --control "$work/$name.ctl" "$@"
}

await() { # await COMMAND…: for at most a minute
  local i
  for i in $(seq 600); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.1
  done
  echo "not within a minute: $*" >&2
  exit 1
}

standing() { # standing COUNT: whether the learner has so many IKE SAs
  [ "$(espd learner status | grep -c ': ESTABLISHED ')" -ge "$1" ]
}

run() { # run NAME ADDRESS: a daemon, once the wire is there
  ip link set lo up
  await ip link set wire up
  ip addr add "$2/64" dev wire nodad
  espd "$1" run --config "$work/$1.conf" --config "$work/ipsec.secrets" --metrics "[::1]:9500"
}
export -f run espd await launch is_daemon become_daemon
export image work capabilities

unshare --net bash -euc 'run peer fd00::2' &
peer=$!
await eval '[ "$(readlink /proc/$peer/ns/net)" != "$(readlink /proc/self/ns/net)" ]'
ip link add wire type veth peer name wire netns $peer
ESPD_JAVA_OPTIONS="-XX:AOTCacheOutput=$image/run.aot" run learner fd00::1 &
learner=$!
await test -S "$work/learner.ctl"
await test -S "$work/peer.ctl"
(espd learner up train)
await standing 301
ping -n -c 3 -i 0.2 fd00::2
(ESPD_JAVA_OPTIONS="-XX:AOTCacheOutput=$image/command.aot" && espd learner status --all)
(espd learner down train)
kill $learner
wait $learner
