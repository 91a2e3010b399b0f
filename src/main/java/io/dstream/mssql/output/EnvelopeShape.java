package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Operation;
import java.time.Instant;
import java.util.Optional;

/// `output_format: envelope`: a line has the changes of one window that fit, in `changes`.
final class EnvelopeShape implements LineShape {

    /// Where there is no limit, a line still ends here, so that memory stays bounded.
    private static final int UNLIMITED_LINE_BYTES = 1024 * 1024;

    private static final byte[] COMMA = {','};
    private static final byte[] METADATA = "],\"metadata\":{\"batch_size\":".getBytes(US_ASCII);

    private final int fullBytes;
    private final byte[] opening;

    /// A change up to its first value, by [Operation#number].
    private final byte[][] changeOpenings;

    /// What the metadata say of the capture instance, and of the holder.
    private final byte[] source;

    /// From the end of the values to before the seqval; the same for all changes of a transaction.
    private final JsonBuffer transaction = new JsonBuffer(128);

    /// Everything after the digits of `batch_size`, with the newline.
    private byte[] ending = new byte[0];

    EnvelopeShape(LineHeader header, String captureInstance, int maxLineBytes) {
        fullBytes = maxLineBytes > 0 ? maxLineBytes : UNLIMITED_LINE_BYTES;
        opening = new JsonBuffer(128)
                .ascii("{\"table_name\":")
                .string(header.tableName().toString())
                .ascii(",\"server_name\":")
                .string(header.serverName())
                .ascii(",\"changes\":[")
                .toBytes();
        changeOpenings = new byte[Operation.values().length + 1][];
        for (Operation operation : Operation.values()) {
            changeOpenings[operation.number()] = new JsonBuffer(128)
                    .ascii("{\"table_name\":")
                    .string(header.tableName().toString())
                    .ascii(",\"change_type\":")
                    .string(operation.changeType())
                    .ascii(",\"data\":{")
                    .toBytes();
        }
        JsonBuffer out = new JsonBuffer(128).ascii(",\"capture_instance\":").string(captureInstance);
        if (header.epoch().isPresent()) {
            out.ascii(",\"epoch\":").writeLong(header.epoch().getAsLong());
        }
        source = out.toBytes();
    }

    @Override
    public void beginWindow(String pollInterval, Optional<Gap> gap) {
        JsonBuffer out = new JsonBuffer(128).ascii(",\"poll_interval\":").string(pollInterval);
        out.writeRaw(source);
        if (gap.isPresent()) {
            out.writeAscii(",\"gap\":{\"after_lsn\":");
            LsnText.writeColons(gap.get().after().commitLsn(), out);
            out.writeAscii(",\"resumed_at_lsn\":");
            LsnText.writeColons(gap.get().resumedAt(), out);
            out.writeByte('}');
        }
        ending = out.ascii("}}\n").toBytes();
    }

    @Override
    public void beginTransaction(Lsn commitLsn, Optional<Instant> committedAt) {
        transaction.truncate(0);
        transaction.writeAscii("},\"timestamp\":");
        TemporalText.writeQuoted(committedAt, transaction);
        transaction.writeAscii(",\"lsn\":");
        LsnText.writeColons(commitLsn, transaction);
        transaction.writeAscii(",\"seq\":");
    }

    @Override
    public byte[] opening() {
        return opening;
    }

    @Override
    public byte[] separator() {
        return COMMA;
    }

    @Override
    public void openChange(Operation operation, JsonBuffer out) {
        out.writeRaw(changeOpenings[operation.number()]);
    }

    @Override
    public void endValues(Operation operation, Lsn seqval, JsonBuffer out) {
        out.writeRaw(transaction, 0);
        LsnText.writeColons(seqval, out);
    }

    @Override
    public void closeChange(JsonBuffer out) {
        out.writeByte('}');
    }

    @Override
    public void closeBlock(int changes, JsonBuffer out) {
        out.writeRaw(METADATA);
        out.writeLong(changes);
        out.writeRaw(ending);
    }

    @Override
    public int closedSize(int size, int changes) {
        return size + METADATA.length + Digits.count(-changes) + ending.length - 1;
    }

    @Override
    public int fullBytes() {
        return fullBytes;
    }

    @Override
    public String memberName(String words) {
        return words;
    }
}
