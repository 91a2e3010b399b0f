package io.dstream.mssql.standin.cdc;

import io.dstream.mssql.cdc.Lsn;

/// The LSNs of one log: a virtual log file, a block in it, a slot in the block, as `2c:110:1`. Not thread-safe.
final class LsnSequence {

    private static final int SLOTS = 0xB4;
    private static final long BLOCK_STEP = 8;
    private static final long LAST_BLOCK = 0x0007_FFF8L;
    private static final long FIRST_BLOCK = 0x10;

    private Lsn last = new Lsn(0x0000_002C_0000_0110L, 1);

    /// The next LSN of this log.
    Lsn take() {
        last = after(last);
        return last;
    }

    /// Takes `count` LSNs at the start of a new block and answers the first: the others follow by [#after].
    Lsn takeBlock(int count) {
        last = firstSlot(last.high());
        Lsn first = last;
        for (int i = 1; i < count; i++) {
            last = after(last);
        }
        return first;
    }

    /// Goes on after `lsn`. Throws `IllegalArgumentException` where that would be a step back.
    void jumpTo(Lsn lsn) {
        if (lsn.compareTo(last) <= 0) {
            throw new IllegalArgumentException(lsn + " is not after " + last + ", the log's end");
        }
        last = lsn;
    }

    /// The LSN that this log would use after `lsn`.
    static Lsn after(Lsn lsn) {
        return lsn.low() < SLOTS ? new Lsn(lsn.high(), lsn.low() + 1) : firstSlot(lsn.high());
    }

    private static Lsn firstSlot(long high) {
        long file = high >>> 32;
        long block = (high & 0xFFFF_FFFFL) + BLOCK_STEP;
        return block <= LAST_BLOCK ? new Lsn((file << 32) | block, 1) : new Lsn(((file + 1) << 32) | FIRST_BLOCK, 1);
    }
}
