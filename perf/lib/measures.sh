# What perf/compare measures of a peer. To be sourced after peers.sh. Each prints lines of "measure
# figure"; what failed prints "nan" for its figure, so that the round goes on.

# Brings the peer up and measures all of it. Its load comes after what needs an idle path.
measure_all() {
  mkdir -p "$work/$peer"
  processes=()
  measure_start
  measure_mtu
  measure_tcp tcp1 "$((probe + 1))" 1 >/dev/null # warms up, unmeasured
  measure_ping ping_idle_us
  measure_ping_loaded
  measure_tcp tcp1 "$seconds" 1
  measure_tcp tcp4 "$seconds" 4
  measure_small_datagrams
  measure_large_datagrams
  measure_memory
  pause 2
  measure_idle
}

# Sleeps so that a signal is heard at once.
pause() { # pause SECONDS
  sleep "$1" &
  wait "$!" || true
}

has_processes() { [ ${#processes[@]} -gt 0 ]; }

# Seconds of CPU that processes and the children they waited for have had so far.
cpu_of() { # cpu_of PID…
  local pid ticks=0 stat
  for pid in "$@"; do
    stat=$(cat "/proc/$pid/stat" 2>/dev/null) || continue
    # shellcheck disable=SC2206 # behind the name in parentheses only numbers follow
    local fields=(${stat##*) })
    ticks=$((ticks + fields[11] + fields[12] + fields[13] + fields[14]))
  done
  echo "$ticks" | seconds_of_ticks
}

cpu_of_peer() { cpu_of ${processes[@]+"${processes[@]}"}; }

# Seconds that the machine's CPUs have been busy so far, with whatever.
cpu_of_machine() {
  awk '$1 == "cpu" { print $2 + $3 + $4 + $7 + $8 }' /proc/stat | seconds_of_ticks
}

seconds_of_ticks() { awk -v hertz="$(getconf CLK_TCK)" '{ print $1 / hertz }'; }

# Says so when other programs keep the machine busy: figures are then of little worth.
warn_of_load() {
  awk -v cores="$(nproc)" '$1 > cores / 4 {
    print "warning: the load is " $1 " on " cores " cores: other programs disturb the figures" }' \
    /proc/loadavg >&2
}

# From the start of host a's program, while host b's waits, to the first answer to a ping.
measure_start() {
  function_of answers >"$work/up"
  local begin=$EPOCHREALTIME
  function_of begins >"$work/up"
  # With -w, ping goes on until one answer has come; before there is an address or a route it fails.
  await "$work/$peer/a/log" on a ping -n -c 1 -i 0.01 -w 10 -I "${inner[a]}" "${inner[b]}"
  if has_processes; then
    echo "start_s $(calculate "$EPOCHREALTIME - $begin")"
  fi
}

# The MTU inside, of the route or else of the device. Sets mtu.
measure_mtu() {
  local route device
  route=$(ip -n "$prefix-a" -o route get "${inner[b]}" from "${inner[a]}")
  device=$(sed 's/.* dev \([^ ]*\).*/\1/' <<<"$route")
  mtu=$({ echo "$route" && ip -n "$prefix-a" -o link show "$device"; } | grep -o 'mtu [0-9]*' | head -1)
  mtu=${mtu#mtu }
  echo "mtu $mtu"
}

# Starts iperf3 on both hosts; both write reports in JSON, with intervals of half a second.
iperf_start() { # iperf_start SECONDS ARGUMENT…
  local seconds=$1
  shift
  rm -f "$work/client" "$work/server"
  ip netns exec "$prefix-b" iperf3 -s -1 -J -i 0.5 -B "${inner[b]}" >"$work/server" 2>"$work/iperf3" &
  running[server]=$!
  await "$work/iperf3" listening
  ip netns exec "$prefix-a" timeout "$((seconds + 12))" iperf3 -J -i 0.5 \
    -c "${inner[b]}" -B "${inner[a]}" -t "$seconds" "$@" >"$work/client" 2>"$work/iperf3" &
  running[client]=$!
}

listening() { on b ss -Htln 'sport = :5201' | grep -q .; }

iperf_wait() {
  wait "${running[client]}" || true
  # The server's report follows the client's at once, if it comes at all.
  local i
  for i in $(seq 50); do
    kill -0 "${running[server]}" 2>/dev/null || break
    sleep 0.02
  done
  kill "${running[server]}" 2>/dev/null || true
  wait "${running[server]}" || true
  unset 'running[client]' 'running[server]'
}

iperf() { iperf_start "$@" && iperf_wait; }

# TCP streams: their rate, and for one stream the CPU time of a gigabyte: that of the peer's
# processes on both hosts, and that of the machine with all that it did meanwhile.
measure_tcp() { # measure_tcp NAME SECONDS STREAMS
  local cpu machine
  cpu=$(cpu_of_peer) machine=$(cpu_of_machine)
  iperf "$2" -P "$3"
  jq -r '.end.sum_received | [.bytes, .seconds] | @tsv' "$work/client" 2>/dev/null |
    awk -v name="$1" -v peer="$(has_processes && echo yes)" \
      -v cpu="$cpu" -v cpu_now="$(cpu_of_peer)" \
      -v machine="$machine" -v machine_now="$(cpu_of_machine)" '
      $1 > 0 && $2 > 0 { octets = $1; seconds = $2 }
      END {
        print name "_gbit_s", octets ? octets * 8 / seconds / 1e9 : "nan"
        if (name != "tcp1") exit
        if (peer) print "cpu_s_gb", octets ? (cpu_now - cpu) / (octets / 1e9) : "nan"
        print "machine_cpu_s_gb", octets ? (machine_now - machine) / (octets / 1e9) : "nan"
      }'
}

# Datagrams sent as fast as a rate says (0: as fast as one process can). Sets how many a second were
# sent and how many received, both without the first second and what was on its way at the end.
# iperf3's socket has room for what comes while iperf3 has no CPU: else the receiver would lose, of
# its own accord, most of what the tunnel brings it.
datagrams() { # datagrams SECONDS OCTETS BITS_PER_SECOND
  iperf "$(($1 + 2))" -u -w "$(socket_octets)" -l "$2" -b "$3"
  sent=$(datagrams_a_second client "$1" "$2")
  received=$(datagrams_a_second server "$1" "$2")
}

# 4 MiB, or what the host lets a socket have.
socket_octets() {
  { echo 4194304 && cat /proc/sys/net/core/{r,w}mem_max; } | sort -n | head -1
}

datagrams_a_second() { # datagrams_a_second REPORT SECONDS OCTETS
  jq -r --argjson seconds "$2" --argjson octets "$3" '
    [.intervals[].sum | select(.start >= 0.9 and .end <= $seconds + 1.2)] |
    (map(.bytes) | add) / (map(.seconds) | add) / $octets' "$work/$1" 2>/dev/null |
    grep -E '^[0-9.e+]+$' || echo nan
}

print_rate() { # print_rate NAME OCTETS DATAGRAMS_A_SECOND
  echo "$1_kpps $(calculate "$3 / 1000")"
  echo "$1_mbit_s $(calculate "$3 * $2 * 8 / 1e6")"
}

# A flood of UDP datagrams with 64 octets: how many arrive.
measure_small_datagrams() {
  local sent received
  datagrams "$seconds" 64 0
  print_rate udp64 64 "$received"
}

# IPv6 packets of 1400 octets, or as long as the MTU inside lets them be. First the peak: the most
# that arrives, whatever is offered; a flood shows about where it is, and from there the offer climbs
# as long as more arrives. The best of several short runs has luck in it: what was offered then is
# offered again, for as long as all else, and what arrives is the peak. Then three times the peak is
# offered: how much of it is kept, and what the flood does to the memory.
measure_large_datagrams() {
  local octets sent received offer peak best before climbing=1
  octets=$((mtu < 1400 ? mtu - 48 : 1352))
  datagrams "$probe" "$octets" 0
  peak=$received offer=$received best=$sent
  for _ in 1 2 3 4 5 6; do
    [ "$climbing" = 1 ] && [ "$peak" != nan ] || break
    offer=$(calculate "$offer * 1.2")
    datagrams "$probe" "$octets" "$(calculate "int($offer * $octets * 8)")"
    [ "$received" != nan ] || break
    climbing=$(calculate "$received > 1.02 * $peak")
    best=$(calculate "$received > $peak ? $offer : $best")
    peak=$(calculate "$received > $peak ? $received : $peak")
  done
  [ "$peak" = nan ] || datagrams "$seconds" "$octets" "$(calculate "int($best * $octets * 8)")"
  peak=$received
  if has_processes && [ "$peak" != nan ]; then
    before=$(megabytes VmRSS)
    # Should even more arrive than at the peak, that was not the peak: once more from there.
    for _ in 1 2; do
      datagrams "$seconds" "$octets" "$(calculate "int(3 * $peak * $octets * 8)")"
      [ "$received" != nan ] && [ "$(calculate "$received > 1.02 * $peak")" = 1 ] || break
      peak=$received
    done
    echo "overload_offered $(calculate "$sent / $peak")"
    echo "overload_kept $(calculate "$received / $peak")"
    echo "overload_growth_mb $(calculate "$(megabytes VmRSS) - $before")"
  fi
  print_rate udp1400 "$octets" "$peak"
}

# Prints what an expression of figures comes to.
calculate() { # calculate EXPRESSION
  case $1 in
    *nan*) echo nan ;;
    *) awk "BEGIN { printf \"%.12g\\n\", ($1) }" ;;
  esac
}

# The larger of the two hosts' figures.
megabytes() { # megabytes FIELD
  local pid
  for pid in "${processes[@]}"; do
    cat "/proc/$pid/status" 2>/dev/null || true
  done | awk -v field="$1:" '$1 == field && $2 > most { most = $2 } END { print most / 1024 }'
}

# The resident memory of one host's process after all the load, and the most it ever was.
measure_memory() {
  has_processes || return 0
  echo "rss_mb $(megabytes VmRSS)"
  echo "rss_peak_mb $(megabytes VmHWM)"
}

# CPU without traffic, of one host's process, in percent of a core; and what all other programs of
# the machine took meanwhile: the measure of how far the other figures are disturbed.
measure_idle() {
  local cpu machine
  cpu=$(cpu_of_peer) machine=$(cpu_of_machine)
  pause "$idle"
  awk -v seconds="$idle" -v hosts="${#processes[@]}" -v cpu="$cpu" -v cpu_now="$(cpu_of_peer)" \
    -v machine="$machine" -v machine_now="$(cpu_of_machine)" 'BEGIN {
      if (hosts) print "idle_cpu_percent", (cpu_now - cpu) / seconds / hosts * 100
      print "disturbance_percent", (machine_now - machine - (cpu_now - cpu)) / seconds * 100 }'
}

# Round trips, each a line; Comparison makes percentiles of them.
measure_ping() { # measure_ping NAME
  on a ping -n -c "$pings" -i 0.005 -W 1 -I "${inner[a]}" "${inner[b]}" 2>&1 |
    awk -v name="$1" 'sub(/.* time=/, "") && sub(/ ms$/, "") { print name, $0 * 1000; found = 1 }
      END { if (!found) print name, "nan" }'
}

# Round trips beside a TCP stream.
measure_ping_loaded() {
  iperf_start "$((pings / 180 + 4))"
  pause 1
  measure_ping ping_loaded_us
  kill "${running[client]}" 2>/dev/null || true
  iperf_wait
}
