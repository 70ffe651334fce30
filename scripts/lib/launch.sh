# How espd's Java machine is started. Sourced by scripts/espd and by the installed espd, whose shell
# need not be bash.

# What the daemon needs of root: device, routes, filter and marks; raw ESP; ports 500 and 4500.
capabilities=-all,+net_admin,+net_raw,+net_bind_service

# launch HOME JAVA JAR ARGUMENTS…: becomes espd. HOME may have what Java found out about the program
# beforehand, run.aot for the daemon and command.aot for commands to it, and native/, the libraries
# that jars have inside; each is left alone where it is missing or does not fit. ESPD_JAVA_OPTIONS
# are Java's own, for who looks for a fault.
launch() {
  launch_home=$1 launch_java=$2 launch_jar=$3
  # For espd ipsec start and espd racoon, which run this program once more.
  export ESPD_PROGRAM=$0
  shift 3
  # Keys are in memory. Nothing of it goes to the disk: no core, no report of a crash, which quotes
  # the stack and what it points to; and nobody attaches to it and asks for its heap.
  ulimit -c 0
  # shellcheck disable=SC2086 # several options are several words
  set -- ${ESPD_JAVA_OPTIONS:-} -jar "$launch_jar" "$@"
  # JNA would run ldconfig at each start, to find libraries that espd does not load through it.
  set -- -Djna.platform.library.path=/ "$@"
  set -- -XX:-CreateCoredumpOnCrash -XX:+SuppressFatalErrorMessage -XX:+DisableAttachMechanism "$@"
  set -- -XX:+UseSerialGC -Xms48m -XX:-UsePerfData -XX:+UseCompactObjectHeaders "$@"
  set -- --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow "$@"
  if [ -d "$launch_home/native" ]; then
    set -- -Djava.library.path="$launch_home/native" -Djna.boot.library.path="$launch_home/native" "$@"
  fi
  launch_learnt=$launch_home/command.aot
  ! is_daemon "$@" || launch_learnt=$launch_home/run.aot
  if [ -e "$launch_learnt" ]; then
    # A cache that does not fit is no reason for words: the start is slower, that is all.
    set -- -XX:AOTCache="$launch_learnt" -Xlog:disable -Xlog:all=error:stderr "$@"
  fi
  if is_daemon "$@"; then
    become_daemon "$launch_java" "$@"
  fi
  # A command that only asks the daemon lives too short for the optimising compiler; the doctor
  # measures what it makes of the JDK's ciphers.
  is doctor "$@" || set -- -XX:TieredStopAtLevel=1 "$@"
  exec "$launch_java" "$@"
}

# Whether what follows the jar is espd run … or espd racoon …
is_daemon() {
  is run "$@" || is racoon "$@"
}

# is COMMAND …: whether what follows the jar is that command.
is() {
  launch_command=$1
  shift
  while [ "$1" != -jar ]; do
    shift
  done
  shift 2
  case ${1:-} in
    --control) shift 2 ;;
    --control=*) shift ;;
  esac
  [ "${1:-}" = "$launch_command" ]
}

# Root's other capabilities go before Java has a thread: each thread has its own, and none can take
# them from the others.
become_daemon() {
  if [ "$(id -u)" -ne 0 ]; then
    exec "$@"
  fi
  if setpriv --no-new-privs --inh-caps=-all --bounding-set=$capabilities true 2>/dev/null; then
    exec setpriv --no-new-privs --inh-caps=-all --bounding-set=$capabilities "$@"
  fi
  echo "espd: keeps all capabilities it has: setpriv (util-linux) cannot drop them here" >&2
  exec "$@"
}
