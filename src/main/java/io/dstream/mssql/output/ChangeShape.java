package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Operation;
import io.dstream.mssql.cdc.TableName;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// `output_format: change`: a line is one change, with the names of the metadata that DStream's output
/// providers know.
///
/// Changes are short: a block has many, since a write for each would cost more than the rest.
final class ChangeShape implements LineShape {

    private static final int MOST_BLOCK_BYTES = 60 * 1024;

    /// The only schema that the original program read.
    private static final String BARE_SCHEMA = "dbo";

    private static final byte[] NOTHING = {};
    private static final byte[] OPENING = "{\"data\":{".getBytes(US_ASCII);
    private static final byte[] ENDING = "}}\n".getBytes(US_ASCII);

    private final int fullBytes;

    /// From the end of the values to before the commit LSN.
    private final byte[] table;

    /// From behind the seqval to before the commit time, by [Operation#number].
    private final byte[][] operations;

    /// What stands behind the commit time in every window.
    private final byte[] source;

    /// From the end of the values to before the seqval, and the commit time; the same for all changes of a
    /// transaction.
    private final JsonBuffer transaction = new JsonBuffer(128);
    private final JsonBuffer commitTime = new JsonBuffer(32);

    /// What stands behind the commit time.
    private byte[] window = new byte[0];

    ChangeShape(LineHeader header, String captureInstance, int maxLineBytes) {
        fullBytes = maxLineBytes > 0 ? Math.min(maxLineBytes, MOST_BLOCK_BYTES) : MOST_BLOCK_BYTES;
        TableName name = header.tableName();
        table = new JsonBuffer(128)
                .ascii("},\"metadata\":{\"TableName\":")
                .string(routingName(name))
                .ascii(",\"LSN\":")
                .toBytes();
        operations = new byte[Operation.values().length + 1][];
        for (Operation operation : Operation.values()) {
            JsonBuffer out = new JsonBuffer(128).ascii(",\"OperationID\":");
            out.writeLong(operation.number());
            operations[operation.number()] = out.ascii(",\"OperationType\":")
                    .string(capitalised(operation.changeType()))
                    .ascii(",\"Schema\":")
                    .string(name.schema())
                    .ascii(",\"Table\":")
                    .string(name.table())
                    .ascii(",\"CommitTime\":")
                    .toBytes();
        }
        JsonBuffer out = new JsonBuffer(128)
                .ascii(",\"Server\":")
                .string(header.serverName())
                .ascii(",\"Database\":")
                .string(header.databaseName())
                .ascii(",\"CaptureInstance\":")
                .string(captureInstance);
        if (header.epoch().isPresent()) {
            out.ascii(",\"Epoch\":").writeLong(header.epoch().getAsLong());
        }
        source = out.toBytes();
    }

    /// By which output providers route: the bare name, as the original program has it, which knew no schema but
    /// `dbo`. Elsewhere `schema.table`, or tables of the same name would be mixed.
    private static String routingName(TableName name) {
        return name.schema().equals(BARE_SCHEMA) ? name.table() : name.toString();
    }

    @Override
    public void beginWindow(String pollInterval, Optional<Gap> gap) {
        JsonBuffer out = new JsonBuffer(128);
        out.writeRaw(source);
        if (gap.isPresent()) {
            out.writeAscii(",\"Gap\":{\"AfterLSN\":");
            LsnText.writeDigits(gap.get().after().commitLsn(), out);
            out.writeAscii(",\"ResumedAtLSN\":");
            LsnText.writeDigits(gap.get().resumedAt(), out);
            out.writeByte('}');
        }
        window = out.toBytes();
    }

    @Override
    public void beginTransaction(Lsn commitLsn, Optional<Instant> committedAt) {
        transaction.truncate(0);
        transaction.writeRaw(table);
        LsnText.writeDigits(commitLsn, transaction);
        transaction.writeAscii(",\"Seq\":");
        commitTime.truncate(0);
        TemporalText.writeQuoted(committedAt, commitTime);
    }

    @Override
    public byte[] opening() {
        return NOTHING;
    }

    @Override
    public byte[] separator() {
        return NOTHING;
    }

    @Override
    public void openChange(Operation operation, JsonBuffer out) {
        out.writeRaw(OPENING);
    }

    @Override
    public void endValues(Operation operation, Lsn seqval, JsonBuffer out) {
        out.writeRaw(transaction, 0);
        LsnText.writeDigits(seqval, out);
        out.writeRaw(operations[operation.number()]);
        out.writeRaw(commitTime, 0);
        out.writeRaw(window);
    }

    @Override
    public void closeChange(JsonBuffer out) {
        out.writeRaw(ENDING);
    }

    @Override
    public void closeBlock(int changes, JsonBuffer out) {
        // Every change has its own newline.
    }

    @Override
    public int closedSize(int size, int changes) {
        return size - 1;
    }

    @Override
    public int fullBytes() {
        return fullBytes;
    }

    @Override
    public String memberName(String words) {
        StringBuilder name = new StringBuilder();
        for (String word : words.split("_", -1)) {
            name.append(capitalised(word));
        }
        return name.toString();
    }

    private static String capitalised(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
