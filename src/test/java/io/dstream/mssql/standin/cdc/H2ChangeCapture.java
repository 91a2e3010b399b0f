package io.dstream.mssql.standin.cdc;

import static io.dstream.mssql.standin.cdc.CdcSchema.quoted;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.standin.engine.Catalog;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Change data capture on H2. Row triggers append to the session's buffer, a commit appends the buffer to the log, the
/// capture job moves the log to the change tables.
///
/// Transactions, the job and DDL meet at three places: the log's monitor (commit order), `tablesLock` (the job or
/// whoever makes, drops, cleans change tables), and the gate (transactions or trigger DDL). Taken in the order
/// `tablesLock`, gate, log.
public final class H2ChangeCapture implements ChangeCapture {

    private static final Duration DDL_WAIT = Duration.ofSeconds(20);

    private final Connections connections;
    private final Catalog catalog;
    private final String database;
    private final Duration pollInterval;
    private final TransactionLog log;
    private final CaptureInstances instances = new CaptureInstances();
    private final CaptureGate gate = new CaptureGate(DDL_WAIT);
    private final ReentrantLock tablesLock = new ReentrantLock();
    private volatile Optional<RunningCapture> running = Optional.empty();
    private volatile Consumer<Lsn> visible = _ -> {};

    /// Opens connections to the database in H2.
    @FunctionalInterface
    public interface Connections {
        /// A new one, in auto-commit.
        Connection open() throws SQLException;
    }

    /// `clock` carries the server's zone, in which `cdc.lsn_time_mapping` keeps times. `pollInterval` is the capture
    /// job's.
    public H2ChangeCapture(
            Connections connections, Catalog catalog, String database, Clock clock, Duration pollInterval) {
        this.connections = connections;
        this.catalog = catalog;
        this.database = database;
        this.pollInterval = pollInterval;
        this.log = new TransactionLog(clock);
    }

    @Override
    public void enableDatabase() throws SQLException, SqlServerError {
        tablesLock.lock();
        try {
            if (running.isPresent()) {
                return;
            }
            RunningCapture started = open();
            started.schema().create();
            running = Optional.of(started);
            started.job().start();
        } finally {
            tablesLock.unlock();
        }
    }

    private RunningCapture open() throws SQLException {
        Connection writer = connections.open();
        CaptureJob job =
                new CaptureJob(writer, catalog, log, instances, tablesLock, pollInterval, lsn -> visible.accept(lsn));
        return new RunningCapture(catalog, connections.open(), connections.open(), writer, job);
    }

    @Override
    public void disableDatabase() throws SQLException, SqlServerError {
        tablesLock.lock();
        try {
            RunningCapture stopping = require();
            for (CapturedInstance instance : instances.all().toList()) {
                drop(stopping.schema(), instance);
            }
            stopping.schema().drop();
        } finally {
            tablesLock.unlock();
        }
        close();
        log.clear();
    }

    @Override
    public boolean isEnabled() {
        return running.isPresent();
    }

    @Override
    public void enableTable(EnableTable request) throws SQLException, SqlServerError {
        tablesLock.lock();
        try {
            CdcSchema schema = require().schema();
            NewInstance made = NewInstance.check(request, catalog, instances);
            gate.close();
            try {
                create(schema, made);
            } finally {
                gate.open();
            }
        } finally {
            tablesLock.unlock();
        }
    }

    private void create(CdcSchema schema, NewInstance made) throws SQLException, SqlServerError {
        Catalog.Table source = made.source();
        TableName key = CaptureInstances.key(source.schema(), source.name());
        Optional<SourceShape> known = instances.shape(key);
        SourceShape shape = known.isPresent() ? known.get() : schema.shape(source);
        int changeTableId =
                schema.createChangeTable(made.name(), made.columns()).objectId();
        if (known.isEmpty()) {
            schema.createTrigger(source);
            instances.put(shape);
        }
        CapturedInstance instance = new CapturedInstance(
                made.name(), shape, changeTableId, made.gatingRole(), made.columns(), log.takeLsn());
        schema.describe(instance, source, made.supportsNetChanges(), log.now());
        instances.add(instance);
    }

