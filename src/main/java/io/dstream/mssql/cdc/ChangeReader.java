package io.dstream.mssql.cdc;

import io.dstream.mssql.cdc.CaptureInstances.Watermarked;
import io.dstream.mssql.config.ReadingConfig;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.db.SqlErrors;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the changes of one table, window by window. Used by one thread.
public final class ChangeReader {

    /// What to do with each row.
    @FunctionalInterface
    public interface RowHandler {
        /// Takes the row the reader stands on; false ends the window early, before that row.
        boolean accept(ChangeRow row) throws Failure, InterruptedException;
    }

    private static final Logger log = LoggerFactory.getLogger(ChangeReader.class);

    private final Database database;
    private final SourceTable table;
    private final RepeatedHours hours;
    private final FetchAheadLimit fetchAhead;
    private final RowQuery query;
    private final CaptureInstances captureInstances;

    /// `hours` and `fetchAhead` are shared by all tables of the database.
    public ChangeReader(
            Database database,
            SourceTable table,
            ReadingConfig reading,
            RepeatedHours hours,
            FetchAheadLimit fetchAhead) {
        this.database = database;
        this.table = table;
        this.query = RowQuery.of(reading);
        this.hours = hours;
        this.fetchAhead = fetchAhead;
        this.captureInstances = new CaptureInstances(table);
    }

    /// Before the first change that CDC still holds, and all of it: not where only an older capture instance
    /// still has what the cleanup has taken from the newer.
    public Position earliest() throws Failure, InterruptedException {
        return database.control("read capture instances of " + table.name(), connection -> {
            List<Watermarked> instances = captureInstances.read(connection);
            Lsn first = CaptureInstances.first(instances);
            Lsn whole = CaptureInstances.earliest(connection, instances);
            if (!whole.equals(first)) {
                log.warn(
                        "Beginning with the newer capture instance, the cleanup took more of it than of the older "
                                + "table={} older_from={} from={}",
                        table.name(),
                        first,
                        whole);
            }
            return Position.before(whole);
        });
    }

    /// Where a table begins that wants nothing up to `latest`: there; or with the first capture instance, where
    /// the table had none until then. It is `latest` also where the cleanup has taken something since, which is
    /// a gap.
    public Position beginningAfter(Position latest) throws Failure, InterruptedException {
        return database.control("read capture instances of " + table.name(), connection -> {
            List<Watermarked> instances = captureInstances.read(connection);
            Watermarked first = Collections.min(instances, Comparator.comparing(Watermarked::lowWatermark));
            if (first.covers(latest.windowStart())
                    || CaptureInstances.wasCleanedUp(connection, instances.getFirst(), first.lowWatermark())) {
                return latest;
            }
            log.info(
                    "Capture instance began after the latest there was at the start table={} latest={} "
                            + "capture_instance={} from={}",
                    table.name(),
                    latest,
                    first.instance().name(),
                    first.lowWatermark());
            return Position.before(first.lowWatermark());
        });
    }

    /// The capture instances that hold what comes after `position`, oldest first, as they are now. Throws
    /// `PermanentFailure` where a chosen column is captured by none.
    public List<CaptureInstance> instancesAfter(Position position) throws Failure, InterruptedException {
        List<Watermarked> all = database.control("read capture instances of " + table.name(), captureInstances::read);
        captureInstances.requireNamesKnown(all);
        int first = CaptureInstances.newestCovering(all, position.windowStart())
                .map(all::indexOf)
                .orElse(0);
        return all.subList(first, all.size()).stream()
                .map(Watermarked::instance)
                .toList();
    }

    /// The next stretch to read: from `position`, which does not cover `highest`, to at most `highest`, at most
    /// `mostTransactions`, and ending before a newer capture instance begins.
    public NextWindow next(Position position, Lsn highest, int mostTransactions) throws Failure, InterruptedException {
        return database.control(
                "plan the next window of " + table.name(),
                connection -> plan(connection, position, highest, mostTransactions));
    }

    private NextWindow plan(Connection connection, Position position, Lsn highest, int mostTransactions)
            throws SQLException, Failure {
        List<Watermarked> instances = captureInstances.read(connection);
        Lsn from = position.windowStart();
        Optional<Lsn> behindGap = CaptureInstances.behindGap(connection, instances, from);
        if (behindGap.isPresent()) {
            return new NextWindow.Gap(behindGap.get());
        }
        Watermarked instance = CaptureInstances.newestCovering(instances, from).orElseThrow();
        captureInstances.requireNothingLost(instance, instances);
        Lsn bound = CaptureInstances.nextStart(instances, from)
                .map(Lsn::previous)
                .filter(last -> last.compareTo(highest) < 0)
                .orElse(highest);
        Window window = window(connection, instance.instance(), position, bound, mostTransactions);
        return new NextWindow.Ready(window, CaptureInstances.olderThan(instance, instances));
    }

