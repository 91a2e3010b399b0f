package io.dstream.mssql.cdc;

import io.dstream.mssql.cdc.CaptureCatalogue.ListedColumn;
import io.dstream.mssql.cdc.CaptureCatalogue.ListedInstance;
import io.dstream.mssql.db.Identifiers;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The capture instances of one source table, at most two, as the catalogue lists them now. Used by one thread.
///
/// Columns are remembered. ALTER COLUMN changes their types in the change table too, and a dropped column turns
/// NULL, so whoever reads rows asks [#requireSameColumns] once the rows are there.
final class CaptureInstances {

    /// One instance and its low watermark: the first commit LSN it still holds.
    record Watermarked(CaptureInstance instance, Lsn lowWatermark) {

        boolean covers(Lsn commitLsn) {
            return lowWatermark.compareTo(commitLsn) <= 0;
        }
    }

    private final SourceTable table;
    private final ColumnSelection selection;
    private final Map<Integer, CaptureInstance> known = new HashMap<>();

    CaptureInstances(SourceTable table) {
        this.table = table;
        this.selection = new ColumnSelection(table.name(), table.columns());
    }

    /// Asks the catalogue; oldest first, never empty. Throws `PermanentFailure` where there is none, or where the login
    /// may not read one.
    List<Watermarked> read(Connection connection) throws SQLException, Failure {
        return read(CaptureCatalogue.asking(connection));
    }

    /// The newest of those that `catalogue` has. Throws as above, and where a chosen column is not captured by any.
    CaptureInstance newest(CaptureCatalogue catalogue) throws SQLException, Failure {
        List<Watermarked> instances = read(catalogue);
        requireNamesKnown(instances);
        return instances.getLast().instance();
    }

    private List<Watermarked> read(CaptureCatalogue catalogue) throws SQLException, Failure {
        List<Watermarked> instances = new ArrayList<>();
        for (ListedInstance listed : catalogue.instances(table.objectId())) {
            Lsn lowWatermark = readableFrom(listed);
            instances.add(new Watermarked(instance(catalogue, listed), lowWatermark));
        }
        if (instances.isEmpty()) {
            throw new PermanentFailure("change data capture is not enabled for table " + table.name()
                    + ", or the login may not see it; as db_owner run: EXEC sys.sp_cdc_enable_table @source_schema = "
                    + Identifiers.text(table.name().schema()) + ", @source_name = "
                    + Identifiers.text(table.name().table())
                    + ", @role_name = NULL; then start this program again");
        }
        return instances;
    }

    private Lsn readableFrom(ListedInstance listed) throws Failure {
        Lsn lowWatermark = listed.lowWatermark(table.name());
        if (lowWatermark.equals(Lsn.ZERO)) {
            throw new PermanentFailure("read the low watermark of " + table.name() + ": capture instance "
                    + listed.name() + " is missing, or the login may not read it; GRANT SELECT on the captured "
                    + "columns and membership in the gating role to the login, or enable CDC for the table again");
        }
        return lowWatermark;
    }

    /// The low watermark of `instance` as of now; empty where it was dropped.
    Optional<Lsn> lowWatermark(Connection connection, CaptureInstance instance) throws SQLException, Failure {
        for (ListedInstance listed : CaptureCatalogue.asking(connection).instances(table.objectId())) {
            if (listed.changeTableId() == instance.changeTableId()) {
                return Optional.of(readableFrom(listed));
            }
        }
        return Optional.empty();
    }

    /// The newest instance that still holds `commitLsn`; empty where none does, which is a gap.
    static Optional<Watermarked> newestCovering(List<Watermarked> instances, Lsn commitLsn) {
        return instances.reversed().stream()
                .filter(instance -> instance.covers(commitLsn))
                .findFirst();
    }

    /// Where all is there again, if something at or after `commitLsn` is gone: no instance holds it any more, or
    /// an older one hides that the newest does not.
    static Optional<Lsn> behindGap(Connection connection, List<Watermarked> instances, Lsn commitLsn)
            throws SQLException {
        return newestCovering(instances, commitLsn).isEmpty()
                ? Optional.of(nextStart(instances, commitLsn).orElseThrow())
                : hiddenGap(connection, instances, commitLsn);
    }

    /// The first LSN from which all is there.
    static Lsn earliest(Connection connection, List<Watermarked> instances) throws SQLException {
        Lsn first = first(instances);
        return hiddenGap(connection, instances, first).orElse(first);
    }

