package io.dstream.mssql.config;

import io.dstream.mssql.config.LockConfig.AzureBlob;
import java.util.Optional;
import java.util.OptionalInt;

/// Reads `lock_config`. Without it, locks are held in the database itself, which needs nothing more.
final class LockSection {

    private final SecretSource secrets;

    LockSection(SecretSource secrets) {
        this.secrets = secrets;
    }

    /// Empty only when a problem was reported.
    Optional<LockConfig> parse(JsonObject section) {
        if (section.get("lock_config").isEmpty()) {
            return Optional.of(new LockConfig(LockConfig.Type.SQL_SERVER, OptionalInt.empty()));
        }
        return section.object("lock_config").flatMap(this::lock);
    }

    private Optional<LockConfig> lock(JsonObject lock) {
        Optional<LockConfig.Type> type = lock.choice("type", LockConfig.Type.class);
        if (lock.get("type").isEmpty()) {
            lock.problem("type", "is required: " + JsonObject.namesOf(LockConfig.Type.class));
        }
        OptionalInt maxTables = maxTables(lock, is(type, LockConfig.Type.NONE));
        boolean azure = is(type, LockConfig.Type.AZURE_BLOB);
        Optional<AzureBlob> azureBlob = new AzureBlobSection(lock, secrets).parse(azure);
        lock.refuseOtherKeys();
        return azure
                ? azureBlob.map(blob -> new LockConfig(LockConfig.Type.AZURE_BLOB, maxTables, Optional.of(blob)))
                : type.map(chosen -> new LockConfig(chosen, maxTables));
    }

    private static boolean is(Optional<LockConfig.Type> type, LockConfig.Type wanted) {
        return type.filter(wanted::equals).isPresent();
    }

    private static OptionalInt maxTables(JsonObject lock, boolean unlocked) {
        OptionalInt maxTables = lock.wholeNumber("max_tables");
        maxTables.ifPresent(most -> {
            if (most < 1) {
                lock.problem("max_tables", "must be at least 1, not " + most);
            }
            if (unlocked) {
                lock.problem(
                        "max_tables", "needs a lock: with type none no other instance knows which tables are left");
            }
        });
        return maxTables;
    }
}
