#!/bin/sh
# Finds a Java 25 or newer and becomes it. The jar is appended to this file, so the last line of the script must
# never be passed: the shell would read the jar's bytes as commands.
#
#   DSTREAM_JAVA_HOME   the Java to use; JAVA_HOME comes next
#   DSTREAM_JAVA_OPTS   options for the JVM, separated by spaces (there is no quoting); they win over those below,
#                       except that the JVM's own log cannot go to stdout: -Xlog:gc:stderr, not -Xlog:gc
#
# Only built-in commands on the usual way: a start should not wait for forks. Nothing is ever written to stdout.

needed=25
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

# Sets $version from the file that every JDK and JRE has in its home.
read_release() {
  version=
  [ -r "$1/release" ] || return 1
  while read -r line || [ -n "$line" ]; do
    case $line in
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

run() {
  locate_self
  take_over_options
  find_java || fail_without_java

  # A second collector is an error for the JVM and -Xmx would hide a percentage: ours only where there is no other.
  everything="$options ${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-} ${_JAVA_OPTIONS:-}"
  collector=-XX:+UseSerialGC
  case $everything in *-XX:+Use*GC*) collector= ;; esac
  heap=-Xmx512m
  case $everything in *-Xmx* | *-XX:Max*RAM* | *-XX:MaxHeapSize*) heap= ;; esac

  # DisplayVMOutputToStderr does not move the -Xlog output, whose default is stdout.
  # Words are wanted here, patterns are not.
  set -f
  # shellcheck disable=SC2086
  exec "$java" -XX:+DisplayVMOutputToStderr -Xlog:disable -Xlog:all=warning:stderr $collector $heap \
    -XX:-UsePerfData --enable-native-access=ALL-UNNAMED $options -Xlog:all=off:stdout -jar "$self" "$@"
}

run "$@"
exit 1
