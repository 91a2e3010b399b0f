package io.dstream.mssql.bench;

/// Measures one thing and answers its report.
@FunctionalInterface
interface Scenario {

    /// Says on stderr how far it has come.
    @FunctionalInterface
    interface Progress {
        /// One line.
        void say(String what);
    }

    /// Throws `IllegalStateException` where rows or changes are missing.
    String measure(BenchOptions options, Progress progress) throws Exception;
}
