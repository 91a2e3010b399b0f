package io.dstream.mssql.lock.blob;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.rest.Response;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobLeaseRequestConditions;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.DeleteSnapshotsOptionType;
import com.azure.storage.blob.models.LeaseDurationType;
import com.azure.storage.blob.models.LeaseStatusType;
import com.azure.storage.blob.models.PublicAccessType;
import com.azure.storage.blob.options.BlobAcquireLeaseOptions;
import com.azure.storage.blob.options.BlobBreakLeaseOptions;
import com.azure.storage.blob.options.BlobReleaseLeaseOptions;
import com.azure.storage.blob.options.BlobRenewLeaseOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.blob.specialized.BlobLeaseClient;
import com.azure.storage.blob.specialized.BlobLeaseClientBuilder;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.lock.blob.BlobState.LeaseKind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A blob of Azure Storage. Source: Microsoft Learn, "Lease Blob (REST API)" and "Blob service error codes".
final class AzureLockBlob implements LockBlob {

    private static final Duration TIMEOUT = Duration.ofSeconds(REQUEST_SECONDS);
    private static final @Nullable BlobRequestConditions UNCONDITIONAL = null;

    private static final Set<BlobErrorCode> MISSING =
            Set.of(BlobErrorCode.BLOB_NOT_FOUND, BlobErrorCode.CONTAINER_NOT_FOUND);

    /// The lease is somebody else's, or nobody's, or the blob is not what it was.
    private static final Set<BlobErrorCode> NOT_OURS = Set.of(
            BlobErrorCode.LEASE_ALREADY_PRESENT,
            BlobErrorCode.LEASE_ALREADY_BROKEN,
            BlobErrorCode.LEASE_ID_MISMATCH_WITH_LEASE_OPERATION,
            BlobErrorCode.LEASE_ID_MISMATCH_WITH_BLOB_OPERATION,
            BlobErrorCode.LEASE_IS_BREAKING_AND_CANNOT_BE_ACQUIRED,
            BlobErrorCode.LEASE_IS_BROKEN_AND_CANNOT_BE_RENEWED,
            BlobErrorCode.LEASE_LOST,
            BlobErrorCode.LEASE_NOT_PRESENT_WITH_LEASE_OPERATION,
            BlobErrorCode.LEASE_NOT_PRESENT_WITH_BLOB_OPERATION,
            BlobErrorCode.CONDITION_NOT_MET,
            BlobErrorCode.BLOB_NOT_FOUND,
            BlobErrorCode.CONTAINER_NOT_FOUND);

    /// It is there already; one with a lease cannot be replaced by whoever has not the lease.
    private static final Set<BlobErrorCode> THERE =
            Set.of(BlobErrorCode.BLOB_ALREADY_EXISTS, BlobErrorCode.CONDITION_NOT_MET, BlobErrorCode.LEASE_ID_MISSING);

    private static final Set<BlobErrorCode> NO_CONTAINER = Set.of(BlobErrorCode.CONTAINER_NOT_FOUND);
    private static final Set<BlobErrorCode> CONTAINER_THERE = Set.of(BlobErrorCode.CONTAINER_ALREADY_EXISTS);
    private static final @Nullable PublicAccessType PRIVATE = null;

    private final BlobContainerClient container;
    private final BlobClient blob;
    private final String name;

    AzureLockBlob(BlobContainerClient container, String name) {
        this.container = container;
        this.name = name;
        this.blob = container.getBlobClient(name);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<BlobState> look() throws Failure, InterruptedException {
        try {
            return Optional.of(state(blob.getPropertiesWithResponse(UNCONDITIONAL, TIMEOUT, Context.NONE)));
        } catch (RuntimeException e) {
            if (isOneOf(MISSING, e)) {
                return Optional.empty();
            }
            throw failure("look at", e);
        }
    }

    /// Whether it is there, and if not, whether its container is.
    enum Presence {
        THERE,
        NO_BLOB,
        NO_CONTAINER
    }

    /// Asks, which takes no more than reading.
    Presence presence() throws Failure, InterruptedException {
        try {
            blob.getPropertiesWithResponse(UNCONDITIONAL, TIMEOUT, Context.NONE);
            return Presence.THERE;
        } catch (RuntimeException e) {
            if (isOneOf(NO_CONTAINER, e)) {
                return Presence.NO_CONTAINER;
            }
            if (isOneOf(MISSING, e)) {
                return Presence.NO_BLOB;
            }
            throw failure("look at", e);
        }
    }

    /// Deletes it, unless somebody has its lease. False where it was not there. Throws `PermanentFailure` where
    /// somebody has the lease, or we may not delete.
    boolean delete() throws Failure, InterruptedException {
        try {
            blob.deleteWithResponse(DeleteSnapshotsOptionType.INCLUDE, UNCONDITIONAL, TIMEOUT, Context.NONE);
            return true;
        } catch (RuntimeException e) {
            if (isOneOf(MISSING, e)) {
                return false;
            }
            if (isOneOf(NOT_OURS, e) || isOneOf(THERE, e)) {
                throw new PermanentFailure(
                        "delete lock blob " + name + ": another instance has its lease; stop it first", e);
            }
            Failure failure = failure("delete", e);
            throw failure instanceof PermanentFailure
                    ? new PermanentFailure(failure.getMessage() + "; to delete, a SAS token needs d as well", e)
                    : failure;
        }
    }

    private static BlobState state(Response<BlobProperties> response) {
        BlobProperties blob = response.getValue();
        LeaseKind lease;
        if (LeaseStatusType.UNLOCKED.equals(blob.getLeaseStatus())) {
            lease = LeaseKind.NONE;
        } else {
            lease = LeaseDurationType.INFINITE.equals(blob.getLeaseDuration()) ? LeaseKind.INFINITE : LeaseKind.FINITE;
        }
        Instant lastModified = blob.getLastModified().toInstant();
        // Without the store's own time no lease counts as abandoned.
        Instant now = Optional.ofNullable(response.getHeaders().getValue(HttpHeaderName.DATE))
                .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant())
                .orElse(lastModified);
        return new BlobState(lease, lastModified, now, blob.getETag(), Map.copyOf(blob.getMetadata()));
    }

