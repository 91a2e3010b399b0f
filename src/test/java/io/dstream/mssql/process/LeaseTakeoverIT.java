package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.LeaseStatusType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.process.Instances.Instance;
import io.dstream.mssql.process.StorageOutage.Fault;
import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.StorageProxy;
import io.dstream.mssql.testing.TestDatabase;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One writer a table, whatever happens to the instances or to the storage that their leases are in. Leases last a
/// minute of real time, so these tests mostly wait, all of them at once; no other class runs beside them.
@Execution(SAME_THREAD)
final class LeaseTakeoverIT {

    private static final Logger log = LoggerFactory.getLogger(LeaseTakeoverIT.class);

    private static final List<String> TABLES = Instances.TWO_TABLES;

    private static final Duration LONGEST_TAKEOVER = Duration.ofSeconds(75);

    private static final Duration POLL_INTERVAL = Duration.ofSeconds(5);
    private static final Duration LONGEST_HANDOVER = POLL_INTERVAL.plusSeconds(2);

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /// Between two requests of a holder there are twice as much: a minute that begins in the middle has whole ones.
    private static final Duration HALF_A_RENEWAL = Duration.ofSeconds(10);

    private static final int MOST_HOLDER_REQUESTS = 3;
    private static final int MOST_WAITER_REQUESTS = 30;

    @Test
    @Execution(CONCURRENT)
    void aHolderThatIsAskedToStopIsFollowedWithinAPollInterval() throws Exception {
        try (Instances instances = Instances.overTwoTables();
                SteadyWriter writer = instances.startWriter()) {
            ObjectNode config = instances.config("5s");
            Instance first = instances.start("A", config);
            instances.awaitHolder(1);
            List<Instance> others =
                    List.of(instances.startStandingBy("B", config), instances.startStandingBy("C", config));
            Instances.awaitNoStarts();

            handOver(instances, first);
            String next =
                    instances.transcript().last(TABLES.getFirst()).orElseThrow().instance();
            Instance second = others.stream()
                    .filter(other -> other.name().equals(next))
                    .findFirst()
                    .orElseThrow();
            handOver(instances, second);

            instances.awaitAllWritten(writer);
            for (String table : TABLES) {
                instances.transcript().requireOneWriterAtATime(table);
                instances.history(table).requireEachOnce(instances.transcript().changesOf(table));
            }
        }
    }

