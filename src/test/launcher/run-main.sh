#!/bin/sh
# Runs a main class of the test tree: run-main.sh CLASS JVM-OPTIONS [ARGUMENT..]. Builds first where something is not
# built or older than its sources. Says what it does on stderr only, in the form of the program's own log.
#
# The program's launcher finds the Java. A main class among its options comes before its -jar, which then is only an
# argument; the class path comes from the environment. What the user put into DSTREAM_JAVA_OPTS is for the program.
#
# BUILD_PROFILE names a Maven profile that has to be built as well: target/PROFILE-classpath.txt is its class path, and
# src/PROFILE its sources. It becomes PROFILE_CLASSPATH for the processes that the main class starts.
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

profile=${BUILD_PROFILE:-}
profile_libraries=target/$profile-classpath.txt

# The file $1 is there and newer than all that it is made of.
is_current() {
  [ -f "$1" ] && [ -z "$(find pom.xml src -type f -newer "$1" | head -n 1)" ]
}

# A build without the profile takes its classes away.
is_profile_built() {
  [ -z "$profile" ] || { [ -d "target/test-classes/io/dstream/mssql/$profile" ] && is_current "$profile_libraries"; }
}

build() {
  mkdir -p target
  if ! ./mvnw -B -ntp -q -DskipTests -Dspotless.check.skip "$@" >"$log" 2>&1 </dev/null; then
    while IFS= read -r line || [ -n "$line" ]; do say "$line"; done <"$log"
    say "ERROR the build failed, its output is also in $log"
    exit 1
  fi
}

if ! { [ -x "$program" ] && [ -f "$libraries" ] && is_current "$program"; }; then
  say 'building, which can take some minutes the first time'
  build package
  touch "$program"
fi
if ! is_profile_built; then
  say "building with profile $profile, which can take some minutes the first time"
  build "-P$profile" process-test-classes
  touch "$profile_libraries" "$program"
fi

PROGRAM_JAVA_OPTS=${DSTREAM_JAVA_OPTS:-}
DSTREAM_JAVA_OPTS="$jvm_options $main"
CLASSPATH=$PWD/target/test-classes:$PWD/target/classes:$(cat "$libraries")
export PROGRAM_JAVA_OPTS DSTREAM_JAVA_OPTS CLASSPATH
if [ -n "$profile" ]; then
  PROFILE_CLASSPATH=$PWD/target/test-classes:$PWD/target/classes:$(cat "$profile_libraries")
  export PROFILE_CLASSPATH
fi
exec "./$program" "$@"
