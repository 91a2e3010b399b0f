package io.dstream.mssql.checkpoint;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import java.util.Optional;

/// What a row of `cdc_offsets` holds. `seqval` is absent where the original program saved before it kept one.
record Offset(Lsn commitLsn, Optional<Lsn> seqval) {

    static Offset of(Position position) {
        return new Offset(position.commitLsn(), Optional.of(position.seqval()));
    }

    /// Without a seqval nobody knows how much of the transaction was done: rather repeat it than lose it.
    Position position() {
        return seqval.map(known -> new Position(commitLsn, known)).orElseGet(() -> Position.before(commitLsn));
    }

    @Override
    public String toString() {
        return commitLsn + "/" + seqval.map(Lsn::toString).orElse("NULL");
    }
}
