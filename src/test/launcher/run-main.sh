#!/bin/sh
# Runs a main class of the test tree: run-main.sh CLASS JVM-OPTIONS [ARGUMENT..]. Builds first where something is not
# built or older than its sources. Says what it does on stderr only, in the form of the program's own log.
#
# The program's launcher finds the Java. A main class among its options comes before its -jar, which then is only an
# argument; the class path comes from the environment. What the user put into DSTREAM_JAVA_OPTS is for the program.
set -eu

main=$1
jvm_options=$2
shift 2

cd "$(dirname "$0")/../../.."
program=target/dstream-ingester-mssql
libraries=target/test-classpath.txt
log=target/build.log

say() {
  printf '[MSSQL-CDC] %s: %s\n' "${main##*.}" "$1" >&2
}

is_built() {
  [ -x "$program" ] && [ -f "$libraries" ] && [ -z "$(find pom.xml src -type f -newer "$program" | head -n 1)" ]
}

if ! is_built; then
  say 'building, which can take some minutes the first time'
  mkdir -p target
  if ! ./mvnw -B -ntp -q -DskipTests -Dspotless.check.skip package >"$log" 2>&1 </dev/null; then
    while IFS= read -r line || [ -n "$line" ]; do say "$line"; done <"$log"
    say "ERROR the build failed, its output is also in $log"
    exit 1
  fi
  touch "$program"
fi

PROGRAM_JAVA_OPTS=${DSTREAM_JAVA_OPTS:-}
DSTREAM_JAVA_OPTS="$jvm_options $main"
CLASSPATH=$PWD/target/test-classes:$PWD/target/classes:$(cat "$libraries")
export PROGRAM_JAVA_OPTS DSTREAM_JAVA_OPTS CLASSPATH
exec "./$program" "$@"
