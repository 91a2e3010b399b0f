package io.dstream.mssql.standin.cdc;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Change data capture of one database: the log, the capture job and the `cdc.*` tables, which are real tables of H2.
/// Thread-safe.
public interface ChangeCapture extends AutoCloseable {

    /// What `sys.sp_cdc_enable_table` was given.
    record EnableTable(
            String schema,
            String table,
            Optional<String> captureInstance,
            Optional<String> gatingRole,
            List<String> columns,
            boolean supportsNetChanges) {}

    /// `sys.sp_cdc_enable_db`: creates schema cdc and its tables.
    void enableDatabase() throws SQLException, SqlServerError;

    /// `sys.sp_cdc_disable_db`.
    void disableDatabase() throws SQLException, SqlServerError;

    /// As in `sys.databases.is_cdc_enabled`.
    boolean isEnabled();

    /// `sys.sp_cdc_enable_table`.
    void enableTable(EnableTable request) throws SQLException, SqlServerError;

    /// `sys.sp_cdc_disable_table`; `captureInstance` may be `all`.
    void disableTable(String schema, String table, String captureInstance) throws SQLException, SqlServerError;

    /// `sys.sp_cdc_cleanup_change_table`: drops rows below `lowWatermark` and moves the instance's start there.
    void cleanup(String captureInstance, Lsn lowWatermark) throws SQLException, SqlServerError;

    /// `sys.fn_cdc_get_min_lsn`: [Lsn#ZERO] for an instance that is not there.
    Lsn minLsn(String captureInstance) throws SQLException;

    /// `sys.fn_cdc_get_max_lsn`: empty before the capture job ran.
    Optional<Lsn> maxLsn() throws SQLException;

    /// Checks the bounds of `cdc.fn_cdc_get_all_changes_*` as SQL Server does (error 313) and answers the H2 SELECT
    /// that stands for the call, columns in the function's order. `rowFilter` is `all` or `all update old`.
    String allChanges(String captureInstance, Lsn from, Lsn to, String rowFilter) throws SQLException, SqlServerError;

    /// True where the table has a capture instance: `sys.tables.is_tracked_by_cdc`. TRUNCATE TABLE is refused then.
    boolean isCaptured(String schema, String table);

    /// Runs an ALTER TABLE, catalogue included, between two states of capture: H2 loses triggers by it. Waits for the
    /// open transactions that changed rows (error 1222 after a while). Not for use in a transaction.
    void whileAltering(String schema, String table, Alteration alteration) throws SQLException, SqlServerError;

    /// Before DROP TABLE: drops the table's capture instances, if it has any.
    void beforeDrop(String schema, String table) throws SQLException, SqlServerError;

    /// What [#whileAltering] runs.
    interface Alteration {
        /// Alters the table in H2 and in the catalogue.
        void run() throws SQLException, SqlServerError;
    }

    /// The gating role of an instance, if one was named. Empty also where there is no such instance.
    Optional<String> gatingRole(String captureInstance) throws SQLException;

    /// Must be told of everything that one client does to its H2 connection, whose auto-commit it turns off. `mark`
    /// comes before statements that change rows and before no others: DDL would wait for its own session.
    SessionLog openSession(Connection h2);

    /// Appends what the capture job writes after five idle minutes: an entry with `tran_id` 0x00. Seen soon.
    Lsn advanceIdle();

    /// Appends a committed transaction without rows to the log, at `at` or at the next LSN, and answers its LSN. For
    /// harnesses that serve rows of their own. Throws `IllegalArgumentException` for an LSN the log has passed.
    Lsn appendEmpty(Optional<Lsn> at);

    /// From now on `listener` is told the last commit LSN of what the capture job has just made visible, all that
    /// came before it included. Called on the job's thread, which it must not keep.
    void onVisible(Consumer<Lsn> listener);

    /// Stops the capture job; commits go on and wait in the log.
    void pause();

    /// Starts it again.
    void resume();

    @Override
    void close();

    /// What one client's session changed and has not committed. Used by the session's thread.
    interface SessionLog extends AutoCloseable {

        /// Before each statement that changes rows: a point to come back to. Waits while a table is enabled or altered,
        /// and they wait for the end of this transaction.
        long mark();

        /// The same point, for a statement that only reads. Waits for nobody.
        long position();

        /// After a failed statement or a rollback to a savepoint: forgets all since `mark`.
        void truncate(long mark);

        /// Commits H2 and appends to the log as one, in commit order; takes an LSN only if rows were captured.
        void commit() throws SQLException;

        /// Rolls H2 back and forgets.
        void rollback() throws SQLException;

        @Override
        void close();
    }
}
