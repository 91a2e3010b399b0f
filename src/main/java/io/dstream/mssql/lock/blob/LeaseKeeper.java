package io.dstream.mssql.lock.blob;

import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.lock.HoldTime;
import io.dstream.mssql.lock.Lease;
import io.dstream.mssql.lock.LeaseAttempt;
import io.dstream.mssql.lock.LeaseAttempt.Held;
import io.dstream.mssql.lock.LeaseAttempt.HeldElsewhere;
import io.dstream.mssql.lock.blob.BlobState.LeaseKind;
import io.dstream.mssql.logging.LogLimit;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The life of one lease: asks for it, keeps it, gives it back. All its requests are sent by the one thread that runs
/// it, which nobody interrupts: what was granted is known, and given back also where nobody waits for it any more.
///
/// Every [#EVERY] one request is sent, in turn a renewal and a heartbeat (the note in the blob's metadata): no request
/// does both, and only the holder may write, so that a heartbeat too finds out whether the lease is still ours. Once a
/// request has failed, renewals are tried at short intervals until one goes through or the lease is over.
final class LeaseKeeper implements Runnable {

    static final Duration EVERY = Duration.ofSeconds(20);

    /// Less than the lease lasts: a line or a save that was begun in time takes a moment.
    static final Duration HELD_FOR = Duration.ofSeconds(LockBlob.LEASE_SECONDS - 2);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);
    private static final Duration RELEASE_WITHIN = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);

    private final LockBlob blob;
    private final String owner;
    private final BooleanSupplier sameServer;
    private final KeeperClock clock;
    private final LogLimit limit;

    private final String leaseId = UUID.randomUUID().toString();
    private final CompletableFuture<LeaseAttempt> answer = new CompletableFuture<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    /// `owner` is what others read about us. The lease holds only while `sameServer`: the blob is named after the
    /// server
    /// that answered when it was asked for. `limit` is for what all keepers log together.
    LeaseKeeper(LockBlob blob, String owner, BooleanSupplier sameServer, KeeperClock clock, LogLimit limit) {
        this.blob = blob;
        this.owner = owner;
        this.sameServer = sameServer;
        this.clock = clock;
        this.limit = limit;
    }

    /// What came of asking. Fails with the `Failure` that asking ended in.
    Future<LeaseAttempt> answer() {
        return answer;
    }

    /// Returns when the lease is given back or lost, or was not granted.
    @Override
    public void run() {
        try {
            LeaseAttempt attempt = ask();
            answer.complete(attempt);
            if (attempt instanceof Held(BlobLease lease)) {
                keep(lease);
            }
        } catch (Failure | InterruptedException | RuntimeException e) {
            endWith(e);
        } catch (Error e) {
            endWith(e);
            throw e;
        } finally {
            ended.countDown();
        }
    }

    /// Whoever asked waits for an answer, whatever happened.
    private void endWith(Throwable e) {
        if (!answer.completeExceptionally(e)) {
            log.error("Lease is not kept any longer and runs out, please report it blob={}", blob.name(), e);
        }
    }

    private LeaseAttempt ask() throws Failure, InterruptedException {
        BlobState state = lookOrCreate();
        if (state.isAbandoned()) {
            if (!blob.breakLease(state.etag())) {
                return new HeldElsewhere(Optional.empty());
            }
            log.warn(
                    "Broke a lease without end whose blob was not touched for two minutes blob={} last_modified={}",
                    blob.name(),
                    state.lastModified());
        } else if (state.lease() != LeaseKind.NONE) {
            return new HeldElsewhere(HolderNote.ownerIn(state.metadata()));
        }
        try {
            return take(state);
        } catch (Failure e) {
            // It may have been granted and the answer lost.
            giveBack();
            throw e;
        }
    }

    private BlobState lookOrCreate() throws Failure, InterruptedException {
        Optional<BlobState> state = blob.look();
        if (state.isPresent()) {
            return state.get();
        }
        blob.create();
        return blob.look()
                .orElseThrow(() -> new TransientFailure("look at lock blob " + blob.name() + ": it was deleted"));
    }

    /// Nobody may write the table before the note with the new epoch is in the blob: it changes the etag, and with the
    /// old one nobody else can take or break the lease.
    private LeaseAttempt take(BlobState state) throws Failure, InterruptedException {
        long sentAtNanos = clock.nanoTime();
        long epoch = HolderNote.nextEpoch(state.metadata(), clock.now());
        boolean ours = blob.acquire(leaseId, state.etag()) && blob.write(leaseId, note(epoch));
        return ours ? new Held(new BlobLease(epoch, sentAtNanos)) : new HeldElsewhere(Optional.empty());
    }

    private void keep(BlobLease lease) throws InterruptedException {
        try {
            if (renewUntilReleasedOrOver(lease)) {
                giveBack();
            }
        } finally {
            lease.hold.end();
        }
    }

    /// False where the store says that the lease is not ours any more.
    private boolean renewUntilReleasedOrOver(BlobLease lease) throws InterruptedException {
        long dueAtNanos = lease.takenAtNanos + EVERY.toNanos();
        boolean heartbeatNext = false;
        Duration retry = FIRST_RETRY;
        while (!clock.await(released, dueAtNanos - clock.nanoTime()) && !lease.hold.isOver()) {
            long sentAtNanos = clock.nanoTime();
            try {
                if (!(heartbeatNext ? heartbeat(lease) : renew(lease))) {
                    warn("Lease was taken away", "the store says that it is not ours");
                    return false;
                }
                heartbeatNext = !heartbeatNext;
                dueAtNanos = sentAtNanos + EVERY.toNanos();
                retry = FIRST_RETRY;
            } catch (Failure e) {
                warn("Lease could not be renewed, trying again until it is over", e.getMessage());
                heartbeatNext = false;
                dueAtNanos = clock.nanoTime() + retry.toNanos();
                retry = longer(retry);
            }
        }
        return true;
    }

    private boolean renew(BlobLease lease) throws Failure, InterruptedException {
        long sentAtNanos = clock.nanoTime();
        boolean ours = blob.renew(leaseId);
        if (ours) {
            lease.hold.prove(sentAtNanos);
        }
        return ours;
    }

    private boolean heartbeat(BlobLease lease) throws Failure, InterruptedException {
        return blob.write(leaseId, note(lease.epoch));
    }

    private Map<String, String> note(long epoch) {
        return new HolderNote(owner, epoch, clock.now()).toMetadata();
    }

    private void warn(String phrase, String error) {
        limit.admit()
                .ifPresent(suppressedBefore -> log.warn(
                        "{} blob={} suppressed_messages={} error={}", phrase, blob.name(), suppressedBefore, error));
    }

    private static Duration longer(Duration retry) {
        Duration twice = retry.multipliedBy(2);
        return twice.compareTo(LONGEST_RETRY) < 0 ? twice : LONGEST_RETRY;
    }

    /// Tried once: what cannot be given back ends by itself.
    private void giveBack() throws InterruptedException {
        try {
            blob.release(leaseId);
        } catch (Failure e) {
            log.debug("Lease was not given back, it will run out blob={} error={}", blob.name(), e.getMessage());
        }
    }

    /// Asks for the lease to be given back, now or once it is granted, without waiting for that.
    void release() {
        released.countDown();
    }

    /// Waits until the lease is given back; false where that took longer than `atMost`.
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        return ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Thread-safe.
    private final class BlobLease implements Lease {

        private final long epoch;
        private final long takenAtNanos;
        private final HoldTime hold;

        BlobLease(long epoch, long takenAtNanos) {
            this.epoch = epoch;
            this.takenAtNanos = takenAtNanos;
            this.hold = new HoldTime(HELD_FOR, clock::nanoTime, takenAtNanos);
        }

        @Override
        public boolean isHeld() {
            if (!sameServer.getAsBoolean()) {
                hold.end();
            }
            return !hold.isOver() && released.getCount() > 0;
        }

        @Override
        public OptionalLong epoch() {
            return OptionalLong.of(epoch);
        }

        /// Waits a moment, so that whoever asks next finds the table free; giving back goes on without us.
        @Override
        public void release() {
            LeaseKeeper.this.release();
            try {
                if (!awaitEnd(RELEASE_WITHIN)) {
                    log.debug("Lease is not given back yet blob={}", blob.name());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
