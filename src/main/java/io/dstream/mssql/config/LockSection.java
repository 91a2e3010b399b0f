package io.dstream.mssql.config;

import io.dstream.mssql.config.LockConfig.AzureBlob;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads `lock_config`. Without it, locks are held in the database itself, which needs nothing more.
final class LockSection {

    // Source: Microsoft Learn, "Naming and referencing containers, blobs, and metadata".
    private static final Pattern CONTAINER_NAME = Pattern.compile("(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*");

    private final Problems problems;
    private final SecretSource secrets;

    LockSection(Problems problems, SecretSource secrets) {
        this.problems = problems;
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
        OptionalInt maxTables = maxTables(lock);
        boolean azure = type.filter(LockConfig.Type.AZURE_BLOB::equals).isPresent();
        Optional<AzureBlob> azureBlob = azureBlob(lock, azure);
        lock.refuseOtherKeys();
        if (azure) {
            NotYetAvailable.AZURE_BLOB.refuse(problems, lock.pathOf("type"));
            return azureBlob.map(blob -> new LockConfig(LockConfig.Type.AZURE_BLOB, maxTables, Optional.of(blob)));
        }
        return type.map(chosen -> new LockConfig(chosen, maxTables));
    }

    private OptionalInt maxTables(JsonObject lock) {
        OptionalInt maxTables = lock.wholeNumber("max_tables");
        maxTables.ifPresent(most -> {
            if (most < 1) {
                lock.problem("max_tables", "must be at least 1, not " + most);
            } else {
                NotYetAvailable.MAX_TABLES.refuse(problems, lock.pathOf("max_tables"));
            }
        });
        return maxTables;
    }

    // Read whatever the type, so that switching it for a while needs no other change; required for azure_blob alone.
    private Optional<AzureBlob> azureBlob(JsonObject lock, boolean required) {
        Optional<Secret> connectionString =
                lock.secret("connection_string", secrets).filter(secret -> isStorageConnectionString(lock, secret));
        Optional<URI> accountUrl = lock.secret("account_url", secrets).flatMap(secret -> accountUrl(lock, secret));
        Optional<String> container = lock.text("container_name").filter(name -> isContainerName(lock, name));
        if (!required) {
            return Optional.empty();
        }
        boolean byString = lock.get("connection_string").isPresent();
        boolean byUrl = lock.get("account_url").isPresent();
        if (byString && byUrl) {
            lock.problem("account_url", "must not stand beside connection_string: use one of them");
        } else if (!byString && !byUrl) {
            lock.problem("connection_string", "is required for azure_blob, or account_url instead");
        }
        if (lock.get("container_name").isEmpty()) {
            lock.problem("container_name", "is required for azure_blob");
        }
        return connectionString.isPresent() == accountUrl.isPresent()
                ? Optional.empty()
                : container.map(name -> new AzureBlob(connectionString, accountUrl, name));
    }

    private static boolean isStorageConnectionString(JsonObject lock, Secret secret) {
        String text = secret.reveal().toLowerCase(Locale.ROOT);
        boolean fits = Stream.of("usedevelopmentstorage=", "accountname=", "blobendpoint=")
                .anyMatch(text::contains);
        if (!fits) {
            lock.problem(
                    "connection_string",
                    "is not an Azure Storage connection string: no AccountName, BlobEndpoint or UseDevelopmentStorage");
        }
        return fits;
    }

    private static Optional<URI> accountUrl(JsonObject lock, Secret secret) {
        try {
            URI url = URI.create(secret.reveal().strip());
            boolean web = "https".equalsIgnoreCase(url.getScheme()) || "http".equalsIgnoreCase(url.getScheme());
            if (web && url.getHost() != null && url.getRawQuery() == null && url.getRawUserInfo() == null) {
                return Optional.of(url);
            }
        } catch (IllegalArgumentException _) {
            // Reported below without its message, which quotes the text.
        }
        lock.problem(
                "account_url",
                "is not a URL such as https://account.blob.core.windows.net; a SAS token belongs in connection_string");
        return Optional.empty();
    }

    private static boolean isContainerName(JsonObject lock, String name) {
        boolean fits = CONTAINER_NAME.matcher(name).matches();
        if (!fits) {
            lock.problem(
                    "container_name",
                    Problems.quote(name) + " is not a container name: 3 to 63 lower-case letters, digits and single"
                            + " hyphens");
        }
        return fits;
    }
}
