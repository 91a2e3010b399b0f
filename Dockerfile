# syntax=docker/dockerfile:1
# docker build -t dstream-ingester-mssql .
#
# The images are named by tag; a build that shall be repeatable names them by digest (CONTRIBUTING.md, "Base images"):
#   docker build --build-arg RUNTIME_IMAGE=gcr.io/distroless/base-nossl-debian13:nonroot@sha256:.. .
# Stages of their own, because Dependabot reads FROM and not ARG.
ARG BUILD_IMAGE=build-base
ARG RUNTIME_IMAGE=runtime-base

FROM eclipse-temurin:25-jdk-noble AS build-base

FROM gcr.io/distroless/base-nossl-debian13:nonroot AS runtime-base

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY src src
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true -Dmdep.skip=true package

# What the libraries name (jdeps), without what only a desktop login needs, and what they or the JDK look up by name:
# the socket option that notices a dead server (jdk.net), Kerberos and its login, character sets of the server's
# collations, DNS, keys in hardware. ImageModulesIT holds the list. Left out: jdk.localedata (nothing here is worded for a
# locale), jdk.zipfs (jars are read by java.base), jdk.jfr, jdk.jcmd and jdk.management.agent (no diagnosis from within).
# Not below /opt/java, where the base image has its own; the same path in both stages.
RUN jlink --output /opt/runtime --strip-debug --no-header-files --no-man-pages --compress zip-6 \
    --add-modules java.base,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.sql,java.xml,jdk.charsets,jdk.crypto.cryptoki,jdk.crypto.ec,jdk.naming.dns,jdk.net,jdk.security.auth,jdk.security.jgss,jdk.unsupported

# The AOT cache remembers the jar's path, size and time, so all three must be those of the last stage. The rehearsal asks
# itself, on a port of 127.0.0.1.
RUN mkdir /app \
    && cp target/dstream-ingester-mssql-*-all.jar /app/ingester.jar \
    && touch -d 2025-01-01T00:00:00Z /app/ingester.jar \
    && /opt/runtime/bin/java -XX:AOTMode=record -XX:AOTConfiguration=/tmp/training \
        -XX:+UnlockDiagnosticVMOptions -XX:-AOTAdapterCaching -XX:+UseSerialGC -Xmx512m \
        -XX:-UsePerfData --enable-native-access=ALL-UNNAMED -cp /app/ingester.jar \
        io.dstream.mssql.rehearsal.Rehearsal \
    && /opt/runtime/bin/java -XX:AOTMode=create -XX:AOTConfiguration=/tmp/training -XX:AOTCache=/app/ingester.aot \
        -XX:+UnlockDiagnosticVMOptions -XX:-AOTAdapterCaching -XX:+UseSerialGC -Xmx512m --enable-native-access=ALL-UNNAMED -cp /app/ingester.jar

FROM ${RUNTIME_IMAGE}
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="dstream-ingester-mssql" \
      org.opencontainers.image.description="Streams SQL Server change data capture to stdout as JSON envelopes." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.source="https://github.com/katasec/dstream-ingester-mssql" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /opt/runtime /opt/runtime
COPY --from=build /app /app
COPY LICENSE /app/LICENSE
# The image's "nonroot", by number, so that Kubernetes can tell that it is not root.
USER 65532:65532
WORKDIR /app
# As the launcher has it.
ENV MALLOC_ARENA_MAX=1
# Java itself is process 1: a signal reaches it, and there is no shell. The options are those of the launcher.
ENTRYPOINT ["/opt/runtime/bin/java", \
    "-XX:+DisplayVMOutputToStderr", "-Xlog:disable", "-Xlog:all=warning:stderr", "-XX:+UseSerialGC", "-Xms256m", "-Xmx512m", \
    "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED", \
    "-XX:AOTCache=/app/ingester.aot", "-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTAdapterCaching", \
    "-Xlog:cds*=off:stderr", "-Xlog:aot*=off:stderr", \
    "-Xlog:all=off:stdout", "-jar", "/app/ingester.jar"]
