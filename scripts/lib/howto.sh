# A HOWTO of 2005 done again: racoon and pluto between two hosts, from its own files, and what is
# seen beside what it shows. To be sourced after two-hosts.sh; scripts/lib/howto has its files and
# its outputs.

howto=$PWD/scripts/lib/howto

# at HOST COMMAND…: with an /etc of its own, and where the daemon of that host answers.
at() {
  local host=$1
  shift
  # shellcheck disable=SC2016 # the inner shell's
  on "$host" env ESPD_CONTROL="$work/$host/control.ctl" ESPD_LOG="$work/$host/log" sh -c \
    'mount --bind "$0" /etc && exec "$@"' "$work/$host/etc" "$@"
}

# typed HOST COMMAND…: shows the command and what it prints, and keeps that in $work/HOST/printed.
typed() {
  local host=$1
  shift
  echo "$host# $*"
  at "$host" "scripts/$1" "${@:2}" >"$work/$host/printed" 2>&1 || echo "exit code $?" >>"$work/$host/printed"
  cat "$work/$host/printed"
}

# folder HOST: what at needs of it.
folder() {
  mkdir -p "$work/$1"
  cp -r /etc "$work/$1/etc"
}

# shape: what is the same each time: the addresses and the words, no number, time or key.
shape() {
  expand | sed -E -e "s/$A/HERE/g; s/$B/THERE/g" \
    -e 's/0x[0-9a-f]+/HEX/g; s/spi:[0-9a-f]{16}:[0-9a-f]{16}/spi:COOKIES/' \
    -e '/^ +[EA]: /s/[0-9a-f]{8}( |$)/KEY\1/g' \
    -e 's/[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} [0-9]{4}/TIME/g; s/^( +last:) +hard/\1 TIME hard/' \
    -e 's/^[0-9-]+ [0-9:]{8}: /TIME: /; s/^[0-9]{2}:[0-9:.]+ (IP6 )?/TIME /; s/, length [0-9]+$//' \
    -e 's/@\(#\).*/PROGRAM/' \
    -e '/("|mode=|-cbc|hmac)/!s/[0-9]+/N/g; s/=[0-9]+/=N/g; s/#[0-9]+/#N/g; s/ +/ /g; s/ $//'
}

# as_shown FILE: whether what HOST a printed last has the shape that the HOWTO shows.
as_shown() {
  if diff <(shape <"$howto/$1") <(shape <"$work/a/printed") >"$work/differs"; then
    echo "(as in the HOWTO)"
  else
    cat "$work/differs"
    failed="$failed $1"
  fi
  echo
}

capture() {
  ip netns exec "$prefix-a" tcpdump -i wire -U --immediate-mode -w "$work/wire.pcap" ip6 2>"$work/tcpdump" &
  running[tcpdump]=$!
}

# esp LINES…: what tcpdump saw of ESP, as much of it as that command leaves.
esp() {
  echo "a# tcpdump"
  tcpdump -nn -r "$work/wire.pcap" 'ip6 proto 50' 2>/dev/null | "$@" | tee "$work/a/printed"
}

replay_pluto() {
  local host
  for host in a b; do
    folder "$host"
    cp "$howto/pluto/ipsec.conf" "$work/$host/etc/"
    install -m 600 "$howto/pluto/ipsec.secrets" "$work/$host/etc/"
  done
  for host in a b; do
    typed "$host" ipsec start
  done
  typed a ipsec auto --up ipv6-p1-p2
  as_shown pluto/up.txt
  typed a setkey -D
  as_shown pluto/sad.txt
  on a ping -c 3 -i 0.2 "$B"
  esp tail -n 6
  for host in a b; do
    typed "$host" ipsec stop
  done
}

# The HOWTO calls setkey before racoon: a kernel holds the policies. Here the daemon does, so it
# comes first.
replay_racoon() {
  local host
  for host in a b; do
    folder "$host"
    mkdir -p "$work/$host/etc/racoon"
    cp "$howto"/racoon/{racoon.conf,psk.txt,setkey.sh} "$work/$host/etc/racoon/"
    chmod 600 "$work/$host/etc/racoon/psk.txt"
  done
  # The other end of the same: here and there change places.
  sed -i "s/$A/HERE/g; s/$B/$A/g; s/HERE/$B/g" "$work"/b/etc/racoon/*
  for host in a b; do
    echo "$host# racoon -F -v -f /etc/racoon/racoon.conf"
    at "$host" scripts/racoon -F -v -f /etc/racoon/racoon.conf >"$work/$host/log" 2>&1 &
    running[$host]=$!
    for _ in $(seq 100); do
      [ ! -S "$work/$host/control.ctl" ] || break
      sleep 0.1
    done
    typed "$host" setkey -f /etc/racoon/setkey.sh
  done
  # The first one waits for the SAs.
  on a ping -c 1 "$B"
  on a ping -c 2 -i 0.5 "$B"
  cat "$work/a/log"
  # racoon did not warn of 3DES and MD5.
  sed '/: WARNING: /d' "$work/a/log" >"$work/a/printed"
  as_shown racoon/log.txt
  esp tail -n 2
  as_shown racoon/tcpdump.txt
  typed a setkey -D
  as_shown racoon/sad.txt
}
