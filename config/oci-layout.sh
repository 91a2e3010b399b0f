#!/bin/sh
# Lays out the OCI artifact that DStream's CLI pulls: one file for each platform and provider.json.
#
#   config/oci-layout.sh [DIRECTORY]      default target/oci; built before with ./mvnw -DskipTests package
#   DSTREAM_OCI_REF=ghcr.io/owner/dstream-ingester-mssql:v1.0.0 config/oci-layout.sh
#                                         names the artifact; its tag becomes the version in provider.json
#
# Nothing is pushed; the command that does it is printed. The files are all the same: a shell stub in front of a jar.
set -eu

start=$PWD
cd "$(dirname "$0")/.."
case ${1:-} in
  '') out=target/oci ;;
  /*) out=$1 ;;
  *) out=$start/$1 ;;
esac
program=target/dstream-ingester-mssql
schema=config/config.schema.json
platforms='linux_amd64 linux_arm64 darwin_amd64 darwin_arm64'

fail() {
  printf 'oci-layout: %s\n' "$1" >&2
  exit 1
}

[ -x "$program" ] || fail "$program is missing; build it with ./mvnw -DskipTests package"

# The first version in the pom is the program's own; no parent stands before it.
version=$(sed -n 's:^  <version>\(.*\)</version>$:\1:p; /^  <version>/q' pom.xml)
[ -n "$version" ] || fail 'no version in pom.xml'
ref=${DSTREAM_OCI_REF:-}
if [ -n "$ref" ]; then
  tag=${ref##*/}
  case $tag in
    *@*) fail "DSTREAM_OCI_REF must end in a tag, not in a digest: $ref" ;;
    *:?*) version=${tag##*:} ;;
    *) fail "DSTREAM_OCI_REF must end in :TAG, for example :v$version" ;;
  esac
  case $version in *[!A-Za-z0-9._-]*) fail "not a tag: $version" ;; esac
else
  ref=ghcr.io/OWNER/dstream-ingester-mssql:v$version
fi

mkdir -p "$out"
names=
list=
for platform in $platforms; do
  rm -f "$out/plugin.$platform"
  cp "$program" "$out/plugin.$platform"
  chmod 755 "$out/plugin.$platform"
  names="$names plugin.$platform"
  list="$list${list:+, }\"$platform\""
done

{
  printf '{\n  "name": "dstream-ingester-mssql",\n  "version": "%s",\n' "$version"
  printf '  "description": "Streams SQL Server change data capture to stdout as JSON envelopes.",\n'
  # The version of the protocol that the providers of this type name; no SDK is used.
  printf '  "type": "input",\n  "sdk_version": "0.1.1",\n  "config_schema": '
  if [ -f "$schema" ]; then cat "$schema"; else printf '{"type": "object"}'; fi
  printf ',\n  "platforms": [%s]\n}\n' "$list"
} >"$out/provider.json"

printf 'The artifact is in %s. To push it:\n\n' "$out"
printf "  cd '%s' && oras push '%s' \\\\\n" "$out" "$ref"
printf '    --artifact-type application/vnd.dstream.provider \\\n'
printf '    --annotation org.opencontainers.image.version=%s \\\n' "$version"
printf '   %s provider.json\n' "$names"
command -v oras >/dev/null || printf '\noras is not installed: https://oras.land\n'
