package io.dstream.mssql.checkpoint;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import java.util.Optional;
import java.util.OptionalInt;

/// What a row of `cdc_offsets` holds. `seqval` is absent where the original program saved before it kept one,
/// `commandId` wherever a [Position] has none.
record Offset(Lsn commitLsn, OptionalInt commandId, Optional<Lsn> seqval) {

    static Offset of(Position position) {
        return new Offset(position.commitLsn(), position.commandId(), Optional.of(position.seqval()));
    }

    /// Without a seqval nobody knows how much of the transaction was done: rather repeat it than lose it.
    Position position() {
        return seqval.map(known -> new Position(commitLsn, commandId, known))
                .orElseGet(() -> Position.before(commitLsn));
    }

    @Override
    public String toString() {
        return commitLsn + "/" + (commandId.isPresent() ? commandId.getAsInt() + "/" : "")
                + seqval.map(Lsn::toString).orElse("NULL");
    }
}
