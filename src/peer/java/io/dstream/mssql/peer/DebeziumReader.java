package io.dstream.mssql.peer;

import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.dstream.mssql.testing.Poll;
import java.io.IOException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.connect.source.SourceRecord;

/// Debezium's embedded engine on a thread of its own; every record goes to `taker`, on a thread of the engine.
final class DebeziumReader implements AutoCloseable {

    private final DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine;
    private final Thread thread;
    private volatile String ending = "";
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    private DebeziumReader(Properties settings, Consumer<SourceRecord> taker) {
        this.engine = DebeziumEngine.create(Connect.class)
                .using(settings)
                .using((success, message, error) -> ended(success, message, error))
                .notifying((batch, committer) -> {
                    for (ChangeEvent<SourceRecord, SourceRecord> event : batch) {
                        taker.accept(event.value());
                        committer.markProcessed(event);
                    }
                    committer.markBatchFinished();
                })
                .build();
        this.thread = Thread.ofPlatform().name("debezium").start(engine);
    }

    /// Starts to read.
    static DebeziumReader start(Properties settings, Consumer<SourceRecord> taker) {
        return new DebeziumReader(settings, taker);
    }

    private void ended(boolean success, String message, Throwable error) {
        ending = (success ? "well: " : "badly: ") + message;
        if (error != null) {
            failures.add(error);
        }
    }

    /// Fails where it has ended.
    void requireRunning() {
        if (!ending.isEmpty()) {
            AssertionError failed = new AssertionError("Debezium ended " + ending);
            failures.forEach(failed::addSuppressed);
            throw failed;
        }
    }

    /// How it ended; empty while it runs.
    String ending() {
        return ending;
    }

    /// Waits for its end.
    @Override
    public void close() throws IOException {
        if (ending.isEmpty()) {
            engine.close();
        }
        try {
            if (!thread.join(Poll.LIMIT)) {
                throw new AssertionError("Debezium does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while Debezium ends", e);
        }
    }
}
