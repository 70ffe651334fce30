# Makes the program with a Java machine of its own, so that a host needs no JDK. To be sourced after
# common.sh; $jdk is the JDK.

# What the program and its libraries use of Java; jdeps tells, and the tests of the package.
modules=java.base,java.logging,java.management,java.naming,java.net.http,java.xml,jdk.management,jdk.unsupported

# image DIRECTORY: from the built program in target/, unless that has been done. The layout is that of
# lib/espd where it is installed.
image() {
  local image=$PWD/$1
  [ ! -e "$image/espd.1" ] ||
    [ -n "$(find target/espd.jar target/lib scripts/lib -newer "$image/espd.1" -print -quit)" ] || return 0
  rm -rf "$image"
  mkdir -p "$image/lib" "$image/native"
  "$jdk/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages \
    --output "$image/runtime"
  # With their times: Java takes what it found out about a jar for that of another day's otherwise.
  cp -p target/espd.jar "$image/"
  cp -p target/lib/*.jar "$image/lib/"
  natives "$image"
  unsign "$image"
  cp scripts/lib/launch.sh "$image/"
  train "$image"
  manual "$image" >"$image/espd.1"
}

# Java would unpack these at each start, into a directory that may not be for programs.
natives() {
  local machine jna netty
  machine=$(uname -m)
  case $machine in
    x86_64) jna=x86-64 netty=x86_64 ;;
    aarch64) jna=aarch64 netty=aarch_64 ;;
    *) die "espd runs on x86_64 and aarch64, not on $machine" ;;
  esac
  extract "$1"/lib/jna-*.jar "com/sun/jna/linux-$jna/libjnidispatch.so" "$1/native"
  extract "$1"/lib/netty-transport-native-epoll-*-linux-$netty.jar \
    "META-INF/native/libnetty_transport_native_epoll_$netty.so" "$1/native"
  # The libraries of other machines stay away.
  find "$1/lib" -name 'netty-transport-native-epoll-*' ! -name "*-linux-$netty.jar" -delete
}

extract() { # extract JAR FILE DIRECTORY
  (cd "$3" && "$jdk/bin/jar" --extract --file "$1" "$2" && mv "$2" . && rm -r "${2%%/*}")
}

# Java keeps nothing ready of a jar that is signed, and checks the jar's digests at each start. Here it
# has come from where the build found it intact, and it is ours from now on: without a signature, and
# with a manifest that does not name every file.
unsign() {
  local jar open
  for jar in "$1"/lib/*.jar; do
    "$jdk/bin/jar" --list --file "$jar" | grep -q '^META-INF/[^/]*\.SF$' || continue
    open=$(mktemp -d)
    (
      cd "$open"
      "$jdk/bin/jar" --extract --file "$jar"
      rm META-INF/*.SF META-INF/*.RSA
      sed -i '/^\r*$/q' META-INF/MANIFEST.MF
      "$jdk/bin/jar" --create --file "$jar" --no-manifest .
    )
    rm -r "$open"
  done
}

# Java runs the program once, and writes down for the starts to come which classes it loads, linked
# already (JEP 483, JEP 514): a daemon, and a command to it. Two daemons negotiate in two network
# namespaces.
train() {
  local image=$1 namespace=(unshare --net)
  [ "$(id -u)" -eq 0 ] || namespace=(unshare --map-root-user --net)
  # The collector of the daemon cannot write the objects down, only read them.
  JDK_AOT_VM_OPTIONS="-XX:-UseSerialGC -XX:+UseG1GC" "${namespace[@]}" bash scripts/lib/train.sh "$image" >"$image/train.log" 2>&1 || true
  if [ ! -s "$image/run.aot" ] || [ ! -s "$image/command.aot" ]; then
    cat "$image/train.log" >&2
    echo "$(basename "$0"): Java could not be trained here, which needs /dev/net/tun and network" \
      "namespaces; the program will start, but slowly" >&2
  fi
  rm "$image/train.log"
}

# What espd says of itself, as a page of the manual.
manual() {
  local command
  echo '.TH ESPD 1'
  echo '.SH NAME'
  echo 'espd \- IPsec in userspace: IKEv2 and ESP over IPv6'
  section SYNOPSIS "$1" --help
  for command in $(espd "$1" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]\+\) .*/\1/p'); do
    section "espd $command" "$1" "$command" --help
  done
}

section() { # section TITLE IMAGE ARGUMENTS…
  printf '.SH "%s"\n.nf\n' "$1"
  shift
  espd "$@" | sed 's/\\/\\e/g; s/-/\\-/g; s/^\([.'"'"']\)/\\\&\1/'
  echo .fi
}

espd() { # espd IMAGE ARGUMENTS…
  local image=$1
  shift
  (
    . scripts/lib/launch.sh
    launch "$image" "$image/runtime/bin/java" "$image/espd.jar" "$@"
  )
}