    @Override
    public void disableTable(String schema, String table, String captureInstance) throws SQLException, SqlServerError {
        tablesLock.lock();
        try {
            CdcSchema cdc = require().schema();
            List<CapturedInstance> dropped = instances.of(CaptureInstances.key(schema, table)).stream()
                    .filter(instance -> captureInstance.equalsIgnoreCase("all")
                            || instance.name().equalsIgnoreCase(captureInstance))
                    .toList();
            if (dropped.isEmpty()) {
                throw notEnabled(captureInstance, schema + "." + table);
            }
            for (CapturedInstance instance : dropped) {
                drop(cdc, instance);
            }
        } finally {
            tablesLock.unlock();
        }
    }

    private void drop(CdcSchema schema, CapturedInstance instance) throws SQLException, SqlServerError {
        Catalog.Table source = instances.shape(instance.source()).orElseThrow().declared();
        instances.remove(instance);
        if (instances.of(instance.source()).isEmpty()) {
            schema.dropTrigger(source);
        }
        schema.dropChangeTable(instance);
    }

    @Override
    public void cleanup(String captureInstance, Lsn lowWatermark) throws SQLException, SqlServerError {
        tablesLock.lock();
        try {
            RunningCapture now = require();
            CapturedInstance instance =
                    instances.named(captureInstance).orElseThrow(() -> notEnabled(captureInstance, "?"));
            Lsn max = maxLsn().orElse(Lsn.ZERO);
            if (lowWatermark.compareTo(instance.startLsn()) < 0 || lowWatermark.compareTo(max) > 0) {
                throw new SqlServerError(
                        22957,
                        "LSN " + hex(lowWatermark) + ", specified as the new low end point for the change table"
                                + " associated with capture instance '" + captureInstance
                                + "', is not within the Change Data Capture timeline [" + hex(instance.startLsn())
                                + ", " + hex(max) + "].");
            }
            if (!now.schema().isLogged(lowWatermark)) {
                throw new SqlServerError(
                        22964,
                        "LSN " + hex(lowWatermark) + ", specified as the new low end point for change table cleanup"
                                + " must represent the start_lsn value of a current entry in the"
                                + " cdc.lsn_time_mapping table. Choose an LSN value that satisfies this requirement.");
            }
            Lsn lowest = instances
                    .all()
                    .map(other -> other == instance ? lowWatermark : other.startLsn())
                    .min(Lsn::compareTo)
                    .orElse(lowWatermark);
            now.schema().clean(instance, lowWatermark, lowest);
            instance.startAt(lowWatermark);
        } finally {
            tablesLock.unlock();
        }
    }

    @Override
    public Lsn minLsn(String captureInstance) {
        return instances.named(captureInstance).map(CapturedInstance::startLsn).orElse(Lsn.ZERO);
    }

    @Override
    public Optional<Lsn> maxLsn() throws SQLException {
        Optional<RunningCapture> now = running;
        return now.isPresent() ? now.get().maxLsn() : Optional.empty();
    }

    @Override
    public String allChanges(String captureInstance, Lsn from, Lsn to, String rowFilter)
            throws SQLException, SqlServerError {
        CapturedInstance instance = instances
                .named(captureInstance)
                .orElseThrow(() -> new SqlServerError(
                        208, "Invalid object name 'cdc.fn_cdc_get_all_changes_" + captureInstance + "'."));
        String filter = rowFilter.strip().toLowerCase(Locale.ROOT);
        boolean withBefore = filter.equals("all update old");
        if ((!withBefore && !filter.equals("all"))
                || from.compareTo(to) > 0
                || from.compareTo(instance.startLsn()) < 0
                || to.compareTo(maxLsn().orElse(Lsn.ZERO)) > 0) {
            throw new SqlServerError(
                    313,
                    16,
                    3,
                    "An insufficient number of arguments were supplied for the procedure or function"
                            + " cdc.fn_cdc_get_all_changes_ ... .");
        }
        Stream<String> columns = Stream.concat(
                Stream.of("__$start_lsn", "__$seqval", "__$operation", "__$update_mask"),
                instance.columns().stream().map(Catalog.Column::name));
        return "SELECT " + String.join(", ", columns.map(CdcSchema::quoted).toList())
                + " FROM " + catalog.h2Name("cdc", CapturedInstance.changeTableName(instance.name()))
                + " WHERE " + quoted("__$start_lsn") + " BETWEEN " + literal(from) + " AND " + literal(to)
                + (withBefore ? "" : " AND " + quoted("__$operation") + " <> " + ChangeRow.BEFORE);
    }

