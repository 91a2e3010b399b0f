package io.dstream.mssql.lock.blob;

import io.dstream.mssql.config.LockConfig.AzureBlob;
import io.dstream.mssql.config.Secret;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.lock.TableLocker;
import io.dstream.mssql.lock.TableLockerContract;
import io.dstream.mssql.testing.Azurite;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

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
}
