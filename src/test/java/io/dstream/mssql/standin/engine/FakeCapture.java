package io.dstream.mssql.standin.engine;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.standin.cdc.ChangeCapture;
import io.dstream.mssql.standin.wire.SqlServerError;
import io.dstream.mssql.standin.wire.SqlType;
import io.dstream.mssql.standin.wire.SqlType.Base;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Keeps instances and captures nothing: the engine's tests look at what it was asked.
final class FakeCapture implements ChangeCapture {

    final List<String> asked = new ArrayList<>();
    private final ChangeCaptureFactory.Connections connections;
    private final Catalog catalog;
    private final Map<String, EnableTable> instances = new HashMap<>();
    private boolean enabled;

    FakeCapture(String database, ChangeCaptureFactory.Connections connections, Catalog catalog) {
        this.connections = connections;
        this.catalog = catalog;
        asked.add("open " + database);
    }

    @Override
    public void enableDatabase() throws SQLException, SqlServerError {
        try (Connection h2 = connections.open()) {
            catalog.create(
                    h2,
                    "cdc",
                    "change_tables",
                    List.of(
                            column("source_object_id", SqlType.of(Base.INT)),
                            column("capture_instance", new SqlType(Base.NVARCHAR, 128, 0, 0)),
                            column("start_lsn", new SqlType(Base.BINARY, 10, 0, 0))),
                    List.of());
            catalog.create(
                    h2,
                    "cdc",
                    "lsn_time_mapping",
                    List.of(
                            column("start_lsn", new SqlType(Base.BINARY, 10, 0, 0)),
                            column("tran_end_time", new SqlType(Base.DATETIME, 0, 0, 3))),
                    List.of("start_lsn"));
        }
        enabled = true;
    }

    private static Catalog.Column column(String name, SqlType type) {
        return new Catalog.Column(name, type, true, false, Optional.empty(), Optional.empty());
    }

    @Override
    public void disableDatabase() {
        enabled = false;
    }

    @Override
    public boolean isEnabled() {
        return enabled;
    }

    @Override
    public void enableTable(EnableTable request) throws SQLException, SqlServerError {
        String instance = request.captureInstance().orElse(request.schema() + "_" + request.table());
        int objectId = catalog.table(request.schema(), request.table())
                .orElseThrow(() -> new SqlServerError(22931, "Source table does not exist."))
                .objectId();
        instances.put(instance, request);
        asked.add("enable " + request);
        try (Connection h2 = connections.open();
                var statement = h2.prepareStatement("INSERT INTO \"cdc\".\"change_tables\" VALUES (?, ?, ?)")) {
            statement.setInt(1, objectId);
            statement.setString(2, instance);
            statement.setBytes(3, new byte[Lsn.LENGTH]);
            statement.executeUpdate();
        }
    }

    @Override
    public void disableTable(String schema, String table, String captureInstance) throws SQLException {
        asked.add("disable " + schema + "." + table + " " + captureInstance);
        try (Connection h2 = connections.open();
                var statement = h2.prepareStatement("DELETE FROM \"cdc\".\"change_tables\"")) {
            statement.executeUpdate();
        }
    }

    @Override
    public void cleanup(String captureInstance, Lsn lowWatermark) {
        asked.add("cleanup " + captureInstance + " " + lowWatermark);
    }

    @Override
    public Lsn minLsn(String captureInstance) {
        return instances.containsKey(captureInstance) ? new Lsn(1, 1) : Lsn.ZERO;
    }

    @Override
    public Optional<Lsn> maxLsn() {
        return Optional.of(new Lsn(2, 2));
    }

    @Override
    public String allChanges(String captureInstance, Lsn from, Lsn to, String rowFilter) throws SqlServerError {
        EnableTable request = instances.get(captureInstance);
        if (request == null) {
            throw new SqlServerError(208, "Invalid object name.");
        }
        asked.add("changes " + from + " " + to + " " + rowFilter);
        return "SELECT 2 AS \"__$operation\", \"t\".* FROM " + catalog.h2Name(request.schema(), request.table())
                + " AS \"t\"";
    }

    @Override
    public Optional<String> gatingRole(String captureInstance) {
        return Optional.ofNullable(instances.get(captureInstance)).flatMap(EnableTable::gatingRole);
    }

    @Override
    public boolean isCaptured(String schema, String table) {
        return instances.values().stream()
                .anyMatch(request -> request.schema().equalsIgnoreCase(schema)
                        && request.table().equalsIgnoreCase(table));
    }

    @Override
    public void whileAltering(String schema, String table, Alteration alteration) throws SQLException, SqlServerError {
        asked.add("alter " + schema + "." + table);
        alteration.run();
    }

    @Override
    public void beforeDrop(String schema, String table) {
        asked.add("drop " + schema + "." + table);
    }

    @Override
    public Lsn advanceIdle() {
        asked.add("advance");
        return new Lsn(3, 3);
    }

    @Override
    public Lsn appendEmpty(Optional<Lsn> at) {
        asked.add("append " + at);
        return at.orElse(new Lsn(3, 3));
    }

    @Override
    public SessionLog openSession(Connection h2) {
        return new FakeLog(h2);
    }

    private record FakeLog(Connection h2) implements SessionLog {
        @Override
        public long mark() {
            return 0;
        }

        @Override
        public long position() {
            return 0;
        }

        @Override
        public void truncate(long mark) {}

        @Override
        public void commit() throws SQLException {
            h2.commit();
        }

        @Override
        public void rollback() throws SQLException {
            h2.rollback();
        }

        @Override
        public void close() {}
    }

    @Override
    public void onVisible(Consumer<Lsn> listener) {
        asked.add("on visible");
    }

    @Override
    public void pause() {
        asked.add("pause");
    }

    @Override
    public void resume() {
        asked.add("resume");
    }

    @Override
    public void close() {
        asked.add("close");
    }
}
