package io.dstream.mssql.process;

import java.util.random.RandomGenerator;

/// What befalls a [MortalRun], unless it catches up before: at the `count`-th time that `moment` comes.
record Fate(End end, Moment moment, int count) {

    /// What happens to it.
    enum End {
        /// As by SIGTERM.
        STOP,
        /// As when its reader dies: stdout takes no more, the server still answers.
        LOSE_OUTPUT,
        /// The statement, or the next one, fails as the victim of a deadlock; the program goes on.
        FAIL_ONCE,
        /// As by SIGKILL: from then on neither stdout nor the server gets anything of it.
        KILL
    }

    /// When.
    enum Moment {
        /// With so many bytes written.
        BYTE,
        /// Before a statement.
        STATEMENT,
        /// Before a position is saved.
        SAVE,
        /// When a position has been sent to the server, and before anything else.
        SAVED
    }

    /// True where the program does not end as it would by itself, or when asked.
    boolean isCrash() {
        return end == End.LOSE_OUTPUT || end == End.KILL;
    }

    /// Lives until there is nothing left to read.
    static final Fate CATCH_UP = new Fate(End.STOP, Moment.BYTE, Integer.MAX_VALUE);

    /// Sooner or later, as there is `muchToRead` or not.
    static Fate of(RandomGenerator random, boolean muchToRead) {
        End end = End.values()[Math.min(random.nextInt(6), 3)];
        Moment moment = Moment.values()[random.nextInt(Moment.values().length)];
        int count = switch (moment) {
            case BYTE -> 1 + random.nextInt(random.nextInt(1, muchToRead ? 400_000 : 8_000));
            case STATEMENT -> 1 + random.nextInt(40);
            case SAVE, SAVED -> 1 + random.nextInt(4);
        };
        return new Fate(end, moment, count);
    }
}
