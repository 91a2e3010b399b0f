package io.dstream.mssql.standin.cdc;

import io.dstream.mssql.cdc.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.h2.engine.Session;
import org.h2.jdbc.JdbcConnection;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

/// The changes of one client's open transaction. Triggers find it by the H2 session they fire in.
final class BufferedSession implements ChangeCapture.SessionLog {

    private static final Map<Session, BufferedSession> OPEN = new ConcurrentHashMap<>();

    private final Connection h2;
    private final Session key;
    private final TransactionLog log;
    private final CaptureGate gate;
    private final Function<TableName, Optional<SourceShape>> shapes;
    private List<Change> changes = new ArrayList<>();
    private LocalDateTime begin = LocalDateTime.MIN;
    private int statement;
    private boolean inside;

    private BufferedSession(
            Connection h2,
            Session key,
            TransactionLog log,
            CaptureGate gate,
            Function<TableName, Optional<SourceShape>> shapes) {
        this.h2 = h2;
        this.key = key;
        this.log = log;
        this.gate = gate;
        this.shapes = shapes;
    }

    static BufferedSession open(
            Connection h2, TransactionLog log, CaptureGate gate, Function<TableName, Optional<SourceShape>> shapes) {
        try {
            h2.setAutoCommit(false);
            BufferedSession session = new BufferedSession(h2, keyOf(h2), log, gate, shapes);
            if (OPEN.putIfAbsent(session.key, session) != null) {
                throw new IllegalStateException("the connection has a session log already: " + h2);
            }
            return session;
        } catch (SQLException failure) {
            throw new IllegalStateException("not a usable connection of H2: " + h2, failure);
        }
    }

    /// The session log of the connection that a trigger fires in. A change past every session log would be lost, so
    /// it is refused.
    static BufferedSession of(Connection h2) throws SQLException {
        @Nullable BufferedSession session = OPEN.get(keyOf(h2));
        if (session == null) {
            throw new SQLException("a captured table was changed by a connection without a session log");
        }
        return session;
    }

    void add(TableName source, Value @Nullable [] before, Value @Nullable [] after) {
        Optional<SourceShape> shape = shapes.apply(source);
        if (shape.isEmpty()) {
            return; // Capture of the table was disabled in this moment.
        }
        int width = before != null ? before.length : after != null ? after.length : 0;
        if (width != shape.get().width()) {
            throw new IllegalStateException(source + " was altered behind the back of change capture");
        }
        enter();
        if (changes.isEmpty()) {
            begin = log.now();
        }
        changes.add(new Change(shape.get(), statement, before, after));
    }

    @Override
    public long mark() {
        enter();
        statement++;
        return position();
    }

    @Override
    public long position() {
        return changes.size();
    }

    @Override
    public void truncate(long mark) {
        changes.subList(Math.toIntExact(mark), changes.size()).clear();
    }

    @Override
    public void commit() throws SQLException {
        List<Change> committed = changes;
        changes = new ArrayList<>();
        statement = 0;
        try {
            if (committed.isEmpty()) {
                h2.commit();
            } else {
                log.commit(h2, begin, committed);
            }
        } finally {
            leave();
        }
    }

    @Override
    public void rollback() throws SQLException {
        changes = new ArrayList<>();
        statement = 0;
        try {
            h2.rollback();
        } finally {
            leave();
        }
    }

    @Override
    public void close() {
        changes = new ArrayList<>();
        OPEN.remove(key);
        leave();
    }

    private void enter() {
        if (!inside) {
            gate.enter();
            inside = true;
        }
    }

    private void leave() {
        if (inside) {
            inside = false;
            gate.leave();
        }
    }

    private static Session keyOf(Connection h2) throws SQLException {
        return h2.unwrap(JdbcConnection.class).getSession();
    }
}
