package io.dstream.mssql.lock.blob;

import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.lock.blob.BlobState.LeaseKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// A container in memory that leases as Azure Storage does, and can stop answering. Thread-safe.
final class FakeLockBlobs implements LockBlobs {

    private static final long LEASE_NANOS =
            Duration.ofSeconds(LockBlob.LEASE_SECONDS).toNanos();
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final LongSupplier nanoTime;
    private final long startedAtNanos;
    private final Map<String, FakeBlob> blobs = new ConcurrentHashMap<>();
    private final List<Request> requests = new ArrayList<>();

    /// Whether requests arrive, and whether their answers do.
    volatile boolean answers = true;

    volatile boolean losesAnswers;

    /// Runs before each request arrives, with its kind.
    volatile Consumer<String> before = kind -> {};

    record Request(String kind, long atNanos) {}

    FakeLockBlobs(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.startedAtNanos = nanoTime.getAsLong();
    }

    @Override
    public FakeBlob named(String name) {
        return blobs.computeIfAbsent(name, FakeBlob::new);
    }

    @Override
    public void requireWritable(String name) throws Failure {
        arrive("require writable");
        depart();
    }

    List<String> kinds() {
        synchronized (requests) {
            return requests.stream().map(Request::kind).toList();
        }
    }

    List<Request> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    private void arrive(String kind) throws TransientFailure {
        synchronized (requests) {
            requests.add(new Request(kind, nanoTime.getAsLong()));
        }
        before.accept(kind);
        if (!answers) {
            throw new TransientFailure(kind + ": connection refused");
        }
    }

    private void depart() throws TransientFailure {
        if (losesAnswers) {
            throw new TransientFailure("the answer was lost");
        }
    }

    final class FakeBlob implements LockBlob {

        private final String name;
        private boolean exists;
        private Optional<String> leaseId = Optional.empty();
        private boolean infinite;
        private long leaseEndsAtNanos;
        private boolean changedSinceLease;
        private int version;
        private long changedAtNanos;
        private Map<String, String> metadata = Map.of();

        FakeBlob(String name) {
            this.name = name;
        }

        /// As the original program leaves it.
        synchronized void leaseWithoutEnd() {
            exists = true;
            leaseId = Optional.of("without end");
            infinite = true;
            changedAtNanos = nanoTime.getAsLong();
        }

        /// True where the store would let nobody but `id` have it.
        synchronized boolean isLeased() {
            return leaseId.isPresent() && (infinite || nanoTime.getAsLong() - leaseEndsAtNanos < 0);
        }

        synchronized Map<String, String> metadata() {
            return metadata;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public synchronized Optional<BlobState> look() throws TransientFailure {
            arrive("look");
            depart();
            if (!exists) {
                return Optional.empty();
            }
            LeaseKind kind = LeaseKind.NONE;
            if (isLeased()) {
                kind = infinite ? LeaseKind.INFINITE : LeaseKind.FINITE;
            }
            return Optional.of(
                    new BlobState(kind, at(changedAtNanos), at(nanoTime.getAsLong()), etag(), new HashMap<>(metadata)));
        }

        private Instant at(long nanos) {
            return EPOCH.plusNanos(nanos - startedAtNanos);
        }

        private String etag() {
            return Integer.toString(version);
        }

        @Override
        public synchronized void create() throws TransientFailure {
            arrive("create");
            if (!exists) {
                exists = true;
                change();
            }
            depart();
        }

        private void change() {
            version++;
            changedAtNanos = nanoTime.getAsLong();
            changedSinceLease = true;
        }

        @Override
        public synchronized boolean acquire(String id, String etag) throws TransientFailure {
            arrive("acquire");
            boolean free = exists && etag.equals(etag()) && (!isLeased() || leaseId.equals(Optional.of(id)));
            if (free) {
                leaseId = Optional.of(id);
                infinite = false;
                leaseEndsAtNanos = nanoTime.getAsLong() + LEASE_NANOS;
                changedSinceLease = false;
            }
            depart();
            return free;
        }

        @Override
        public synchronized boolean renew(String id) throws TransientFailure {
            arrive("renew");
            // One that has run out may be renewed as long as nobody did anything with the blob.
            boolean ours = leaseId.equals(Optional.of(id)) && (isLeased() || !changedSinceLease);
            if (ours) {
                leaseEndsAtNanos = nanoTime.getAsLong() + LEASE_NANOS;
            }
            depart();
            return ours;
        }

        @Override
        public synchronized boolean write(String id, Map<String, String> written) throws TransientFailure {
            arrive("write");
            boolean ours = isLeased() && leaseId.equals(Optional.of(id));
            if (ours) {
                metadata = Map.copyOf(written);
                version++;
                changedAtNanos = nanoTime.getAsLong();
            }
            depart();
            return ours;
        }

        @Override
        public synchronized void release(String id) throws TransientFailure {
            arrive("release");
            if (leaseId.equals(Optional.of(id))) {
                leaseId = Optional.empty();
            }
            depart();
        }

        @Override
        public synchronized boolean breakLease(String etag) throws TransientFailure {
            arrive("break");
            boolean broken = etag.equals(etag()) && isLeased();
            if (broken) {
                leaseId = Optional.empty();
                infinite = false;
            }
            depart();
            return broken;
        }
    }
}
