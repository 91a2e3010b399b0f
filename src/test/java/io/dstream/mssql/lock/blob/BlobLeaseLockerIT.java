package io.dstream.mssql.lock.blob;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.config.LockConfig.AzureBlob;
import io.dstream.mssql.config.Secret;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.lock.LeaseAttempt;
import io.dstream.mssql.lock.TableLocker;
import io.dstream.mssql.lock.TableLockerContract;
import io.dstream.mssql.testing.Azurite;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The promises of every locker, with leases in Azurite.
final class BlobLeaseLockerIT extends TableLockerContract {

    private AzureBlob config;

    @BeforeEach
    void newContainer() {
        Azurite azurite = Azurite.shared();
        config = new AzureBlob(
                Optional.of(new Secret(azurite.connectionString())), Optional.empty(), azurite.newContainerName());
    }

    @Override
    protected TableLocker open() {
        try {
            return BlobLeaseLocker.open(config, () -> "SQL01", "Shop");
        } catch (PermanentFailure e) {
            throw new AssertionError(e);
        }
    }

    /// More than the client library has threads for by itself.
    @Test
    void manyLeasesAreTakenAndGivenBackAtOnce() throws Exception {
        List<TableName> tables = IntStream.range(0, 100)
                .mapToObj(i -> new TableName("dbo", "t" + i))
                .toList();
        TableLocker locker = instance();

        assertThat(heldOf(locker, tables)).isEqualTo(tables.size());
        locker.close();

        assertThat(heldOf(instance(), tables)).isEqualTo(tables.size());
    }

    private static long heldOf(TableLocker locker, List<TableName> tables) throws Exception {
        try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<LeaseAttempt>> attempts = tables.stream()
                    .map(table -> askers.submit(() -> locker.tryAcquire(table)))
                    .toList();
            long held = 0;
            for (Future<LeaseAttempt> attempt : attempts) {
                held += attempt.get() instanceof LeaseAttempt.Held ? 1 : 0;
            }
            return held;
        }
    }
}
