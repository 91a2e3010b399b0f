package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.process.Instances.Instance;
import io.dstream.mssql.process.Transcript.Written;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.StorageProxy;
import io.dstream.mssql.testing.StorageProxy.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The storage breaks while one instance holds two tables and a writer writes them, and is mended once the leases must
/// have ended.
final class StorageOutage {

    private static final Logger log = LoggerFactory.getLogger(StorageOutage.class);

    private static final Duration LEASE = Duration.ofSeconds(60);

    /// An outage that is shorter than a lease's rest costs nothing: that much of it is written through, at least.
    private static final Duration WRITTEN_THROUGH = Duration.ofSeconds(30);

    /// After the leases' end.
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private static final int MOST_REQUESTS_A_TABLE = 40;
    private static final int MOST_LOG_LINES = 60;

    /// One way to break it.
    @FunctionalInterface
    interface Fault {
        void begin(StorageProxy storage) throws IOException;
    }

    private final String name;
    private final Instances instances;
    private final StorageProxy storage;
    private final Instance holder;

    /// `holder` reaches the storage through `storage` and is alone.
    StorageOutage(String name, Instances instances, StorageProxy storage, Instance holder) {
        this.name = name;
        this.instances = instances;
        this.storage = storage;
        this.holder = holder;
    }

    /// True where `request` made the lease of `table` last a minute from its arrival.
    private static boolean proves(Request request, String table) {
        return isFor(request, table)
                && request.query().contains("comp=lease")
                && (request.has("x-ms-lease-action", "acquire") || request.has("x-ms-lease-action", "renew"))
                && request.status() >= 200
                && request.status() < 300;
    }

    static boolean isFor(Request request, String table) {
        return request.path().endsWith(table + ".lock");
    }

    private OptionalLong leaseEndsAtNanos(String table) {
        return storage.requests().stream()
                .filter(request -> proves(request, table))
                .mapToLong(request -> request.arrivedAtNanos() + LEASE.toNanos())
                .max();
    }

    /// Waits until every lease was renewed once after it was granted.
    void awaitRenewals() throws Exception {
        for (String table : Instances.TWO_TABLES) {
            Poll.until(
                    () -> storage.count(request -> proves(request, table)) >= 2,
                    () -> "renewals of " + table + " among " + storage.requests());
        }
    }

    /// Breaks the storage, checks what is written and asked meanwhile, mends it, and waits until all tables are written
    /// again.
    void survive(Fault fault) throws Exception {
        long brokenAtNanos = System.nanoTime();
        long requestsBefore = storage.requests().size();
        Duration cpuBefore = cpuTime();
        fault.begin(storage);
        awaitEndOfLeases();

        for (String table : Instances.TWO_TABLES) {
            Written last = instances.transcript().last(table).orElseThrow();
            Duration writtenFor = Duration.ofNanos(last.atNanos() - brokenAtNanos);
            Duration spare = Duration.ofNanos(leaseEndsAtNanos(table).orElseThrow() - last.atNanos());
            long asked = storage.requests().stream()
                    .skip(requestsBefore)
                    .filter(request -> isFor(request, table))
                    .count();
            log.info(
                    "Figure: outage={} table={} written_for={}ms before_end_of_lease={}ms requests={}",
                    name,
                    table,
                    writtenFor.toMillis(),
                    spare.toMillis(),
                    asked);
            assertThat(writtenFor).as("written into the outage").isGreaterThan(WRITTEN_THROUGH);
            assertThat(spare).as("from the last line to the end of the lease").isPositive();
            assertThat(asked).as("requests for " + table).isLessThanOrEqualTo(MOST_REQUESTS_A_TABLE);
        }
        requireCalm(Duration.ofNanos(System.nanoTime() - brokenAtNanos), cpuBefore);

        long mendedAtNanos = System.nanoTime();
        storage.pass();
        instances.awaitHolder(2);
        log.info(
                "Figure: outage={} goes_on_after={}ms",
                name,
                Duration.ofNanos(System.nanoTime() - mendedAtNanos).toMillis());
    }

    private void awaitEndOfLeases() throws Exception {
        for (String table : Instances.TWO_TABLES) {
            Poll.until(
                    Instances.LIMIT,
                    () -> System.nanoTime() - leaseEndsAtNanos(table).orElseThrow() > SILENCE.toNanos(),
                    () -> "the lease of " + table + " does not end: " + storage.requests());
        }
    }

    private void requireCalm(Duration outage, Duration cpuBefore) {
        Duration cpu = cpuTime().minus(cpuBefore);
        log.info(
                "Figure: outage={} lasted={}ms cpu={}ms log_lines={}",
                name,
                outage.toMillis(),
                cpu.toMillis(),
                holder.process().stderr().size());
        assertThat(cpu).as("processor time").isLessThan(outage.dividedBy(2));
        assertThat(holder.process().stderr()).hasSizeLessThan(MOST_LOG_LINES);
    }

    private Duration cpuTime() {
        return ProcessHandle.of(holder.process().pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow();
    }
}
