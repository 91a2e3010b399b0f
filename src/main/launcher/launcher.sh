#!/bin/sh
# Finds a Java 25 or newer and becomes it. The jar is appended to this file, so the last line of the script must
# never be passed: the shell would read the jar's bytes as commands.
#
#   DSTREAM_JAVA_HOME   the Java to use; JAVA_HOME comes next
#   DSTREAM_JAVA_OPTS   options for the JVM, separated by spaces (there is no quoting); they win over those below,
#                       except that the JVM's own log cannot go to stdout: -Xlog:gc:stderr, not -Xlog:gc
#   DSTREAM_CACHE       off: neither use nor make the archive that shortens later starts
#
# Only built-in commands on the usual way: a start should not wait for forks. Nothing is ever written to stdout.

needed=25
program=@program@
rehearsal=io.dstream.mssql.rehearsal.Rehearsal
newline='
'
seen=

say() {
  printf '[MSSQL-CDC] %s\n' "$1" >&2
}

# The major version in $1, such as 25 in 25.0.1, 26-ea or 8 in 1.8.0_392, is new enough.
new_enough() {
  major=${1#1.}
  major=${major%%[!0-9]*}
  [ -n "$major" ] && [ "$major" -ge "$needed" ]
}

# Sets $version, and $build to what also tells vendors apart, from the file that every JDK and JRE has in its home.
read_release() {
  version=
  build=
  [ -r "$1/release" ] || return 1
  while read -r line || [ -n "$line" ]; do
    case $line in
      IMPLEMENTOR_VERSION=* | JAVA_RUNTIME_VERSION=*)
        line=${line#*=\"}
        build=$build-${line%%\"*}
        ;;
      JAVA_VERSION=*)
        version=${line#*=}
        version=${version#\"}
        version=${version%%\"*}
        return 0
        ;;
    esac
  done <"$1/release"
  return 1
}

# Sets $version by starting the java in $1, whose input must not be ours.
ask_java() {
  version=$("$1" -version 2>&1 </dev/null) || version=
  case $version in
    *' version "'*)
      version=${version#*' version "'}
      version=${version%%\"*}
      ;;
    *) version= ;;
  esac
  [ -n "$version" ]
}

# Takes the java in $2, whose home is $1, if it is new enough; else remembers it for the message.
accept() {
  [ -f "$2" ] && [ -x "$2" ] || return 1
  read_release "$1" || ask_java "$2" || version=unknown
  if new_enough "$version"; then
    java=$2
    return 0
  fi
  seen="$seen$newline  $version at $2"
  return 1
}

# Takes the java on PATH; links are followed, since /usr/bin/java usually leads to a home with a release file.
accept_from_path() {
  on_path=$(command -v java) || return 1
  target=$on_path
  if [ -L "$target" ]; then
    target=$(readlink -f "$target" 2>/dev/null) || target=$on_path
    [ -n "$target" ] || target=$on_path
  fi
  home=${target%/*}
  accept "${home%/*}" "$on_path"
}

accept_installed() {
  for home in \
    /opt/java/openjdk \
    /usr/lib/jvm/* \
    /usr/lib64/jvm/* \
    /usr/java/* \
    /usr/local/openjdk-* \
    /opt/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec \
    "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${SDKMAN_DIR:-${HOME:-}/.sdkman}"/candidates/java/* \
    "${HOME:-}"/.jdks/* \
    "${HOME:-}"/.jdks/*/Contents/Home; do
    accept "$home" "$home/bin/java" && return 0
  done
  return 1
}

find_java() {
  if [ -n "${DSTREAM_JAVA_HOME:-}" ]; then
    accept "$DSTREAM_JAVA_HOME" "$DSTREAM_JAVA_HOME/bin/java" && return 0
    say "WARN DSTREAM_JAVA_HOME is not a Java $needed or newer, looking elsewhere: $DSTREAM_JAVA_HOME"
  fi
  if [ -n "${JAVA_HOME:-}" ]; then
    accept "$JAVA_HOME" "$JAVA_HOME/bin/java" && return 0
  fi
  accept_from_path || accept_installed
}

fail_without_java() {
  say "ERROR No Java $needed or newer found. Install one, for example from https://adoptium.net, or set JAVA_HOME to it."
  if [ -z "$seen" ]; then
    say "ERROR No Java at all: looked at DSTREAM_JAVA_HOME, JAVA_HOME, PATH and the usual install directories."
  else
    say 'ERROR Found, but not usable:'
    printf '%s\n' "${seen#"$newline"}" | while IFS= read -r line; do say "ERROR $line"; done
  fi
  exit 1
}

# The JVM announces options from these variables on stderr, in lines without our prefix. Passed as arguments they do
# the same and say nothing. Where quotes are used they stay where they are, since only the JVM can take those apart.
take_over_options() {
  options=
  for variable in JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS; do
    eval "value=\${$variable:-}"
    case $value in
      *[\"\']*) ;;
      *)
        options="$options $value"
        unset "$variable"
        ;;
    esac
  done
  options="$options ${DSTREAM_JAVA_OPTS:-}"
}

# Where this file is, in a form that java cannot mistake for an option; a shell given the bare name looked on PATH.
locate_self() {
  case $0 in
    /* | ./* | ../*) self=$0 ;;
    */*) self=./$0 ;;
    *)
      self=./$0
      [ -f "$self" ] || self=$(command -v "$0") || self=./$0
      ;;
  esac
}

# Sets $archive to where the AOT cache of this program on this Java belongs: its classes, and which of its methods are
# hot. No where it should not be used.
locate_archive() {
  archive=
  [ "${DSTREAM_CACHE:-on}" != off ] || return 1
  case $program in @*) return 1 ;; esac
  # Made with our collector and without agents; where others choose an archive, theirs it is.
  [ -n "$collector" ] || return 1
  case $everything in *-Xshare* | *Archive* | *-XX:*AOT* | *-agent* | *-javaagent*) return 1 ;; esac
  # It holds objects, too, and where the old generation begins too small for them the JVM does not start at all. How much
  # there may be in all does not matter.
  case $everything in
    *-Xmn* | *-Xms* | *-mn* | *-ms* | *-mx* | *NewSize* | *NewRatio* | *OldSize* | *-XX:Initial* | *-XX:MinHeap* | \
      *-XX:MaxRAM=* | *@* | *-XX:VMOptionsFile* | *-XX:Flags*) return 1 ;;
  esac
  case ${XDG_CACHE_HOME:-} in
    /*) cache=$XDG_CACHE_HOME ;;
    *)
      case ${HOME:-} in /*) ;; *) return 1 ;; esac
      cache=$HOME/.cache
      [ ! -d "$HOME/Library/Caches" ] || cache=$HOME/Library/Caches
      ;;
  esac
  case $version$build in *[!A-Za-z0-9._+-]*) build= ;; esac
  cache=$cache/dstream-ingester-mssql
  archive=$cache/$program-$version$build.aot
}

# The directory is the user's own, and no link: below a directory that others may write to, somebody else may have made
# it first, to exchange what is in it. POSIX has no -O; a shell that does not know it has no archive either.
own_cache() {
  [ -O "$cache" ] && ! [ -L "$cache" ]
}

# An archive is as trusted as code: nobody else's is taken. The JVM refuses one that is not of this jar or is damaged.
usable() {
  own_cache && [ -f "$archive" ] && [ -O "$archive" ] && ! [ -L "$archive" ] && ! [ "$self" -nt "$archive" ]
}

# Makes $archive of a rehearsal, which takes some seconds, in the directory $work: that it could be made is the lock. Left
# behind when the JVM failed, so that the next try is not before an hour has passed.
make_archive() {
  umask 077
  mkdir -p "$cache" && own_cache && chmod go-w "$cache" || return 1
  find "$cache" -name '*.work' -prune -mmin +60 -exec rm -rf {} +
  work=$archive.work
  mkdir "$work" || return 1
  trap 'rm -rf "$work"; exit 1' HUP INT TERM
  if ! rehearse; then
    rm -f "$work"/*
    return 1
  fi
  # A jar from the future would be newer than every archive.
  ! [ "$self" -nt "$work/archive" ] || touch -r "$self" "$work/archive"
  # Or a power cut could leave holes in it. Where sync takes no file, it is for all of them.
  sync "$work/archive"
  mv -f "$work/archive" "$archive"
  rm -rf "$work"
  # Two more, for other versions in use.
  ls -t "$cache" | grep '\.aot$' | sed 1,3d | while IFS= read -r old; do rm -f "$cache/$old"; done
}

# In two steps, so that a rehearsal that failed leaves no archive.
rehearse() {
  nice -n 19 "$java" -XX:AOTMode=record -XX:AOTConfiguration="$work/training" $portable $collector -Xms32m -Xmx192m \
    -XX:-UsePerfData --enable-native-access=ALL-UNNAMED -cp "$self" "$rehearsal" &&
    nice -n 19 "$java" -XX:AOTMode=create -XX:AOTConfiguration="$work/training" -XX:AOTCache="$work/archive" \
      $portable $collector -Xms32m -Xmx192m --enable-native-access=ALL-UNNAMED -cp "$self"
}

# A process of nobody's, which holds nothing of ours: no pipe, no lock, no directory.
make_archive_in_background() {
  case $self in /*) ;; *) self=$PWD/$self ;; esac
  (
    cd / || exit
    make_archive &
  ) </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
}

run() {
  # Without a stdin, the JVM would take the first file that it opens for it.
  { true 3<&0; } 2>&- || exec </dev/null
  locate_self
  take_over_options
  find_java || fail_without_java

  # A second collector is an error for the JVM and -Xmx would hide a percentage: ours only where there is no other.
  everything="$options ${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-} ${_JAVA_OPTIONS:-}"
  collector=-XX:+UseSerialGC
  case $everything in *-XX:+Use*GC*) collector= ;; esac
  # Without -Xms it would begin with a 64th of the machine's memory; with half of this there are twice as many collections.
  # It must not be more than the most, which may stand in a file.
  heap="-Xms256m -Xmx512m"
  case $everything in
    *-Xmx* | *-XX:Max*RAM* | *-XX:MaxHeapSize*) heap= ;;
    *-Xms* | *-XX:Initial* | *-XX:MinHeap* | *-mx* | *@* | *-XX:VMOptionsFile* | *-XX:Flags*) heap=-Xmx512m ;;
  esac

  # Of glibc. With arenas of their own the threads that compile each keep the most that they ever needed.
  : "${MALLOC_ARENA_MAX=1}"
  export MALLOC_ARENA_MAX

  # No machine code in the archive: that is made for one processor, and a home may be seen from others (JDK-8388703).
  portable="-XX:+UnlockDiagnosticVMOptions -XX:-AOTAdapterCaching"

  if locate_archive && ! usable; then
    make_archive_in_background
    archive=
  fi

  # DisplayVMOutputToStderr does not move the -Xlog output, whose default is stdout.
  # Words are wanted here, patterns are not.
  set -f
  # shellcheck disable=SC2086
  exec "$java" -XX:+DisplayVMOutputToStderr -Xlog:disable -Xlog:all=warning:stderr $collector $heap \
    -XX:-UsePerfData --enable-native-access=ALL-UNNAMED \
    ${archive:+"-XX:AOTCache=$archive" $portable -XX:+VerifySharedSpaces -Xlog:cds*=off:stderr -Xlog:aot*=off:stderr} \
    $options -Xlog:all=off:stdout -jar "$self" "$@"
}

run "$@"
exit 1
