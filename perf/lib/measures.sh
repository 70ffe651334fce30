# What perf/compare measures of a peer. To be sourced after peers.sh. Each prints lines of "measure
# figure"; what failed prints "nan" for its figure, so that the round goes on.

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

# Seconds that the machine's CPUs have been busy so far, with whatever.
cpu_of_machine() {
  awk '$1 == "cpu" { print $2 + $3 + $4 + $7 + $8 }' /proc/stat | seconds_of_ticks
}

seconds_of_ticks() { awk -v hertz="$(getconf CLK_TCK)" '{ print $1 / hertz }'; }

# Says so when other programs keep the machine busy: figures are then of little worth.
warn_of_load() {
  awk -v cores="$(nproc)" '$1 > cores / 2 {
    print "warning: the load is " $1 " on " cores " cores: other programs disturb the figures" }' \
    /proc/loadavg >&2
}

# Runs iperf3 from host a to host b; writes its report in JSON.
iperf() { # iperf REPORT SECONDS ARGUMENT…
  local report=$1 seconds=$2 server
  shift 2
  ip netns exec "$prefix-b" iperf3 -s -1 -B "${inner[b]}" >"$work/iperf3" 2>&1 &
  server=$!
  await "$work/iperf3" listening
  on a timeout $((seconds + 10)) iperf3 -J -c "${inner[b]}" -B "${inner[a]}" -t "$seconds" "$@" \
    >"$report" || true
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
}

listening() { on b ss -Htln 'sport = :5201' | grep -q .; }

# One TCP stream: its rate, and CPU time per gigabyte: of the peer and iperf3, and of the machine
# with all that it did meanwhile.
measure_tcp() { # measure_tcp SECONDS
  local cpu machine
  # shellcheck disable=SC2086
  cpu=$(cpu_of ${processes[$peer]:-}) machine=$(cpu_of_machine)
  iperf "$work/report" "$1"
  # shellcheck disable=SC2086
  jq -r '.end | [.sum_received.bytes, .sum_received.seconds,
      .cpu_utilization_percent.host_total + .cpu_utilization_percent.remote_total] | @tsv' \
    "$work/report" 2>/dev/null |
    awk -v cpu="$cpu" -v cpu_now="$(cpu_of ${processes[$peer]:-})" \
      -v machine="$machine" -v machine_now="$(cpu_of_machine)" '
      $1 > 0 && $2 > 0 {
        ok = 1
        print "tcp_gbit_s", $1 * 8 / $2 / 1e9
        print "cpu_s_gb", (cpu_now - cpu + $3 / 100 * $2) / ($1 / 1e9)
        print "machine_cpu_s_gb", (machine_now - machine) / ($1 / 1e9)
      }
      END { if (!ok) print "tcp_gbit_s nan\ncpu_s_gb nan\nmachine_cpu_s_gb nan" }'
}

# A flood of UDP datagrams with 64 octets: how many arrive.
measure_udp() { # measure_udp SECONDS
  iperf "$work/report" "$1" -u -b 0 -l 64
  jq -r '.end.sum | [.packets - .lost_packets, .seconds] | @tsv' "$work/report" 2>/dev/null |
    awk '$1 > 0 && $2 > 0 { ok = 1; print "udp64_kpps", $1 / $2 / 1000 }
         END { if (!ok) print "udp64_kpps nan" }'
}

# Pings on an idle path: the round trip's median and 99th percentile.
measure_ping() { # measure_ping COUNT
  on a ping -n -c "$1" -i 0.004 -I "${inner[a]}" "${inner[b]}" 2>&1 |
    sed -n 's/.*time=\([0-9.]*\) ms$/\1/p' | sort -n |
    awk -v sent="$1" '{ rtt[NR] = $1 * 1000 }
         function percentile(p, i) { i = int((NR * p + 99) / 100); return NR ? rtt[i] : "nan" }
         END {
           print "ping_p50_us", percentile(50)
           print "ping_p99_us", percentile(99)
           print "ping_lost", sent - NR
         }'
}