    @Override
    public void create() throws Failure, InterruptedException {
        uploadAlsoWithoutContainer(new BlobRequestConditions().setIfNoneMatch("*"));
    }

    /// Replaces it by an empty one, or creates it.
    void replace() throws Failure, InterruptedException {
        uploadAlsoWithoutContainer(new BlobRequestConditions());
    }

    private void uploadAlsoWithoutContainer(BlobRequestConditions conditions) throws Failure, InterruptedException {
        if (!upload(conditions)) {
            createContainer();
            if (!upload(conditions)) {
                throw new TransientFailure("create lock blob " + name + ": its container was deleted");
            }
        }
    }

    /// False where the container is missing.
    private boolean upload(BlobRequestConditions conditions) throws Failure, InterruptedException {
        BlockBlobSimpleUploadOptions nothing =
                new BlockBlobSimpleUploadOptions(BinaryData.fromBytes(new byte[0])).setRequestConditions(conditions);
        try {
            blob.getBlockBlobClient().uploadWithResponse(nothing, TIMEOUT, Context.NONE);
            return true;
        } catch (RuntimeException e) {
            if (isOneOf(THERE, e)) {
                return true;
            }
            if (isOneOf(NO_CONTAINER, e)) {
                return false;
            }
            throw failure("create", e);
        }
    }

    private void createContainer() throws Failure, InterruptedException {
        try {
            container.createWithResponse(Map.of(), PRIVATE, TIMEOUT, Context.NONE);
        } catch (RuntimeException e) {
            if (!isOneOf(CONTAINER_THERE, e)) {
                throw AzureFailures.translate("create container " + container.getBlobContainerName(), host(), e);
            }
        }
    }

    @Override
    public boolean acquire(String leaseId, String etag) throws Failure, InterruptedException {
        BlobAcquireLeaseOptions options = new BlobAcquireLeaseOptions(LEASE_SECONDS)
                .setRequestConditions(new BlobLeaseRequestConditions().setIfMatch(etag));
        return isOurs(
                "take the lease of", () -> lease(leaseId).acquireLeaseWithResponse(options, TIMEOUT, Context.NONE));
    }

    @Override
    public boolean renew(String leaseId) throws Failure, InterruptedException {
        return isOurs(
                "renew the lease of",
                () -> lease(leaseId).renewLeaseWithResponse(new BlobRenewLeaseOptions(), TIMEOUT, Context.NONE));
    }

    @Override
    public boolean write(String leaseId, Map<String, String> metadata) throws Failure, InterruptedException {
        BlobRequestConditions underLease = new BlobRequestConditions().setLeaseId(leaseId);
        return isOurs("write into", () -> blob.setMetadataWithResponse(metadata, underLease, TIMEOUT, Context.NONE));
    }

    @Override
    public void release(String leaseId) throws Failure, InterruptedException {
        isOurs(
                "release the lease of",
                () -> lease(leaseId).releaseLeaseWithResponse(new BlobReleaseLeaseOptions(), TIMEOUT, Context.NONE));
    }

    @Override
    public boolean breakLease(String etag) throws Failure, InterruptedException {
        BlobBreakLeaseOptions options = new BlobBreakLeaseOptions()
                .setBreakPeriod(Duration.ZERO)
                .setRequestConditions(new BlobLeaseRequestConditions().setIfMatch(etag));
        BlobLeaseClient whoever = new BlobLeaseClientBuilder().blobClient(blob).buildClient();
        return isOurs("break the lease of", () -> whoever.breakLeaseWithResponse(options, TIMEOUT, Context.NONE));
    }

    private BlobLeaseClient lease(String leaseId) {
        return new BlobLeaseClientBuilder().blobClient(blob).leaseId(leaseId).buildClient();
    }

    private boolean isOurs(String operation, Runnable request) throws Failure, InterruptedException {
        try {
            request.run();
            return true;
        } catch (RuntimeException e) {
            if (isOneOf(NOT_OURS, e)) {
                return false;
            }
            throw failure(operation, e);
        }
    }

    private static boolean isOneOf(Set<BlobErrorCode> codes, RuntimeException e) {
        return e instanceof BlobStorageException answer
                && answer.getErrorCode() != null
                && codes.contains(answer.getErrorCode());
    }

    private Failure failure(String operation, RuntimeException e) throws InterruptedException {
        return AzureFailures.translate(operation + " lock blob " + name, host(), e);
    }

    /// With its port, where one was given.
    private String host() {
        URI account = URI.create(container.getAccountUrl());
        return account.getHost() + (account.getPort() < 0 ? "" : ":" + account.getPort());
    }
}
