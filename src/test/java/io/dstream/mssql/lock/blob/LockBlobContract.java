package io.dstream.mssql.lock.blob;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.lock.blob.BlobState.LeaseKind;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What a [LeaseKeeper] rests on, and what the fake of its tests must have in common with the storage.
abstract class LockBlobContract {

    private final String ours = UUID.randomUUID().toString();
    private final String theirs = UUID.randomUUID().toString();

    /// A blob that is missing, as is perhaps its container.
    abstract LockBlob missing();

    /// Takes a lease without end, as the original program does.
    abstract void leaseWithoutEnd(LockBlob blob) throws Exception;

    private LockBlob created() throws Exception {
        LockBlob blob = missing();
        blob.create();
        return blob;
    }

    private LockBlob leased() throws Exception {
        LockBlob blob = created();
        assertThat(blob.acquire(ours, etag(blob))).isTrue();
        return blob;
    }

    private static BlobState state(LockBlob blob) throws Exception {
        return blob.look().orElseThrow();
    }

    private static String etag(LockBlob blob) throws Exception {
        return state(blob).etag();
    }

    @Test
    void isThereOnceItIsCreated() throws Exception {
        LockBlob blob = missing();
        assertThat(blob.look()).isEmpty();

        blob.create();

        assertThat(state(blob).lease()).isEqualTo(LeaseKind.NONE);
        assertThat(state(blob).metadata()).isEmpty();
    }

    @Test
    void creatingItAgainChangesNothing() throws Exception {
        LockBlob blob = leased();
        assertThat(blob.write(ours, Map.of("epoch", "1"))).isTrue();
        String etag = etag(blob);

        blob.create();

        assertThat(etag(blob)).isEqualTo(etag);
        assertThat(state(blob).lease()).isEqualTo(LeaseKind.FINITE);
    }

    @Test
    void oneHoldsIt() throws Exception {
        LockBlob blob = leased();

        assertThat(state(blob).lease()).isEqualTo(LeaseKind.FINITE);
        assertThat(blob.acquire(theirs, etag(blob))).isFalse();
        assertThat(blob.renew(theirs)).isFalse();
        assertThat(blob.write(theirs, Map.of("epoch", "1"))).isFalse();
        assertThat(blob.renew(ours)).isTrue();
    }

    @Test
    void neitherALeaseNorItsRenewalChangesTheEtag() throws Exception {
        LockBlob blob = created();
        String etag = etag(blob);

        assertThat(blob.acquire(ours, etag)).isTrue();
        assertThat(blob.renew(ours)).isTrue();
        blob.release(ours);

        assertThat(etag(blob)).isEqualTo(etag);
    }

    @Test
    void writingChangesTheEtagAndKeepsTheLease() throws Exception {
        LockBlob blob = leased();
        String before = etag(blob);

        assertThat(blob.write(ours, Map.of("owner", "a pid 1 since 2026", "epoch", "7")))
                .isTrue();

        assertThat(etag(blob)).isNotEqualTo(before);
        assertThat(state(blob).metadata()).containsEntry("owner", "a pid 1 since 2026");
        assertThat(HolderNote.epochIn(state(blob).metadata())).isEqualTo(7);
        assertThat(blob.renew(ours)).isTrue();
    }

    @Test
    void cannotBeTakenWithAnOldEtag() throws Exception {
        LockBlob blob = leased();
        String old = etag(blob);
        assertThat(blob.write(ours, Map.of("epoch", "1"))).isTrue();
        blob.release(ours);

        assertThat(blob.acquire(theirs, old)).isFalse();
        assertThat(blob.acquire(theirs, etag(blob))).isTrue();
    }

    @Test
    void isFreeOnceReleased() throws Exception {
        LockBlob blob = leased();

        blob.release(theirs);
        assertThat(state(blob).lease()).isEqualTo(LeaseKind.FINITE);
        blob.release(ours);

        assertThat(state(blob).lease()).isEqualTo(LeaseKind.NONE);
        assertThat(blob.renew(ours)).isFalse();
        assertThat(blob.write(ours, Map.of("epoch", "1"))).isFalse();
        assertThat(blob.acquire(theirs, etag(blob))).isTrue();
    }

    @Test
    void aLeaseWithoutEndCanBeBrokenAndTaken() throws Exception {
        LockBlob blob = created();
        leaseWithoutEnd(blob);
        assertThat(state(blob).lease()).isEqualTo(LeaseKind.INFINITE);
        assertThat(blob.acquire(ours, etag(blob))).isFalse();

        assertThat(blob.breakLease(etag(blob))).isTrue();

        assertThat(state(blob).lease()).isEqualTo(LeaseKind.NONE);
        assertThat(blob.acquire(ours, etag(blob))).isTrue();
        assertThat(state(blob).lease()).isEqualTo(LeaseKind.FINITE);
    }

    @Test
    void cannotBeBrokenWithAnOldEtag() throws Exception {
        LockBlob blob = leased();
        String old = etag(blob);
        assertThat(blob.write(ours, Map.of("epoch", "1"))).isTrue();

        assertThat(blob.breakLease(old)).isFalse();

        assertThat(blob.renew(ours)).isTrue();
    }

    @Test
    void thereIsNothingToBreakWithoutALease() throws Exception {
        LockBlob blob = created();

        assertThat(blob.breakLease(etag(blob))).isFalse();
    }

    @Test
    void aHolderWhoseLeaseWasBrokenFindsOut() throws Exception {
        LockBlob blob = leased();

        assertThat(blob.breakLease(etag(blob))).isTrue();

        assertThat(blob.renew(ours)).isFalse();
        assertThat(blob.write(ours, Map.of("epoch", "1"))).isFalse();
    }

    @Test
    void itsClockIsTheStores() throws Exception {
        BlobState state = state(created());

        assertThat(Duration.between(state.lastModified(), state.now())).isLessThan(Duration.ofMinutes(2));
    }
}
