package io.dstream.mssql.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;

/// Offsets in memory that say "read up to the beginning of the log": streaming begins with the first change
/// captured. Public, as the engine makes it by its name.
public final class PresetOffsets extends MemoryOffsetBackingStore {

    /// The setting with the database's name.
    static final String DATABASE = "offset.storage.preset.database";

    private static final String BEFORE_EVERYTHING = "00000000:00000000:0001";

    /// Made by the engine.
    public PresetOffsets() {}

    @Override
    public void configure(WorkerConfig config) {
        super.configure(config);
        String database = config.originalsStrings().getOrDefault(DATABASE, "");
        // The store is asked for these very bytes, so they are made as the engine makes them.
        Map<String, String> partition = new HashMap<>();
        partition.put("server", DebeziumSettings.NAME);
        partition.put("database", database);
        try (JsonConverter json = new JsonConverter()) {
            json.configure(Map.of("schemas.enable", "false"), true);
            byte[] key = json.fromConnectData("", null, List.of(DebeziumSettings.NAME, partition));
            String offset = "{\"commit_lsn\":\"" + BEFORE_EVERYTHING + "\",\"event_serial_no\":0}";
            data.put(ByteBuffer.wrap(key), ByteBuffer.wrap(offset.getBytes(UTF_8)));
        }
    }

    @Override
    public Set<Map<String, Object>> connectorPartitions(String connector) {
        return Set.of();
    }
}
