package io.dstream.mssql.lock.blob;

import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.config.LockConfig.AzureBlob;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.lock.LockState;
import io.dstream.mssql.lock.LockStore;
import io.dstream.mssql.lock.blob.AzureLockBlob.Presence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The container of the lock blobs: `<server>/<database>/<schema.table>.lock`, and one more that is written at
/// every start.
public final class BlobLockStore implements LockStore {

    private final AzureLockBlobs blobs;
    private final String server;
    private final String database;
    private final String container;

    private BlobLockStore(AzureLockBlobs blobs, String server, String database, String container) {
        this.blobs = blobs;
        this.server = server;
        this.database = database;
        this.container = container;
    }

    /// The container that `config` names, for tables of `database` on the server that calls itself `server`.
    /// Sends no request yet.
    public static BlobLockStore open(AzureBlob config, String server, String database) throws PermanentFailure {
        return new BlobLockStore(
                AzureLockBlobs.open(config),
                BlobLeaseLocker.requireServerName(server),
                database,
                config.containerName());
    }

    @Override
    public Optional<String> missing() throws Failure, InterruptedException {
        return writeCheck().presence() == Presence.NO_CONTAINER
                ? Optional.of("container " + container)
                : Optional.empty();
    }

    private AzureLockBlob writeCheck() {
        return blobs.named(LockName.ofWriteCheck(server, database));
    }

    private AzureLockBlob of(TableName table) {
        return blobs.named(LockName.of(server, database, table));
    }

    @Override
    public LockState look(TableName table) throws Failure, InterruptedException {
        return of(table)
                .look()
                .filter(BlobState::isLeased)
                .map(state -> new LockState(LockState.Kind.HELD, HolderNote.ownerIn(state.metadata())))
                .orElseGet(() -> new LockState(LockState.Kind.FREE));
    }

    @Override
    public Optional<String> create() throws Failure, InterruptedException {
        Optional<String> missing = missing();
        blobs.requireWritable(writeCheck().name());
        return missing;
    }

    @Override
    public List<String> remove(List<TableName> tables) throws Failure, InterruptedException {
        List<String> removed = new ArrayList<>();
        for (TableName table : tables) {
            AzureLockBlob blob = of(table);
            if (blob.delete()) {
                removed.add("lock blob " + blob.name());
            }
        }
        AzureLockBlob check = writeCheck();
        if (check.delete()) {
            removed.add("blob " + check.name());
        }
        return removed;
    }
}
