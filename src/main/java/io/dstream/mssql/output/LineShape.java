package io.dstream.mssql.output;

import io.dstream.mssql.cdc.CaptureInstance;
import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Operation;
import io.dstream.mssql.config.OutputConfig;
import java.time.Instant;
import java.util.Optional;

/// What stands around the values of a change, and around changes. Used by one thread.
///
/// A block is what is closed at once: one line with several changes, or several lines with one each. It begins with
/// [#opening] and has [#separator] between changes; [#closeBlock] ends it.
///
/// A change is [#openChange], the members of `data`, with an image before it `},"before":{` and its members,
/// then [#endValues], lists of names, and [#closeChange].
sealed interface LineShape permits ChangeShape, EnvelopeShape {

    /// The shape that `config` asks for.
    static LineShape of(OutputConfig config, LineHeader header, CaptureInstance instance) {
        return switch (config.format()) {
            case ENVELOPE -> new EnvelopeShape(header, instance.name(), config.maxLineBytes());
            case CHANGE -> new ChangeShape(header, instance.name(), config.maxLineBytes());
        };
    }

    /// The changes that follow were found with this wait between polls (`5s`, Go's notation), after `gap`, if
    /// any.
    void beginWindow(String pollInterval, Optional<Gap> gap);

    /// The changes that follow are of this transaction.
    void beginTransaction(Lsn commitLsn, Optional<Instant> committedAt);

    byte[] opening();

    byte[] separator();

    void openChange(Operation operation, JsonBuffer out);

    /// Closes the object of values that is open.
    void endValues(Operation operation, Lsn seqval, JsonBuffer out);

    void closeChange(JsonBuffer out);

    void closeBlock(int changes, JsonBuffer out);

    /// The bytes of a block with `changes` in `size` bytes once it is closed, the last newline excluded. With
    /// one change that is the length of its line.
    int closedSize(int size, int changes);

    /// A block with several changes is never larger.
    int fullBytes();

    /// A member's name, given as `unavailable_columns`, as it is spelt here.
    String memberName(String words);
}
