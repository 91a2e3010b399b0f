package io.dstream.mssql.peer;

import io.debezium.connector.sqlserver.SqlServerConnector;
import io.debezium.relational.history.MemorySchemaHistory;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;

/// What both uses of Debezium configure: where it reads, and room enough that it waits for nobody.
final class DebeziumSettings {

    /// The connector's name, and what stands before the names of its topics.
    static final String NAME = "peer";

    private static final String BATCH = "16384";
    private static final String QUEUE = "65536";
    private static final String MILLIS_BETWEEN_POLLS = "10";
    private static final String NEVER_MILLIS = "3600000";

    private DebeziumSettings() {}

    /// `server` has the driver's names: `serverName`, `portNumber`, `user`, `password`, `databaseName`,
    /// `encrypt`. `tables` are `schema.table`, without characters that regular expressions know.
    static Properties of(Map<String, String> server, List<String> tables, QueryMode mode) {
        Properties settings = new Properties();
        settings.put("name", NAME);
        settings.put("topic.prefix", NAME);
        settings.put("connector.class", SqlServerConnector.class.getName());
        settings.put("offset.storage", MemoryOffsetBackingStore.class.getName());
        settings.put("offset.flush.interval.ms", NEVER_MILLIS);
        settings.put("schema.history.internal", MemorySchemaHistory.class.getName());
        settings.put("database.hostname", server.getOrDefault("serverName", ""));
        settings.put("database.port", server.getOrDefault("portNumber", ""));
        settings.put("database.user", server.getOrDefault("user", ""));
        settings.put("database.password", server.getOrDefault("password", ""));
        settings.put("database.names", server.getOrDefault("databaseName", ""));
        settings.put("database.encrypt", server.getOrDefault("encrypt", "true"));
        settings.put("database.trustServerCertificate", "true");
        settings.put("table.include.list", String.join(",", tables));
        settings.put("data.query.mode", mode.setting());
        settings.put("snapshot.mode", "no_data");
        settings.put("tombstones.on.delete", "false");
        settings.put("include.schema.changes", "false");
        settings.put("statistics.metrics.enabled", "false");
        settings.put("max.batch.size", BATCH);
        settings.put("max.queue.size", QUEUE);
        settings.put("poll.interval.ms", MILLIS_BETWEEN_POLLS);
        return settings;
    }
}