    /// Stops `holder`; somebody else writes the tables that it held.
    private static void handOver(Instances instances, Instance holder) throws Exception {
        Map<String, Integer> held = new HashMap<>();
        for (String table : TABLES) {
            instances
                    .transcript()
                    .last(table)
                    .filter(line -> line.instance().equals(holder.name()))
                    .ifPresent(_ -> held.put(table, instances.transcript().holders(table)));
        }
        long stoppedAtNanos = System.nanoTime();
        Runs.stop(holder.process(), "TERM");
        for (Map.Entry<String, Integer> table : held.entrySet()) {
            long nextAtNanos =
                    instances.awaitHolder(table.getKey(), table.getValue() + 1).atNanos();
            Duration took = Duration.ofNanos(nextAtNanos - stoppedAtNanos);
            log.info("Figure: SIGTERM takeover={}ms table={}", took.toMillis(), table.getKey());
            assertThat(took).as("takeover of " + table.getKey()).isLessThan(LONGEST_HANDOVER);
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aHolderThatIsKilledIsFollowedWithinItsLease() throws Exception {
        try (Instances instances = Instances.overTwoTables();
                SteadyWriter writer = instances.startWriter()) {
            ObjectNode config = instances.config("5s");
            Instance holder = instances.start("A", config);
            instances.awaitHolder(1);
            instances.startStandingBy("B", config);
            Instances.awaitNoStarts();

            long killedAtNanos = System.nanoTime();
            Runs.kill(holder.process());

            for (String table : TABLES) {
                long nextAtNanos = instances.awaitHolder(table, 2).atNanos();
                Duration took = Duration.ofNanos(nextAtNanos - killedAtNanos);
                log.info("Figure: SIGKILL takeover={}ms table={}", took.toMillis(), table);
                assertThat(took).as("takeover of " + table).isLessThan(LONGEST_TAKEOVER);
            }
            requireCompleteWithOneWriter(instances, writer);
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aHolderThatSleptPastItsLeaseNeitherWritesNorSaves() throws Exception {
        try (Instances instances = Instances.overTwoTables();
                SteadyWriter writer = instances.startWriter()) {
            ObjectNode config = instances.config("1s");
            Instance sleeper = instances.start("A", config);
            instances.awaitHolder(1);
            Instance other = instances.startStandingBy("B", config);
            Instances.awaitNoStarts();

            long stoppedAtNanos = System.nanoTime();
            sleeper.process().signal("STOP");
            instances.awaitHolder(2);
            log.info(
                    "Figure: SIGSTOP takeover={}ms",
                    Duration.ofNanos(System.nanoTime() - stoppedAtNanos).toMillis());
            long written = instances.transcript().countOf("A");
            Map<String, Position> saved = new HashMap<>();
            noteSaved(instances.database(), saved);

            sleeper.process().signal("CONT");
            Poll.until(
                    () -> {
                        noteSaved(instances.database(), saved);
                        return sleeper.timesSaid("standing by") == TABLES.size();
                    },
                    () -> sleeper.process().stderr());
            awaitNextSaves(instances.database(), saved);

            assertThat(instances.transcript().countOf("A"))
                    .as("lines of the sleeper, after it woke too")
                    .isEqualTo(written);
            Runs.stop(other.process(), "TERM");
            instances.awaitHolder(3);
            requireCompleteWithOneWriter(instances, writer);
        }
    }

    /// Looks where each table is saved, which is never before the look before.
    private static void noteSaved(TestDatabase database, Map<String, Position> saved) throws Exception {
        for (String table : TABLES) {
            Optional<Position> now = TableHistory.saved(database, table);
            if (now.isPresent()) {
                Position before = saved.getOrDefault(table, now.get());
                assertThat(now.get()).as("saved position of " + table).isGreaterThanOrEqualTo(before);
                saved.put(table, now.get());
            }
        }
    }

    /// Each table is saved a few times more.
    private static void awaitNextSaves(TestDatabase database, Map<String, Position> saved) throws Exception {
        for (int times = 0; times < 3; times++) {
            Map<String, Position> before = Map.copyOf(saved);
            Poll.until(
                    () -> {
                        noteSaved(database, saved);
                        return before.entrySet().stream()
                                .noneMatch(table -> table.getValue().equals(saved.get(table.getKey())));
                    },
                    () -> "saved positions stay at " + saved);
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aStorageThatRefusesConnectionsIsSurvived() throws Exception {
        survives("refuse", false, StorageProxy::refuse);
    }

    @Test
    @Execution(CONCURRENT)
    void aStorageThatHangsIsSurvivedAndDoesNotDelayTheStop() throws Exception {
        survives("hang", false, StorageProxy::hang);
    }

    @Test
    @Execution(CONCURRENT)
    void aBusyStorageIsSurvived() throws Exception {
        survives("503", true, storage -> storage.answer(503, "ServerBusy"));
    }

    @Test
    @Execution(CONCURRENT)
    void aStorageThatThrottlesIsSurvived() throws Exception {
        survives("429", false, storage -> storage.answer(429, "TooManyRequests"));
    }

    private static void survives(String name, boolean onceRenewed, Fault fault) throws Exception {
        try (Instances instances = Instances.overTwoTables();
                StorageProxy storage = instances.newProxy();
                SteadyWriter writer = instances.startWriter()) {
            Instance holder = instances.start("A", instances.config("1s", storage));
            instances.awaitHolder(1);
            StorageOutage outage = new StorageOutage(name, instances, storage, holder);
            if (onceRenewed) {
                outage.awaitRenewals();
            }

            outage.survive(fault);

            requireCompleteWithOneWriter(instances, writer);
            fault.begin(storage);
            Runs.stop(holder.process(), "TERM");
        }
    }

    private static void requireCompleteWithOneWriter(Instances instances, SteadyWriter writer) throws Exception {
        instances.awaitAllWritten(writer);
        for (String table : TABLES) {
            instances.transcript().requireOneWriterAtATime(table);
            instances.transcript().requireComplete(instances.history(table));
        }
    }

    @Test
    @Execution(CONCURRENT)
    void idleInstancesAskTheStorageSeldom() throws Exception {
        try (Instances instances = Instances.overTwoTables();
                StorageProxy ofHolder = instances.newProxy();
                StorageProxy ofWaiter = instances.newProxy()) {
            Instance holder = instances.start("A", instances.config("2s", ofHolder));
            holder.process().until(() -> holder.timesSaid("Following table") == TABLES.size());
            instances.startStandingBy("B", instances.config("2s", ofWaiter));

            long beginsAtNanos = newestAtNanos(ofHolder) + HALF_A_RENEWAL.toNanos();
            long endsAtNanos = beginsAtNanos + MINUTE.toNanos();
            Poll.until(Instances.LIMIT, () -> System.nanoTime() > endsAtNanos, () -> "time stands still");

            for (String table : TABLES) {
                long byHolder = count(ofHolder, table, beginsAtNanos, endsAtNanos);
                long byWaiter = count(ofWaiter, table, beginsAtNanos, endsAtNanos);
                log.info(
                        "Figure: requests a minute table={} idle_holder={} idle_waiter={} poll_interval=2s",
                        table,
                        byHolder,
                        byWaiter);
                assertThat(byHolder).as("requests of the holder").isBetween(2L, (long) MOST_HOLDER_REQUESTS);
                assertThat(byWaiter).as("requests of the waiter").isBetween(20L, (long) MOST_WAITER_REQUESTS);
            }
            assertThat(count(ofHolder, "", beginsAtNanos, endsAtNanos))
                    .as("all requests of the holder")
                    .isLessThanOrEqualTo((long) TABLES.size() * MOST_HOLDER_REQUESTS);
            assertThat(count(ofWaiter, "", beginsAtNanos, endsAtNanos))
                    .as("all requests of the waiter")
                    .isLessThanOrEqualTo((long) TABLES.size() * MOST_WAITER_REQUESTS);
        }
    }

    private static long newestAtNanos(StorageProxy storage) {
        return storage.requests().getLast().arrivedAtNanos();
    }

    /// Of all tables where `table` is empty, and whatever else was asked.
    private static long count(StorageProxy storage, String table, long fromNanos, long toNanos) {
        return storage.count(request -> (table.isEmpty() || StorageOutage.isFor(request, table))
                && request.arrivedAtNanos() - fromNanos >= 0
                && request.arrivedAtNanos() - toNanos < 0);
    }

    /// Leases are named after the server: the new one's begin anew, but for their epochs.
    @Test
    @Execution(CONCURRENT)
    void afterAFailoverToAnotherServerOneGoesOnUnderTheNewName() throws Exception {
        TestDatabase database = TestDatabase.createIn(ZoneOffset.UTC);
        StandIn server = database.standIn().orElseThrow();
        try (server;
                Instances instances = Instances.over(database, TABLES);
                SteadyWriter writer = instances.startWriter()) {
            ObjectNode config = instances.config("1s");
            instances.start("A", config);
            instances.awaitHolder(1);
            instances.startStandingBy("B", config);
            Set<String> before = blobs(instances);

            server.rename("REPLICA2");
            server.dropConnections();

            Poll.until(
                    () -> blobs(instances).stream()
                                    .filter(name -> name.startsWith("replica2/"))
                                    .count()
                            >= TABLES.size(),
                    () -> blobs(instances));
            Poll.until(() -> before.stream().noneMatch(name -> isLeased(instances, name)), () -> "old leases stay");
            instances.awaitAllWritten(writer);
            for (String table : TABLES) {
                log.info(
                        "Figure: failover table={} turns={}",
                        table,
                        instances.transcript().turns(table));
                assertThat(instances.transcript().turns(table)).isIn(List.of("A"), List.of("A", "B"));
                instances.transcript().requireOneWriterAtATime(table);
                instances
                        .history(table)
                        .requireCompleteDespite(2, 200, instances.transcript().changesOf(table));
            }
        }
    }

    private static Set<String> blobs(Instances instances) {
        return instances.container().listBlobs().stream()
                .map(BlobItem::getName)
                .filter(name -> name.endsWith(".lock"))
                .collect(Collectors.toSet());
    }

    private static boolean isLeased(Instances instances, String blob) {
        return !LeaseStatusType.UNLOCKED.equals(
                instances.container().getBlobClient(blob).getProperties().getLeaseStatus());
    }

    @Test
    @Execution(CONCURRENT)
    void instancesShareTheTables() throws Exception {
        List<String> tables = List.of("dbo.t1", "dbo.t2", "dbo.t3", "dbo.t4");
        try (Instances instances = Instances.over(TestDatabase.create(), tables);
                SteadyWriter writer = instances.startWriter()) {
            ObjectNode config = instances.config("1s");
            config.withObjectProperty("lock_config").put("max_tables", 2);
            Instance one = instances.start("A", config);
            Instance two = instances.start("B", config);
            instances.awaitHolder(1);

            for (Instance instance : List.of(one, two)) {
                assertThat(instance.timesSaid("Following table")).isEqualTo(2);
            }
            instances.awaitAllWritten(writer);
            for (String table : tables) {
                assertThat(instances.transcript().turns(table)).hasSize(1);
                instances.history(table).requireEachOnce(instances.transcript().changesOf(table));
            }
        }
    }
}
