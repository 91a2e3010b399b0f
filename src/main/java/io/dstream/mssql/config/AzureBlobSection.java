package io.dstream.mssql.config;

import io.dstream.mssql.config.LockConfig.AzureBlob;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads the keys of `lock_config` that say where the blobs are.
final class AzureBlobSection {

    // Source: Microsoft Learn, "Naming and referencing containers, blobs, and metadata".
    private static final Pattern CONTAINER_NAME = Pattern.compile("(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*");

    private static final String CONNECTION_STRING = "connection_string";
    private static final String ACCOUNT_URL = "account_url";
    private static final String CONTAINER = "container_name";

    private final JsonObject lock;
    private final SecretSource secrets;

    AzureBlobSection(JsonObject lock, SecretSource secrets) {
        this.lock = lock;
        this.secrets = secrets;
    }

    /// Read whatever the type, so that switching it for a while needs no other change; `required` for azure_blob alone.
    /// Empty where it is not, or when a problem was reported.
    Optional<AzureBlob> parse(boolean required) {
        Optional<Secret> connectionString = lock.secret(CONNECTION_STRING, secrets)
                .flatMap(
                        secret -> StorageConnectionString.parse(secret, text -> lock.problem(CONNECTION_STRING, text)));
        Optional<URI> accountUrl = lock.secret(ACCOUNT_URL, secrets).flatMap(this::accountUrl);
        Optional<String> container = lock.text(CONTAINER).filter(this::isContainerName);
        if (!required) {
            return Optional.empty();
        }
        requireOneAccount();
        if (!isGiven(CONTAINER)) {
            lock.problem(CONTAINER, "is required for azure_blob");
        }
        return connectionString.isPresent() == accountUrl.isPresent()
                ? Optional.empty()
                : container.map(name -> new AzureBlob(connectionString, accountUrl, name));
    }

    private void requireOneAccount() {
        boolean byString = isGiven(CONNECTION_STRING);
        boolean byUrl = isGiven(ACCOUNT_URL);
        if (byString && byUrl) {
            lock.problem(ACCOUNT_URL, "must not stand beside connection_string: use one of them");
        } else if (!byString && !byUrl) {
            lock.problem(CONNECTION_STRING, "is required for azure_blob, or account_url instead");
        }
    }

    private boolean isGiven(String key) {
        return lock.get(key).isPresent();
    }

    private Optional<URI> accountUrl(Secret secret) {
        Optional<WebUrl> url = WebUrl.parse(secret.reveal().strip());
        if (url.isEmpty()) {
            lock.problem(ACCOUNT_URL, "is not a URL such as https://account.blob.core.windows.net");
            return Optional.empty();
        }
        if (!url.get().isEncrypted()) {
            lock.problem(ACCOUNT_URL, "must begin with https: a Microsoft Entra token is never sent over http");
        }
        if (url.get().hasQuery()) {
            lock.problem(ACCOUNT_URL, "must end before any `?` or `#`; a SAS token belongs in connection_string");
        }
        if (url.get().hasLogin()) {
            lock.problem(ACCOUNT_URL, "must not hold a user before an `@`");
        }
        return url.filter(found -> found.isEncrypted() && found.isBare()).map(WebUrl::uri);
    }

    private boolean isContainerName(String name) {
        boolean fits = CONTAINER_NAME.matcher(name).matches();
        if (!fits) {
            lock.problem(
                    CONTAINER,
                    Problems.quote(name) + " is not a container name: 3 to 63 lower-case letters, digits and single"
                            + " hyphens");
        }
        return fits;
    }
}
