package io.dstream.mssql.lock.blob;

import static io.dstream.mssql.lock.blob.LockBlob.REQUEST_SECONDS;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.SharedExecutorService;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import io.dstream.mssql.config.LockConfig.AzureBlob;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A container of Azure Storage.
///
/// The client library sends each request once: whether to try again is decided by who knows how long the lease lasts.
final class AzureLockBlobs implements LockBlobs {

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(REQUEST_SECONDS);
    private static final int MOST_REQUESTS_AT_ONCE = 4096;
    private static final Duration UNUSED_FOR = Duration.ofSeconds(10);
    private static final @Nullable Duration UNUSED_DELAY = null;
    private static final @Nullable String NO_SECONDARY = null;

    private final BlobContainerClient container;

    private AzureLockBlobs(BlobContainerClient container) {
        this.container = container;
    }

    /// Throws `PermanentFailure` where the client library does not understand `config`.
    static AzureLockBlobs open(AzureBlob config) throws PermanentFailure {
        SharedExecutorService.getInstance().setExecutorService(requestThreads());
        HttpClient http = new JdkHttpClientBuilder()
                .connectionTimeout(REQUEST_TIMEOUT)
                .responseTimeout(REQUEST_TIMEOUT)
                .readTimeout(REQUEST_TIMEOUT)
                .writeTimeout(REQUEST_TIMEOUT)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
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

    /// The library sends every request on a thread of a pool and, on its own, has ten of them a processor: with the
    /// leases of more tables than that, requests would wait for each other until all of them have timed out.
    private static ScheduledExecutorService requestThreads() {
        ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(
                MOST_REQUESTS_AT_ONCE, Thread.ofVirtual().name("azure-request").factory());
        threads.setKeepAliveTime(UNUSED_FOR.toSeconds(), TimeUnit.SECONDS);
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    @Override
    public AzureLockBlob named(String name) {
        return new AzureLockBlob(container, name);
    }

    @Override
    public void requireWritable(String name) throws Failure, InterruptedException {
        AzureLockBlob blob = new AzureLockBlob(container, name);
        blob.replace();
        // Reading is another permission.
        blob.look();
    }
}
