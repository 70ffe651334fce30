# What the daemons say beside what tcpdump saw. To be sourced after two-hosts.sh.

# write_configuration DIRECTORY MODE IKE: the files of both hosts. A daemon knows by its addresses which
# of left and right it is.
write_configuration() {
  cat >"$1/ipsec.conf" <<X
conn demo
    keyexchange=ikev$3
    type=$2
    authby=secret
    left=$A
    right=$B
    auto=add
X
  (umask 077 && echo "$A $B : PSK \"$(head -c 24 /dev/urandom | base64)\"" >"$1/ipsec.secrets")
}

# Prints "FROM TO SPI SEQUENCE" of each SA in the output of espd sad, which has setkey -D's layout:
# seq= is the last number sent, or the highest one accepted.
in_sad() {
  awk '/^[0-9a-f]/ { from = $1; to = $2 }
       $1 == "esp" && match($0, /\(0x[0-9a-f]*\)/) { spi = substr($0, RSTART + 1, RLENGTH - 2) }
       $1 ~ /^seq=/ { print from, to, spi, substr($1, 5) }' "$1" |
    while read -r from to spi sequence; do echo "$from $to $spi $((sequence))"; done
}

# Prints "FROM TO SPI SEQUENCE" of the last ESP packet of each direction and SPI.
on_wire() {
  tcpdump -nn -r "$1" 'ip6 proto 50' 2>/dev/null |
    sed -n 's/.* IP6 \(.*\) > \(.*\): ESP(spi=\(.*\),seq=\(0x[0-9a-f]*\)).*/\1 \2 \3 \4/p' |
    while read -r from to spi sequence; do echo "$from $to $spi $((sequence))"; done |
    awk '{ last[$1 " " $2 " " $3] = $4 } END { for (sa in last) print sa, last[sa] }'
}

# compare DIRECTORY: the table; fails when anything differs or something passed in the clear.
compare() {
  local host differs=0 clear row='%-4s %-36s %-11s %-14s %11s %15s  %s\n'
  on_wire "$1/wire.pcap" >"$1/wire"
  echo
  # shellcheck disable=SC2059
  printf "$row" host direction "SPI in SAD" "SPI in tcpdump" "seq. in SAD" "seq. in tcpdump" "same?"
  for host in a b; do
    while read -r from to spi sequence; do
      read -r seen_spi seen_sequence < <(awk -v f="$from" -v t="$to" -v s="$spi" \
        '$1 == f && $2 == t && $3 == s { print $3, $4 }' "$1/wire"; echo "none none")
      local same=yes
      [ "$spi $sequence" = "$seen_spi $seen_sequence" ] || { same=NO && differs=1; }
      # shellcheck disable=SC2059
      printf "$row" "$host" "$from > $to" "$spi" "$seen_spi" "$sequence" "$seen_sequence" "$same"
    done < <(in_sad "$1/$host/sad")
    [ "$(in_sad "$1/$host/sad" | wc -l)" -eq 2 ] || { echo "host $host has not two SAs" && differs=1; }
  done
  clear=$(tcpdump -nn -r "$1/wire.pcap" 'icmp6 and (ip6[40] == 128 or ip6[40] == 129)' 2>/dev/null | wc -l)
  echo "pings in the clear on the wire: $clear"
  [ "$differs" -eq 0 ] && [ "$clear" -eq 0 ]
}

# moved DIRECTORY: the figures of the program that are not what they were before, without those that
# always move: times, and what a histogram is made of.
moved() {
  local host
  for host in a b; do
    echo
    echo "metrics of host $host that moved:"
    awk '!/^espd_/ || /^[a-z_]*(_seconds|_bucket|_sum|_count)[{ ]/ { next }
         { at = match($0, / [^ ]*$/); name = substr($0, 1, at - 1); figure = substr($0, at + 1) }
         NR == FNR { before[name] = figure; next }
         before[name] != figure { printf "  %-100s %s -> %s\n", name, (name in before ? before[name] : "-"), figure }' \
      "$1/$host/metrics.before" "$1/$host/metrics.after"
  done
}
