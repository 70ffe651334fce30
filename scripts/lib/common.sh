# What the scripts share. To be sourced; the caller has set -eu and stands in the repository's root.

die() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

# Prints the home of a JDK 25 or newer: $JAVA_HOME, else one of the system's, else the one in PATH.
find_jdk() {
  local home version
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/* "$(readlink -f "$(command -v javac || true)" | sed 's|/bin/javac$||')"; do
    [ -n "$home" ] && [ -x "$home/bin/javac" ] && [ -r "$home/release" ] || continue
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
    if [ "${version:-0}" -ge 25 ]; then
      echo "$home"
      return
    fi
  done
  die "no JDK 25 or newer in \$JAVA_HOME, /usr/lib/jvm or PATH. Install one, for example" \
    "Temurin's package temurin-25-jdk or the distribution's openjdk-25-jdk."
}

# Installs those of the Debian packages that are missing, after saying which.
need_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  echo "installing missing packages: ${missing[*]}" >&2
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update >&2
  # A package that brings a service is wanted for its program: nothing is to start.
  local policy=/usr/sbin/policy-rc.d installed=yes
  if [ -e $policy ]; then
    policy=
  else
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" install -m 755 /dev/stdin $policy
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${missing[@]}" >&2 ||
    installed=no
  [ -z "$policy" ] || "${as_root[@]}" rm -f "$policy"
  [ $installed = yes ] || die "could not install: ${missing[*]}"
}

need_root() {
  [ "$(id -u)" -eq 0 ] || die "needs root: it makes network namespaces and TUN devices"
}
