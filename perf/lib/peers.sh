# The peers that perf/compare measures: how each joins the two hosts. To be sourced after
# scripts/lib/two-hosts.sh.
#
#   inner address ─ tunnel ─ outer address ── wire ── outer address ─ tunnel ─ inner address
#
# PEER_packages prints the Debian packages it is made of; PEER_why prints what is missing here, or
# nothing. PEER_answers prepares both hosts and runs host b's program until it is ready; PEER_begins
# runs host a's, which joins them. All have the same wire with an MTU of 1500, the MTU inside that
# they choose themselves, and no favours: no CPU of their own, no priority.

declare -A inner=([a]=2001:db8:11::1 [b]=2001:db8:22::2)
processes=() # those of the peer, on both hosts
suite=aes128gcm16

function_of() { "${peer//-/_}_$1"; }

# Runs a program of the peer on a host, in the background; its CPU time counts as the peer's.
spawn() { # spawn HOST LOG COMMAND…
  local host=$1 log=$2
  shift 2
  ip netns exec "$prefix-$host" "$@" >"$log" 2>&1 &
  running[$!]=$!
  processes+=("$!")
}

# Waits until a command succeeds, at most a minute: other programs may be busy.
await() { # await LOG COMMAND…
  local log=$1 end=$((SECONDS + 60))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || {
      tail -n 20 "$log" >&2
      die "$peer: this did not succeed within a minute: $*"
    }
    sleep 0.02
  done
}

inner_addresses() {
  ip -n "$prefix-a" addr add "${inner[a]}/128" dev lo nodad
  ip -n "$prefix-b" addr add "${inner[b]}/128" dev lo nodad
}

# ---- veth: the bare wire; what the host and iperf3 cost by themselves ----

veth_packages() { :; }
veth_why() { :; }

veth_answers() {
  inner_addresses
  ip -n "$prefix-b" route add "${inner[a]}/128" via "$A" dev wire src "${inner[b]}"
}

veth_begins() { ip -n "$prefix-a" route add "${inner[b]}/128" via "$B" dev wire src "${inner[a]}"; }

# ---- strongswan: charon with kernel-libipsec, which knows ESP in UDP only ----

charon=/usr/lib/ipsec/charon

strongswan_packages() {
  echo strongswan-charon strongswan-swanctl libcharon-extra-plugins libstrongswan-standard-plugins
}

strongswan_why() {
  [ -x "$charon" ] || { echo "there is no $charon" && return; }
  [ -e /usr/lib/ipsec/plugins/libstrongswan-kernel-libipsec.so ] ||
    echo "its plugin kernel-libipsec is not in libcharon-extra-plugins here"
}

strongswan_answers() {
  inner_addresses
  strongswan_files a b "$A" "$B" start
  strongswan_files b a "$B" "$A" none
  strongswan_host b
}

strongswan_begins() { strongswan_host a; }

strongswan_files() { # strongswan_files HOST OTHER LOCAL REMOTE START
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
    start_action = $5
  } }
} }
secrets { ike { secret = "$secret" } }
X
}

strongswan_host() { # strongswan_host HOST
  local directory=$work/$peer/$1
  # charon keeps its process id in /run: each has its own.
  STRONGSWAN_CONF=$directory/strongswan.conf spawn "$1" "$directory/log" \
    unshare -m sh -c "mount -t tmpfs none /run && exec $charon"
  await "$directory/log" test -S "$directory/vici"
  STRONGSWAN_CONF=$directory/strongswan.conf await "$directory/log" on "$1" \
    swanctl --load-all --file "$directory/swanctl.conf" --uri "unix://$directory/vici"
}

# ---- wireguard-go: ChaCha20-Poly1305 ----

wireguard_go_packages() { echo wireguard-go wireguard-tools; }
wireguard_go_why() { command -v wireguard-go >/dev/null || echo "there is no wireguard-go"; }

wireguard_go_answers() {
  local host
  for host in a b; do
    mkdir -p "$work/$peer/$host"
    (umask 077 && wg genkey >"$work/$peer/$host/private")
    wg pubkey <"$work/$peer/$host/private" >"$work/$peer/$host/public"
  done
  wireguard_go_host b a "$A"
}

wireguard_go_begins() { wireguard_go_host a b "$B"; }

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

espd_packages() { command -v mvn >/dev/null || echo maven; }

# As it is installed, with what Java found out about it beforehand.
espd_why() {
  [ ! -x "$work/installed/usr/bin/espd" ] || return 0
  echo "installing espd, to be measured as it is on a host" >&2
  scripts/install --prefix /usr --destdir "$work/installed" >"$work/install" 2>&1 ||
    tail -n 1 "$work/install"
}
espd_answers() { espd_files no && espd_host b; }
espd_begins() { espd_host a; }

espd_udp_packages() { espd_packages; }
espd_udp_why() { espd_why; }
espd_udp_answers() { espd_files yes && espd_host b; }
espd_udp_begins() { espd_host a; }

espd_files() { # espd_files FORCEENCAPS
  local host directory
  inner_addresses
  for host in a b; do
    directory=$work/$peer/$host
    mkdir -p "$directory"
    cat >"$directory/ipsec.conf" <<X
conn inner
    keyexchange=ikev2
    type=tunnel
    authby=secret
    ike=$suite-prfsha256-x25519
    esp=$suite!
    forceencaps=$1
    left=$A
    leftsubnet=${inner[a]}/128
    right=$B
    rightsubnet=${inner[b]}/128
    auto=$([ "$host" = a ] && echo start || echo add)
X
    (umask 077 && echo "$A $B : PSK \"$secret\"" >"$directory/ipsec.secrets")
  done
}

espd_host() { # espd_host HOST
  local directory=$work/$peer/$1
  spawn "$1" "$directory/log" "$work/installed/usr/bin/espd" run --config "$directory/ipsec.conf" \
    --config "$directory/ipsec.secrets" --control "$directory/control" \
    ${espd_options[@]+"${espd_options[@]}"}
  await "$directory/log" test -S "$directory/control"
}
