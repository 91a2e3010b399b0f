package io.dstream.mssql.standin.wire;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One message of answers on its way out. The last DONE is held back until it is known whether more follows. For
/// the thread that executes.
final class Response implements Answers {

    private final PacketOutput out;
    private final BooleanSupplier cancelled;
    private final WireBuffer buffer = new WireBuffer();
    private final Map<Integer, @Nullable Object> outputs = new HashMap<>();
    private Optional<RowCodec> rows = Optional.empty();
    private Optional<HeldDone> held = Optional.empty();
    private boolean inProcedure;
    private int firstOutput;
    private int status;

    /// `cancelled` says whether the client asked to stop.
    Response(PacketOutput out, BooleanSupplier cancelled) {
        this.out = out;
        this.cancelled = cancelled;
    }

    /// A DONE token that waits for what follows it.
    private record HeldDone(int token, int status, StatementKind kind, long count) {}

    @Override
    public void columns(List<SqlColumn> columns) throws IOException {
        begin();
        RowCodec codec = new RowCodec(columns);
        rows = Optional.of(codec);
        codec.writeColumns(buffer);
        flush();
    }

    @Override
    public void row(@Nullable Object[] values) throws IOException {
        begin();
        currentRows().writeRow(buffer, values);
        flush();
    }

    @Override
    public void encodedRows(byte[] encoded, int count) throws IOException {
        begin();
        currentRows();
        out.write(encoded, encoded.length);
    }

    @Override
    public void done(StatementKind kind, long count) throws IOException {
        begin();
        rows = Optional.empty();
        int token = inProcedure ? Tokens.DONE_IN_PROCEDURE : Tokens.DONE;
        held = Optional.of(new HeldDone(token, Tokens.FINAL, kind, count));
    }

    @Override
    public void info(int number, String message) throws IOException {
        begin();
        Tokens.info(buffer, number, message);
        flush();
    }

    @Override
    public void output(int parameterIndex, @Nullable Object value) throws IOException {
        if (!inProcedure) {
            throw new IllegalStateException("a batch has no output parameters");
        }
        outputs.put(firstOutput + parameterIndex, value);
    }

    @Override
    public void returnStatus(int newStatus) {
        status = newStatus;
    }

    @Override
    public void databaseChanged(String database) throws IOException {
        begin();
        Tokens.databaseChanged(buffer, database);
        flush();
    }

    void connectionReset() throws IOException {
        Tokens.connectionReset(buffer);
        flush();
    }

    /// The answers that follow are those of a procedure call. The first parameter that the session knows of comes
    /// after `ownParameters` others.
    void beginProcedure(int ownParameters) throws IOException {
        releaseHeld();
        inProcedure = true;
        firstOutput = ownParameters;
        status = 0;
        outputs.clear();
    }

    /// What the first parameter of the call gives back.
    void handle(int handle) {
        outputs.put(0, handle);
    }

    /// Hands back the status, and those of all the call's parameters that are output parameters.
    void endProcedure(List<SqlParameter> parameters) throws IOException {
        releaseHeld();
        Tokens.returnStatus(buffer, status);
        for (int i = 0; i < parameters.size(); i++) {
            SqlParameter parameter = parameters.get(i);
            if (parameter.output()) {
                Object value = outputs.containsKey(i) ? outputs.get(i) : parameter.value();
                Tokens.returnValue(buffer, i, parameter, value);
            }
        }
        held = Optional.of(new HeldDone(Tokens.DONE_PROCEDURE, Tokens.FINAL, StatementKind.OTHER, -1));
        inProcedure = false;
        flush();
    }

    /// A statement failed; what it answered before stands, but not what it could only half write.
    void fail(SqlServerError error) throws IOException {
        buffer.truncate(0);
        releaseHeld();
        rows = Optional.empty();
        Tokens.error(buffer, error);
        int token = inProcedure ? Tokens.DONE_PROCEDURE : Tokens.DONE;
        held = Optional.of(new HeldDone(token, Tokens.ERROR, StatementKind.OTHER, -1));
        inProcedure = false;
        flush();
    }

    /// Ends the message, whatever came before.
    void end() throws IOException {
        HeldDone last = held.orElse(new HeldDone(Tokens.DONE, Tokens.FINAL, StatementKind.OTHER, -1));
        held = Optional.empty();
        write(last, last.status());
        flush();
        out.endMessage();
    }

    private RowCodec currentRows() {
        return rows.orElseThrow(() -> new IllegalStateException("rows without columns"));
    }

    private void begin() throws IOException {
        if (cancelled.getAsBoolean()) {
            throw new RequestCancelled();
        }
        releaseHeld();
    }

    private void releaseHeld() throws IOException {
        if (held.isPresent()) {
            HeldDone done = held.get();
            held = Optional.empty();
            write(done, done.status() | Tokens.MORE);
            flush();
        }
    }

    private void write(HeldDone done, int doneStatus) {
        Tokens.done(buffer, done.token(), doneStatus, done.kind(), done.count());
    }

    private void flush() throws IOException {
        out.write(buffer);
        buffer.truncate(0);
    }
}
