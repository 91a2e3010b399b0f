package io.dstream.mssql.checkpoint;

import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;

/// Positions in the table `cdc_offsets` of the database that is read. Thread-safe.
public final class SqlCheckpointStore implements CheckpointStore {

    /// The width of `table_name`.
    private static final int MAX_KEY_LENGTH = 255;

    private final SqlOffsets offsets;

    /// `database` stays the caller's to close.
    public SqlCheckpointStore(Database database) {
        this.offsets = new SqlOffsets(database);
    }

    @Override
    public void prepare() throws Failure, InterruptedException {
        offsets.prepare();
        offsets.requireUsable();
    }

    @Override
    public TableCheckpoint open(TableName table) throws Failure, InterruptedException {
        int length = table.toString().length();
        if (length > MAX_KEY_LENGTH) {
            throw new PermanentFailure("read position of " + table + ": schema and table have " + length
                    + " characters, cdc_offsets holds names of at most " + MAX_KEY_LENGTH);
        }
        return SavedOffset.read(offsets, table);
    }
}
