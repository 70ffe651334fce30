# The peers that perf/compare measures: how each joins its two hosts. To be sourced after
# scripts/lib/two-hosts.sh.
#
#   inner address ─ tunnel ─ outer address ── wire ── outer address ─ tunnel ─ inner address
#
# Every peer has two hosts (network namespaces) of its own. PEER_why prints what is missing here, or
# nothing; PEER_up joins the hosts, and is done when the inner addresses reach each other.

declare -A inner=([a]=2001:db8:11::1 [b]=2001:db8:22::2)
declare -A processes=()
suite=aes128gcm16

# Runs a program of the peer on a host, in the background; its CPU time counts as the peer's.
spawn() { # spawn HOST LOG COMMAND…
  local host=$1 log=$2
  shift 2
  ip netns exec "$prefix-$host" "$@" >"$log" 2>&1 &
  running[$prefix-$!]=$!
  processes[$peer]+=" $!"
}

# Waits until a command succeeds, at most 20 seconds.
await() { # await LOG COMMAND…
  local log=$1 i
  shift
  for i in $(seq 100); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.2
  done
  tail -n 20 "$log" >&2
  die "$peer: this did not succeed within 20 seconds: $*"
}

inner_addresses() {
  ip -n "$prefix-a" addr add "${inner[a]}/128" dev lo nodad
  ip -n "$prefix-b" addr add "${inner[b]}/128" dev lo nodad
}

# ---- veth: the bare wire; what the host and iperf3 cost by themselves ----

veth_why() { :; }

veth_up() {
  inner_addresses
  ip -n "$prefix-a" route add "${inner[b]}/128" via "$B" dev wire src "${inner[a]}"
  ip -n "$prefix-b" route add "${inner[a]}/128" via "$A" dev wire src "${inner[b]}"
}

# ---- strongswan: charon with kernel-libipsec, ESP in UDP ----

charon=/usr/lib/ipsec/charon

strongswan_why() {
  [ -x "$charon" ] || { echo "no $charon: install strongswan-charon" && return; }
  [ -e /usr/lib/ipsec/plugins/libstrongswan-kernel-libipsec.so ] ||
    { echo "no plugin kernel-libipsec: install libcharon-extra-plugins" && return; }
  command -v swanctl >/dev/null || echo "no swanctl: install strongswan-swanctl"
}

strongswan_up() {
  inner_addresses
  strongswan_host a b "$A" "$B"
  strongswan_host b a "$B" "$A"
  strongswan_swanctl a --initiate --child inner
}

strongswan_host() { # strongswan_host HOST OTHER LOCAL REMOTE
  local host=$1 other=$2 directory=$work/$peer/$1
  mkdir -p "$directory"
  cat >"$directory/strongswan.conf" <<X
charon {
  load = random nonce openssl kdf kernel-libipsec kernel-netlink socket-default vici
  filelog { stderr { default = 0 } }
  plugins { vici { socket = unix://$directory/vici } }
}
X
  cat >"$directory/swanctl.conf" <<X
connections { outer {
  version = 2
  local_addrs = $3
  remote_addrs = $4
  proposals = $suite-prfsha256-x25519
  encap = yes
  local { auth = psk }
  remote { auth = psk }
  children { inner {
    local_ts = ${inner[$host]}/128
    remote_ts = ${inner[$other]}/128
    esp_proposals = $suite
  } }
} }
secrets { ike { secret = "$secret" } }
X
  # charon keeps its process id in /run: each has its own.
  STRONGSWAN_CONF=$directory/strongswan.conf spawn "$host" "$directory/log" \
    unshare -m sh -c "mount -t tmpfs none /run && exec $charon"
  await "$directory/log" strongswan_swanctl "$host" --load-all --file "$directory/swanctl.conf"
}

strongswan_swanctl() { # strongswan_swanctl HOST ARGUMENT…
  local host=$1
  shift
  STRONGSWAN_CONF=$work/$peer/$host/strongswan.conf \
    on "$host" swanctl "$@" --uri "unix://$work/$peer/$host/vici"
}

# ---- wireguard-go: ChaCha20-Poly1305 ----

wireguard_go_why() {
  command -v wireguard-go >/dev/null || { echo "no wireguard-go: install it" && return; }
  command -v wg >/dev/null || echo "no wg: install wireguard-tools"
}

wireguard_go_up() {
  local host
  for host in a b; do
    mkdir -p "$work/$peer/$host"
    (umask 077 && wg genkey >"$work/$peer/$host/private")
    wg pubkey <"$work/$peer/$host/private" >"$work/$peer/$host/public"
  done
  wireguard_go_host a b "$B"
  wireguard_go_host b a "$A"
}

wireguard_go_host() { # wireguard_go_host HOST OTHER REMOTE
  local host=$1 other=$2 device=perf$$$1
  LOG_LEVEL=error spawn "$host" "$work/$peer/$host/log" wireguard-go -f "$device"
  await "$work/$peer/$host/log" on "$host" wg show "$device"
  on "$host" wg set "$device" listen-port 51820 private-key "$work/$peer/$host/private" \
    peer "$(cat "$work/$peer/$other/public")" endpoint "[$3]:51820" \
    allowed-ips "${inner[$other]}/128"
  ip -n "$prefix-$host" addr add "${inner[$host]}/128" dev "$device" nodad
  ip -n "$prefix-$host" link set "$device" up
  ip -n "$prefix-$host" route add "${inner[$other]}/128" dev "$device"
}

# ---- espd: tunnel mode, raw ESP or ESP in UDP ----

espd_why() { scripts/espd --version >"$work/version" 2>&1 || tail -n 1 "$work/version"; }
espd_udp_why() { espd_why; }
espd_up() { espd_both no; }
espd_udp_up() { espd_both yes; }

espd_both() { # espd_both FORCEENCAPS
  local host directory=$work/$peer
  inner_addresses
  mkdir -p "$directory/a" "$directory/b"
  cat >"$directory/ipsec.conf" <<X
conn inner
    keyexchange=ikev2
    type=tunnel
    authby=secret
    ike=$suite-prfsha256-x25519
    esp=$suite
    forceencaps=$1
    left=$A
    leftsubnet=${inner[a]}/128
    right=$B
    rightsubnet=${inner[b]}/128
    auto=add
X
  (umask 077 && echo "$A $B : PSK \"$secret\"" >"$directory/ipsec.secrets")
  for host in a b; do
    spawn "$host" "$directory/$host/log" scripts/espd run --config "$directory/ipsec.conf" \
      --config "$directory/ipsec.secrets" --control "$directory/$host/control"
    await "$directory/$host/log" test -S "$directory/$host/control"
  done
  on a scripts/espd up inner --control "$directory/a/control"
}