    private static Window window(
            Connection connection, CaptureInstance instance, Position position, Lsn bound, int mostTransactions)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CdcSql.WINDOW_END)) {
            statement.setInt(1, mostTransactions);
            statement.setBytes(2, position.windowStart().toBytes());
            statement.setBytes(3, bound.toBytes());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                int transactions = row.getInt("transaction_count");
                Lsn to = transactions < mostTransactions ? bound : Lsn.of(row.getBytes("last_lsn"));
                return new Window(instance, position, to, transactions);
            }
        }
    }

    /// The low watermark of `instance` as of now: rows below it are gone or will be at any moment. CDC's cleanup
    /// moves it first and deletes then (Microsoft Learn, "sys.sp_cdc_cleanup_change_table"), so what was read
    /// before this answer, and lies at or after it, was all there was. Empty where `instance` was dropped.
    public Optional<Lsn> lowWatermark(CaptureInstance instance) throws Failure, InterruptedException {
        return database.control(
                "read the low watermark of " + table.name(),
                connection -> captureInstances.lowWatermark(connection, instance));
    }

    /// Gives every row of `window` after its position to `handler`, in the read mode's order, as it comes from the
    /// server; never holds the whole result. Where the position splits a transaction in the other mode's order, all
    /// of that transaction comes. Answers how long the server took to begin its answer; waiting for a connection
    /// does not count.
    ///
    /// `getters` are those of the window's capture instance, one a column. They run on a thread that fetches the
    /// next rows while `handler`, on the caller's, has the last ones.
    public Duration read(Window window, List<ColumnGetter> getters, RowHandler handler)
            throws Failure, InterruptedException {
        return database.reading("read changes of " + table.name(), connection -> {
            try (PreparedStatement statement = query.prepare(connection, window)) {
                return stream(statement, window, getters, handler);
            } catch (SQLException e) {
                if (query.byCommand() && SqlErrors.is(e, SqlErrors.PERMISSION_DENIED)) {
                    throw mayNotRead(window.instance(), e);
                }
                if (SqlErrors.is(e, SqlErrors.MISSING_OBJECT)
                        && lowWatermark(window.instance()).isEmpty()) {
                    // Perhaps while another one goes on: that is not for ever.
                    throw new TransientFailure(
                            "read changes of " + table.name() + ": capture instance "
                                    + window.instance().name() + " was dropped before it could be read",
                            e);
                }
                throw e;
            }
        });
    }

    private PermanentFailure mayNotRead(CaptureInstance instance, SQLException e) {
        return new PermanentFailure(
                "read changes of " + table.name() + ": " + instance.changeTableGrant() + " (error "
                        + SqlErrors.PERMISSION_DENIED + ")",
                e);
    }

    private Duration stream(PreparedStatement statement, Window window, List<ColumnGetter> getters, RowHandler handler)
            throws SQLException, Failure, InterruptedException {
        long began = System.nanoTime();
        try (ResultSet result = statement.executeQuery();
                RowPrefetch rows = new RowPrefetch(
                        new RowFetcher(query, window.instance(), getters, result), statement, fetchAhead)) {
            boolean any = rows.begin();
            Duration answeredAfter = Duration.ofNanos(System.nanoTime() - began);
            if (any) {
                giveEach(rows, window, handler);
            }
            return answeredAfter;
        }
    }

    /// Until the end, or until the handler has enough.
    private void giveEach(RowPrefetch rows, Window window, RowHandler handler)
            throws SQLException, Failure, InterruptedException {
        FetchedRow row = new FetchedRow(table.name(), query, commitTimes(window));
        // What the query leaves out is left out here too, whatever a server makes of its condition.
        boolean beyond = !query.goesOnFrom(window.after());
        Optional<RowBatch> next = Optional.of(rows.first());
        while (next.isPresent()) {
            RowBatch batch = next.get();
            for (int i = 0; i < batch.size(); i++) {
                goTo(batch, i, row, window);
                beyond = beyond || row.position().compareTo(window.after()) > 0;
                if (beyond && !handler.accept(row)) {
                    return;
                }
            }
            next = rows.next(batch);
        }
        requireWhole(row, window);
    }

    private void goTo(RowBatch batch, int place, FetchedRow row, Window window) throws Failure, InterruptedException {
        try {
            row.goTo(batch, place);
        } catch (PermanentFailure torn) {
            throw cleanedUp(window) ? tornByCleanup(torn) : torn;
        }
    }

    private void requireWhole(FetchedRow last, Window window) throws Failure, InterruptedException {
        try {
            last.requireWhole();
        } catch (PermanentFailure torn) {
            throw cleanedUp(window) ? tornByCleanup(torn) : torn;
        }
    }

    /// The cleanup deletes so many rows at a time, and does not mind which of them belong together.
    private boolean cleanedUp(Window window) throws Failure, InterruptedException {
        return lowWatermark(window.instance())
                .map(low -> low.compareTo(window.from()) > 0)
                .orElse(true);
    }

    private static TransientFailure tornByCleanup(PermanentFailure torn) {
        return new TransientFailure(torn.getMessage() + " (CDC's cleanup came while it was read)", torn);
    }

    /// Only once there is a row: most tables have none in most windows, and there may be very many transactions. And
    /// only now, while our query keeps them from changing, is it sure which types the columns have.
    private CommitTimes commitTimes(Window window) throws Failure, InterruptedException {
        return database.control("read commit times for " + table.name(), connection -> {
            captureInstances.requireSameColumns(connection, window.instance());
            return CommitTimes.read(connection, window.from(), window.to(), hours);
        });
    }
}
