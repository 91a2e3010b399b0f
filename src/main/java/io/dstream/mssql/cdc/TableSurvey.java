package io.dstream.mssql.cdc;

import io.dstream.mssql.db.Database;
import io.dstream.mssql.db.SqlErrors;
import io.dstream.mssql.failure.Failure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The capture instances of one table, oldest first, whatever is wrong with them.
public record TableSurvey(SourceTable table, List<Instance> instances) {

    /// Counting goes no further: it shall not be felt.
    public static final int MOST_COUNTED = 10_000;

    /// One instance. `gatingRole` is the role whose members may read it, where it has one.
    ///
    /// @param start empty while it is being made
    /// @param lowWatermark [Lsn#ZERO] where the login may not read the instance
    public record Instance(String name, Optional<Lsn> start, Lsn lowWatermark, Optional<String> gatingRole) {

        /// False where the login may not read it.
        public boolean isReadable() {
            return !lowWatermark.equals(Lsn.ZERO);
        }
    }

    /// How far a position is behind. Each count stops at [#MOST_COUNTED]; what the login may not know is
    /// absent.
    ///
    /// @param lsns commit LSNs of the whole database after it
    /// @param changes rows of the change table after it, those of its own transaction included
    /// @param committedAt when the newest transaction up to it was committed, in the server's local time
    public record Lag(long lsns, Optional<Long> changes, Optional<LocalDateTime> committedAt) {

        /// How far behind the newest transaction, in time.
        public Optional<Duration> behind(CaptureHealth health) {
            return committedAt.flatMap(ours ->
                    health.newestCommit().map(newest -> CaptureHealth.notNegative(Duration.between(ours, newest))));
        }
    }

    public TableSurvey {
        instances = List.copyOf(instances);
    }

    /// Asks the catalogue. Throws `PermanentFailure` where the login may not.
    public static TableSurvey read(Database database, SourceTable table) throws Failure, InterruptedException {
        return database.control(
                "read capture instances of " + table.name(),
                connection -> new TableSurvey(table, instances(connection, table.objectId())));
    }

    private static List<Instance> instances(Connection connection, int objectId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SurveySql.INSTANCES)) {
            statement.setInt(1, objectId);
            List<Instance> instances = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Optional<Lsn> start = lsn(row, "start_lsn");
                    instances.add(new Instance(
                            row.getString("capture_instance"),
                            start,
                            // For a moment after an instance was made its watermark is NULL.
                            lsn(row, "low_watermark").or(() -> start).orElse(Lsn.MAX),
                            Optional.ofNullable(row.getString("role_name"))));
                }
            }
            return instances;
        }
    }

    private static Optional<Lsn> lsn(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getBytes(column)).map(Lsn::of);
    }

    /// What is read on from `position`: the newest instance that still holds what comes after it; empty where
    /// none does.
    public Optional<Instance> instanceFor(Position position) {
        return instances.reversed().stream()
                .filter(instance -> instance.lowWatermark().compareTo(position.windowStart()) <= 0)
                .findFirst();
    }

    /// Where a run would go on if something after `position` is gone; empty where nothing is. Throws
    /// `PermanentFailure` where the login may not read the instances.
    public Optional<Lsn> behindGapAfter(Database database, Position position) throws Failure, InterruptedException {
        return database.control(
                "look for a gap of " + table.name(),
                connection -> CaptureInstances.behindGap(
                        connection, new CaptureInstances(table).read(connection), position.windowStart()));
    }

    /// The first LSN that a run would begin with. Throws as above.
    public Lsn earliest(Database database) throws Failure, InterruptedException {
        return database.control(
                "read the beginning of " + table.name(),
                connection -> CaptureInstances.earliest(connection, new CaptureInstances(table).read(connection)));
    }

    /// The lowest low watermark: all that CDC still holds comes after it. Empty without instances.
    public Optional<Lsn> lowWatermark() {
        return instances.stream().map(Instance::lowWatermark).min(Lsn::compareTo);
    }

    /// The columns to be read of each instance. Throws `PermanentFailure` where a chosen column is not there
    /// or the login may not see it.
    public List<CaptureInstance> columns(Database database) throws Failure, InterruptedException {
        return database.control("read the columns of " + table.name(), connection -> {
            CaptureInstances catalogue = new CaptureInstances(table);
            List<CaptureInstances.Watermarked> found = catalogue.read(connection);
            catalogue.requireNamesKnown(found);
            return found.stream().map(CaptureInstances.Watermarked::instance).toList();
        });
    }

    /// How far `position` is behind, counting rows of `instance`.
    public Lag lag(Database database, Position position, Instance instance) throws Failure, InterruptedException {
        return database.control("read the lag of " + table.name(), connection -> {
            CaptureInstance named = new CaptureInstance(table.name(), instance.name(), 0, List.of());
            return new Lag(
                    count(connection, SurveySql.LSNS_AFTER, position.commitLsn()),
                    changes(connection, named, position),
                    CommitTime.upTo(connection, position.commitLsn()).flatMap(CommitTime::committedAt));
        });
    }

    private static Optional<Long> changes(Connection connection, CaptureInstance instance, Position position)
            throws SQLException {
        try {
            return Optional.of(count(connection, SurveySql.changesFrom(instance), position.windowStart()));
        } catch (SQLException e) {
            if (SqlErrors.isOutOfReach(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static long count(Connection connection, String sql, Lsn from) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, MOST_COUNTED);
            statement.setBytes(2, from.toBytes());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