    @Override
    public boolean isCaptured(String schema, String table) {
        return !instances.of(CaptureInstances.key(schema, table)).isEmpty();
    }

    @Override
    public void whileAltering(String schema, String table, Alteration alteration) throws SQLException, SqlServerError {
        if (!isCaptured(schema, table)) {
            alteration.run();
            return;
        }
        tablesLock.lock();
        try {
            gate.close();
            try {
                alter(require().schema(), CaptureInstances.key(schema, table), alteration);
            } finally {
                gate.open();
            }
        } finally {
            tablesLock.unlock();
        }
    }

    private void alter(CdcSchema schema, TableName key, Alteration alteration) throws SQLException, SqlServerError {
        schema.dropTrigger(instances.shape(key).orElseThrow().declared());
        try {
            alteration.run();
        } finally {
            Catalog.Table altered = catalog.table(key.schema(), key.table()).orElseThrow();
            SourceShape shape = schema.shape(altered);
            instances.put(shape);
            schema.createTrigger(altered);
            for (CapturedInstance instance : instances.of(key)) {
                for (Catalog.Column retyped : instance.adopt(shape)) {
                    schema.retype(instance, retyped);
                }
            }
        }
    }

    @Override
    public void beforeDrop(String schema, String table) throws SQLException, SqlServerError {
        if (isCaptured(schema, table)) {
            disableTable(schema, table, "all");
        }
    }

    @Override
    public Optional<String> gatingRole(String captureInstance) {
        return instances.named(captureInstance).flatMap(CapturedInstance::gatingRole);
    }

    @Override
    public SessionLog openSession(Connection h2) {
        return BufferedSession.open(h2, log, gate, instances::shape);
    }

    @Override
    public Lsn advanceIdle() {
        return log.appendIdle();
    }

    @Override
    public Lsn appendEmpty(Optional<Lsn> at) {
        return log.appendEmpty(at);
    }

    @Override
    public void onVisible(Consumer<Lsn> listener) {
        visible = listener;
    }

    @Override
    public void pause() {
        running.ifPresent(now -> now.job().pause());
    }

    @Override
    public void resume() {
        running.ifPresent(now -> now.job().resume());
    }

    @Override
    public void close() {
        Optional<RunningCapture> stopping = running;
        running = Optional.empty();
        stopping.ifPresent(RunningCapture::close);
    }

    private RunningCapture require() throws SqlServerError {
        return running.orElseThrow(() -> new SqlServerError(
                22901,
                "The database '" + database + "' is not enabled for Change Data Capture. Ensure that the correct"
                        + " database context is set and retry the operation. To report on the databases enabled for"
                        + " Change Data Capture, query the is_cdc_enabled column in the sys.databases catalog view."));
    }

    private static SqlServerError notEnabled(String captureInstance, String source) {
        return new SqlServerError(
                22960,
                "Change data capture instance '" + captureInstance + "' has not been enabled for the source table '"
                        + source + "'. Use sys.sp_cdc_help_change_data_capture to verify the capture instance name"
                        + " and retry the operation.");
    }

    private static String literal(Lsn lsn) {
        return "X'" + HexFormat.of().formatHex(lsn.toBytes()) + "'";
    }

    private static String hex(Lsn lsn) {
        return "0x" + HexFormat.of().withUpperCase().formatHex(lsn.toBytes());
    }
}
