package io.dstream.mssql.standin.cdc;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.standin.engine.Catalog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/// Inserts into change tables and `cdc.lsn_time_mapping`, in batches, for as long as no table is made or dropped.
/// Not thread-safe.
final class ChangeTables implements AutoCloseable {

    private static final int BATCH = 500;

    private final Connection h2;
    private final Catalog catalog;
    private final Map<CapturedInstance, Inserts> inserts = new HashMap<>();

    ChangeTables(Connection h2, Catalog catalog) {
        this.h2 = h2;
        this.catalog = catalog;
    }

    void insert(CapturedInstance instance, Lsn commitLsn, Lsn seqval, int command, ChangeRow row) throws SQLException {
        Inserts open = inserts.get(instance);
        if (open == null) {
            open = new Inserts(h2.prepareStatement(insertSql(instance)));
            inserts.put(instance, open);
        }
        open.add(commitLsn, seqval, command, row);
    }

    /// Sends what is still batched, and the transaction's entry.
    void finish(LoggedTransaction transaction) throws SQLException {
        for (Inserts open : inserts.values()) {
            open.flush();
        }
        try (PreparedStatement insert = h2.prepareStatement(
                "INSERT INTO " + catalog.h2Name("cdc", "lsn_time_mapping") + " VALUES (?, ?, ?, ?, ?)")) {
            insert.setBytes(1, transaction.commitLsn().toBytes());
            insert.setObject(2, transaction.begin());
            insert.setObject(3, transaction.end());
            insert.setBytes(4, transaction.idBytes());
            insert.setBytes(5, transaction.beginLsn().toBytes());
            insert.executeUpdate();
        }
    }

    @Override
    public void close() throws SQLException {
        for (Inserts open : inserts.values()) {
            open.statement.close();
        }
    }

    private String insertSql(CapturedInstance instance) {
        // start_lsn, end_lsn, seqval, operation, update_mask, captured columns, command_id
        return "INSERT INTO " + catalog.h2Name("cdc", CapturedInstance.changeTableName(instance.name()))
                + " VALUES (?, NULL, ?, ?, ?, "
                + String.join(", ", Collections.nCopies(instance.columns().size(), "?")) + ", ?)";
    }

    /// The batched INSERTs of one change table.
    private static final class Inserts {
        private final PreparedStatement statement;
        private int waiting;

        Inserts(PreparedStatement statement) {
            this.statement = statement;
        }

        void add(Lsn commitLsn, Lsn seqval, int command, ChangeRow row) throws SQLException {
            statement.setBytes(1, commitLsn.toBytes());
            statement.setBytes(2, seqval.toBytes());
            statement.setInt(3, row.operation);
            statement.setBytes(4, row.updateMask);
            for (int i = 0; i < row.values.length; i++) {
                statement.setObject(5 + i, row.values[i]);
            }
            statement.setInt(5 + row.values.length, command);
            statement.addBatch();
            if (++waiting == BATCH) {
                flush();
            }
        }

        void flush() throws SQLException {
            if (waiting > 0) {
                statement.executeBatch();
                waiting = 0;
            }
        }
    }
}
