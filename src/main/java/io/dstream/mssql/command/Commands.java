package io.dstream.mssql.command;

import io.dstream.mssql.config.Command;
import io.dstream.mssql.config.IngesterConfig;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.output.JsonText;
import io.dstream.mssql.output.StdoutWriter;

/// Every command but `run`: asks or does, writes one answer, and is done. Each thing is tried once, since
/// somebody waits
/// and can ask again.
public final class Commands {

    private final IngesterConfig config;
    private final StdoutWriter stdout;

    /// `stdout` stays the caller's to close.
    public Commands(IngesterConfig config, StdoutWriter stdout) {
        this.config = config;
        this.stdout = stdout;
    }

    /// Runs `command` and writes its answer, as one line of JSON or as text. False where something is broken
    /// or did not work. Throws `OutputLost` where nobody reads the answer.
    public boolean run(Command command, boolean enableCdc, boolean asJson) throws Failure, InterruptedException {
        try (Database database = Database.open(config.database())) {
            Answer answer = switch (command) {
                case PLAN -> new PlanAnswer(Survey.of(config, database));
                case STATUS -> new StatusAnswer(Survey.of(config, database));
                case INIT -> new Init(config, database).run(enableCdc);
                case DESTROY -> new Destroy(config, database).run();
                case RUN -> throw new IllegalArgumentException("run has no answer");
            };
            stdout.writeLine(asJson ? JsonText.of(answer.json()) : answer.text());
            return answer.isGood();
        }
    }
}
