package io.dstream.mssql.peer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.format.Json;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// What the program is measured beside: Debezium's embedded engine reads the table `dbo.bench` and hands over
/// every change as JSON without schemas, which is what goes into a pipe; here it is counted and thrown away.
/// Writes the count once it has all of them and stays until its stdin ends, so that it can be looked at.
///
/// The environment says what to do: `BENCH_URL` is where to connect, in the driver's spelling;
/// `BENCH_QUERY_MODE` is `function` or `direct`; `BENCH_EVENTS` how many changes there are to read.
///
/// It starts with an offset before all changes, so they are there already, as for the program. Without a schema
/// history that takes `snapshot.mode=recovery`: `no_data` with the schemas read anew.
public final class DebeziumLoop {

    private static final String TABLE = "dbo.bench";

    private final long events;
    private final CompletableFuture<Long> all = new CompletableFuture<>();
    private long seen;

    private DebeziumLoop(long events) {
        this.events = events;
    }

    /// No arguments: everything comes in the environment.
    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        // It warns of every change that comes faster than its figures of lag are kept.
        System.setProperty("org.slf4j.simpleLogger.log.io.debezium.metrics.stats.MeasurementCollector", "error");
        Map<String, String> server = driverProperties(System.getenv("BENCH_URL"));
        QueryMode mode = QueryMode.of(System.getenv().getOrDefault("BENCH_QUERY_MODE", "function"));
        long events = Long.parseLong(System.getenv().getOrDefault("BENCH_EVENTS", "0"));
        new DebeziumLoop(events).run(settings(server, mode));
    }

    private static Properties settings(Map<String, String> server, QueryMode mode) {
        Properties settings = DebeziumSettings.of(server, List.of(TABLE), mode);
        settings.put("snapshot.mode", "recovery");
        settings.put("offset.storage", PresetOffsets.class.getName());
        settings.put(PresetOffsets.DATABASE, server.getOrDefault("databaseName", ""));
        // All there is at once, however small its transactions.
        settings.put("max.iteration.transactions", "0");
        settings.put("key.converter.schemas.enable", "false");
        settings.put("value.converter.schemas.enable", "false");
        return settings;
    }

    private void run(Properties settings) throws IOException, InterruptedException, ExecutionException {
        try (ExecutorService executor = Executors.newSingleThreadExecutor();
                DebeziumEngine<ChangeEvent<String, String>> engine = DebeziumEngine.create(Json.class)
                        .using(settings)
                        .using(this::ended)
                        .notifying(this::count)
                        .build();
                OutputStream out = new FileOutputStream(FileDescriptor.out);
                InputStream in = new FileInputStream(FileDescriptor.in)) {
            executor.execute(engine);
            out.write((all.get() + "\n").getBytes(US_ASCII));
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /// On one thread of the engine.
    private void count(
            List<ChangeEvent<String, String>> batch,
            DebeziumEngine.RecordCommitter<ChangeEvent<String, String>> committer)
            throws InterruptedException {
        for (ChangeEvent<String, String> event : batch) {
            seen += event.value() == null ? 0 : 1;
            committer.markProcessed(event);
        }
        committer.markBatchFinished();
        if (seen >= events) {
            all.complete(seen);
        }
    }

    private void ended(boolean success, String message, Throwable error) {
        all.completeExceptionally(
                new IllegalStateException("Debezium ended after " + seen + " changes: " + message, error));
    }

    /// `jdbc:sqlserver://host:port;name=value;..`.
    private static Map<String, String> driverProperties(String url) {
        String[] parts = url.substring(url.indexOf("//") + 2).split(";", -1);
        Map<String, String> properties = new HashMap<>();
        properties.put("serverName", parts[0].substring(0, parts[0].indexOf(':')));
        properties.put("portNumber", parts[0].substring(parts[0].indexOf(':') + 1));
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0) {
                properties.put(parts[i].substring(0, equals), parts[i].substring(equals + 1));
            }
        }
        return properties;
    }
}
