# Builds the program. To be sourced after common.sh.

stale() { # stale JAR
  [ ! -e "$1" ] ||
    [ -n "$(find pom.xml ./*/pom.xml ./*/src/main src/main -newer "$1" -type f -print -quit)" ]
}

# build JAR: makes it, when sources are newer. One at a time.
build() {
  stale "$1" || return 0
  mkdir -p target
  exec 9>target/.build
  flock 9
  if stale "$1"; then
    command -v mvn >/dev/null || die "not built yet, and there is no mvn: install the package maven"
    echo "building espd …" >&2
    mvn -q -B -pl src -am -Dmaven.test.skip=true package >&2 || die "the build failed"
    touch "$1"
  fi
  exec 9>&-
}