    /// The first LSN that any of them holds.
    static Lsn first(List<Watermarked> instances) {
        return nextStart(instances, Lsn.ZERO).orElseThrow();
    }

    /// Where the newest instance begins, if an older one would hide that the cleanup has taken from it what
    /// came at or after `commitLsn`: values of columns that only it captures. Costs a question only where it
    /// does not cover that.
    private static Optional<Lsn> hiddenGap(Connection connection, List<Watermarked> instances, Lsn commitLsn)
            throws SQLException {
        Watermarked newest = instances.getLast();
        if (newest.covers(commitLsn) || newestCovering(instances, commitLsn).isEmpty()) {
            return Optional.empty();
        }
        try (PreparedStatement statement = connection.prepareStatement(CdcSql.HELD_MORE)) {
            statement.setBytes(1, commitLsn.toBytes());
            statement.setBytes(2, newest.lowWatermark().toBytes());
            statement.setInt(3, newest.instance().changeTableId());
            try (ResultSet row = statement.executeQuery()) {
                // Without a row it was dropped just now: then the other is all there is.
                boolean heldMore = row.next() && row.getInt("held_more") == 1;
                return heldMore ? Optional.of(newest.lowWatermark()) : Optional.empty();
            }
        }
    }

    /// False where `oldest` was made not long before `lowWatermark`, so that this may be its very first LSN.
    static boolean wasCleanedUp(Connection connection, Watermarked oldest, Lsn lowWatermark) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CdcSql.MADE_LONG_BEFORE)) {
            statement.setBytes(1, lowWatermark.toBytes());
            statement.setInt(2, oldest.instance().changeTableId());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getInt("made_long_before") == 1;
            }
        }
    }

    /// Those that were made before `instance`, one of `instances`.
    static List<CaptureInstance> olderThan(Watermarked instance, List<Watermarked> instances) {
        return instances.subList(0, instances.indexOf(instance)).stream()
                .map(Watermarked::instance)
                .toList();
    }

    /// Where the next newer instance takes over: the lowest low watermark after `commitLsn`, if any.
    static Optional<Lsn> nextStart(List<Watermarked> instances, Lsn commitLsn) {
        return instances.stream()
                .filter(instance -> !instance.covers(commitLsn))
                .map(Watermarked::lowWatermark)
                .min(Lsn::compareTo);
    }

    private CaptureInstance instance(CaptureCatalogue catalogue, ListedInstance listed) throws SQLException, Failure {
        CaptureInstance instance = known.get(listed.changeTableId());
        if (instance == null) {
            instance = new CaptureInstance(
                    table.name(),
                    listed.name(),
                    listed.changeTableId(),
                    columns(catalogue, listed.name(), listed.changeTableId()));
            known.put(listed.changeTableId(), instance);
        }
        return instance;
    }

    /// Throws `TransientFailure` where the columns are others than those `instance` was read with. To be asked while a
    /// query on the change table runs, which keeps them from changing.
    void requireSameColumns(Connection connection, CaptureInstance instance) throws SQLException, Failure {
        List<CapturedColumn> now =
                columns(CaptureCatalogue.asking(connection), instance.name(), instance.changeTableId());
        if (!now.equals(instance.columns())) {
            known.remove(instance.changeTableId());
            throw new TransientFailure("read changes of " + table.name() + ": the columns of " + instance.name()
                    + " have just changed, reading on with them as they are now");
        }
    }

    /// Throws `PermanentFailure` where a chosen column is not captured by any of `instances`.
    void requireNamesKnown(List<Watermarked> instances) throws PermanentFailure {
        selection.requireNamesKnown(instances);
    }

    /// Throws `PermanentFailure` where reading on in `instance`, one of `instances`, would lose a chosen column.
    void requireNothingLost(Watermarked instance, List<Watermarked> instances) throws PermanentFailure {
        selection.requireNothingLost(instance, instances);
    }

    /// Those that are to be read.
    private List<CapturedColumn> columns(CaptureCatalogue catalogue, String instance, int changeTableId)
            throws SQLException, Failure {
        List<CapturedColumn> columns = new ArrayList<>();
        for (ListedColumn listed : catalogue.columns(table.objectId(), changeTableId)) {
            columns.add(listed.of(table.name()));
        }
        if (columns.isEmpty()) {
            throw new TransientFailure(
                    "read the columns of " + table.name() + ": capture instance " + instance + " was just dropped");
        }
        return selection.of(instance, changeTableId, columns);
    }
}
