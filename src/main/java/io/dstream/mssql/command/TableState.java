package io.dstream.mssql.command;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableSurvey;
import io.dstream.mssql.cdc.TableSurvey.Instance;
import io.dstream.mssql.cdc.TableSurvey.Lag;
import io.dstream.mssql.lock.LockState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One table as it is, as far as it could be told. `position` is what is saved; `instance` what is read on
/// from there, or from the earliest; `next` what a run would do.
record TableState(
        String table,
        Optional<Position> position,
        Optional<Instance> instance,
        Optional<Lag> lag,
        Optional<Duration> behind,
        Optional<Duration> retentionLeft,
        Optional<LockState> lock,
        String next) {

    /// Nothing is known of it but its name.
    static TableState unknown(String table, String next) {
        return of(table, Optional.empty(), Optional.empty(), next);
    }

    /// Without capture instance that could be read.
    static TableState of(String table, Optional<Position> position, Optional<LockState> lock, String next) {
        return new TableState(
                table, position, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), lock, next);
    }

    String lockText() {
        return lock.map(state -> switch (state.kind()) {
                    case FREE -> "free";
                    case HELD -> state.owner().map(owner -> "held by " + owner).orElse("held");
                    case NONE -> Words.NOTHING;
                })
                .orElse(Words.UNKNOWN);
    }

    static List<String> header() {
        return List.of("TABLE", "POSITION", "LSNS BEHIND", "TIME BEHIND", "ROWS", "INSTANCE", "RETENTION LEFT", "LOCK");
    }

    List<String> cells() {
        boolean saved = position.isPresent();
        return List.of(
                table,
                position.map(Position::toString).orElse(Words.NOTHING),
                saved ? lag.map(found -> counted(found.lsns())).orElse(Words.UNKNOWN) : Words.NOTHING,
                saved ? Words.of(behind) : Words.NOTHING,
                lag.flatMap(Lag::changes).map(TableState::counted).orElse(Words.UNKNOWN),
                instance.map(Instance::name).orElse(Words.NOTHING),
                saved ? Words.of(retentionLeft) : Words.NOTHING,
                lockText());
    }

    private static String counted(long count) {
        return Words.of(count, TableSurvey.MOST_COUNTED);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("table", table);
        json.put("position", position.map(TableState::json));
        json.put("lag", position.flatMap(saved -> lag).map(this::json));
        json.put("rows_waiting", lag.flatMap(Lag::changes));
        json.put("capture_instance", instance.map(Instance::name));
        json.put("low_watermark", instance.map(Instance::lowWatermark).map(Lsn::toString));
        json.put("retention_left_seconds", retentionLeft.map(Duration::toSeconds));
        json.put("lock", lock.map(TableState::json));
        return json;
    }

    private static Map<String, Object> json(Position position) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("lsn", position.commitLsn().toString());
        if (position.commandId().isPresent()) {
            json.put("command_id", position.commandId().getAsInt());
        }
        json.put("seq", position.seqval().toString());
        return json;
    }

    private Map<String, Object> json(Lag found) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("lsns", found.lsns());
        json.put("seconds", behind.map(Duration::toSeconds));
        return json;
    }

    private static Map<String, Object> json(LockState state) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("state", state.kind().name().toLowerCase(Locale.ROOT));
        json.put("owner", state.owner());
        return json;
    }
}
