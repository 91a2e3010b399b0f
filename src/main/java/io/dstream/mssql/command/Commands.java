package io.dstream.mssql.command;

import io.dstream.mssql.config.IngesterConfig;
import io.dstream.mssql.config.Launch;
import io.dstream.mssql.db.Database;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.output.JsonText;
import io.dstream.mssql.output.StdoutWriter;

/// Every command but `run`: asks or does, writes one answer, and is done. Each thing is tried once, since
/// somebody waits and can ask again.
public final class Commands {

    private final Launch launch;
    private final StdoutWriter stdout;

    /// `stdout` stays the caller's to close.
    public Commands(Launch launch, StdoutWriter stdout) {
        this.launch = launch;
        this.stdout = stdout;
    }

    /// Runs the command and writes its answer, as text or as one line of JSON, which it always is where the
    /// command came in an envelope, and no longer than DStream's relay takes. False where something is broken
    /// or did not work. Throws `OutputLost` where nobody reads the answer.
    public boolean run(boolean enableCdc, boolean asJson) throws Failure, InterruptedException {
        IngesterConfig config = launch.config();
        try (Database database = Database.open(config.database())) {
            Answer answer = switch (launch.command()) {
                case PLAN -> new PlanAnswer(Survey.of(config, database));
                case STATUS -> new StatusAnswer(Survey.of(config, database));
                case INIT -> new Init(config, database).run(enableCdc);
                case DESTROY -> new Destroy(config, database).run();
                case RUN -> throw new IllegalArgumentException("run has no answer");
            };
            stdout.writeLine(written(answer, asJson));
            return answer.isGood();
        }
    }

    private String written(Answer answer, boolean asJson) {
        if (launch.enveloped()) {
            return RelayLine.of(answer.json());
        }
        return asJson ? JsonText.of(answer.json()) : answer.text();
    }
}
