package io.dstream.mssql.bench;

import java.util.List;

/// What `./bench` can measure: the option that asks for it, and the options that go with it.
enum BenchKind {
    THROUGHPUT("", 3, "--rows --shape --tx --mode --rounds --peer --peer-rows --check"),
    TABLES("--tables", 3, "--rows --shape --tx --mode --rounds --check"),
    IDLE("--idle", 1, "--mode --poll --max-poll --seconds --changes"),
    LATENCY("--latency", 1, "--mode --poll --max-poll --seconds"),
    START("--start", 7, "--rounds");

    private final String option;
    private final int rounds;
    private final String options;

    BenchKind(String option, int rounds, String options) {
        this.option = option;
        this.rounds = rounds;
        this.options = options;
    }

    /// Empty for what is measured when nothing else is asked for.
    String option() {
        return option;
    }

    /// Unless it is told.
    int defaultRounds() {
        return rounds;
    }

    /// Separated by spaces.
    String allOptions() {
        return option + " --heap " + options;
    }

    boolean knows(String name) {
        return List.of(allOptions().split(" ")).contains(name);
    }
}
