package io.dstream.mssql.lock.blob;

import static io.dstream.mssql.lock.blob.LockBlob.REQUEST_SECONDS;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import io.dstream.mssql.config.LockConfig.AzureBlob;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A container of Azure Storage.
///
/// The client library sends each request once: whether to try again is decided by who knows how long the lease lasts.
final class AzureLockBlobs implements LockBlobs {

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(REQUEST_SECONDS);
    private static final @Nullable Duration UNUSED_DELAY = null;
    private static final @Nullable String NO_SECONDARY = null;

    private final BlobContainerClient container;

    private AzureLockBlobs(BlobContainerClient container) {
        this.container = container;
    }

    /// Throws `PermanentFailure` where the client library does not understand `config`.
    static AzureLockBlobs open(AzureBlob config) throws PermanentFailure {
        HttpClient http = new JdkHttpClientBuilder()
                .connectionTimeout(REQUEST_TIMEOUT)
                .responseTimeout(REQUEST_TIMEOUT)
                .readTimeout(REQUEST_TIMEOUT)
                .writeTimeout(REQUEST_TIMEOUT)
                .build();
        BlobContainerClientBuilder builder = new BlobContainerClientBuilder()
                .httpClient(http)
                .retryOptions(new RequestRetryOptions(
                        RetryPolicyType.FIXED, 1, REQUEST_TIMEOUT, UNUSED_DELAY, UNUSED_DELAY, NO_SECONDARY))
                .containerName(config.containerName());
        try {
            config.connectionString().ifPresent(secret -> builder.connectionString(secret.reveal()));
            config.accountUrl()
                    .ifPresent(url -> builder.endpoint(url.toString()).credential(AzureIdentity.ofSurroundings(http)));
            return new AzureLockBlobs(builder.buildClient());
        } catch (IllegalArgumentException | IllegalStateException e) {
            // Not its message: it may quote the connection string.
            throw new PermanentFailure("lock_config: the Azure client library does not accept "
                    + (config.connectionString().isPresent() ? "connection_string" : "account_url"));
        }
    }

    @Override
    public LockBlob named(String name) {
        return new AzureLockBlob(container, name);
    }

    @Override
    public void requireWritable(String name) throws Failure, InterruptedException {
        new AzureLockBlob(container, name).replace();
    }
}
