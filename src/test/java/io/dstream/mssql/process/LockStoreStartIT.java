package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.testing.Azurite;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.StorageProxy;
import io.dstream.mssql.testing.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

/// A lock store that cannot be used: found at the start, and said in one line that shows no secret. What cannot be
/// reached is tried for a while, so those tests wait side by side.
final class LockStoreStartIT {

    private static final String KEY_OF_ANOTHER = "c29tZWJvZHkgZWxzZSdzIHNlY3JldCBhY2NvdW50IGtleQ==";

    /// From the launch of the program: whoever launched it waits for 30 s.
    private static final Duration LONGEST_START = Duration.ofSeconds(20);

    private static final int FAILED = 1;

    /// Tries that failed before it gave up.
    private static final int MOST_WARNINGS = 10;

    private TestDatabase database;
    private Azurite azurite;
    private String container;

    @BeforeEach
    void createDatabase() {
        azurite = Azurite.shared();
        container = azurite.newContainerName();
        database = TestDatabase.create();
        SteadyWriter.createTables(database, Instances.TWO_TABLES);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void aWrongKeyIsRefused() throws Exception {
        requireOneError(
                byString(azurite.connectionString().replace(azurite.accountKey(), KEY_OF_ANOTHER)),
                "create lock blob ",
                "the storage answered 403",
                "check the account key");
    }

    @Test
    void aTokenThatMayNotWriteIsRefused() throws Exception {
        client().create();

        requireOneError(
                byString(withSas("r")),
                "create lock blob ",
                "the storage answered 403 AuthorizationPermissionMismatch",
                "a SAS token needs read, create and write (rcw)");
    }

    @Test
    void aTokenThatMayNotMakeTheContainerIsRefused() throws Exception {
        requireOneError(
                byString(withSas("rcw")),
                "create container " + container,
                "the storage answered 403",
                "create the container beforehand");
    }

    @Test
    @Execution(CONCURRENT)
    void aPortThatRefusesIsGivenUp() throws Exception {
        try (StorageProxy storage = StorageProxy.to(azurite.port())) {
            storage.refuse();

            requireOneError(
                    byString(azurite.connectionString(storage.port())),
                    "create lock blob ",
                    "no connection to 127.0.0.1:" + storage.port(),
                    "check the account's address in lock_config",
                    "giving up");
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aStorageThatHangsIsGivenUp() throws Exception {
        try (StorageProxy storage = StorageProxy.to(azurite.port())) {
            storage.hang();

            requireOneError(
                    byString(azurite.connectionString(storage.port())),
                    "create lock blob ",
                    "no answer from 127.0.0.1:" + storage.port(),
                    "giving up");
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aHostThatDoesNotExistIsGivenUp() throws Exception {
        requireOneError(
                byString(
                        "AccountName=shop;AccountKey=" + azurite.accountKey() + ";BlobEndpoint=https://nosuch.invalid"),
                "create lock blob ",
                "no connection to nosuch.invalid (ConnectException, UnresolvedAddressException)",
                "check the account's address in lock_config",
                "giving up");
    }

    private ObjectNode byString(String connectionString) {
        ObjectNode config = config();
        config.withObjectProperty("lock_config").put("connection_string", connectionString);
        return config;
    }

    private ObjectNode config() {
        ObjectNode config = Configs.of(database.connectionText(), Instances.TWO_TABLES);
        config.putObject("lock_config").put("type", "azure_blob").put("container_name", container);
        return config;
    }

    private BlobContainerClient client() {
        return new BlobContainerClientBuilder()
                .connectionString(azurite.connectionString())
                .containerName(container)
                .buildClient();
    }

    private String withSas(String permissions) {
        String sas = client().generateSas(new BlobServiceSasSignatureValues(
                OffsetDateTime.now(ZoneOffset.UTC).plusHours(1), BlobContainerSasPermission.parse(permissions)));
        return "BlobEndpoint=http://127.0.0.1:" + azurite.port() + "/devstoreaccount1;SharedAccessSignature=" + sas;
    }

    private void requireOneError(ObjectNode config, String... said) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Drain ended = Drain.ofProcess(config);
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(ended.exitCode()).as(ended.stderr().toString()).isEqualTo(FAILED);
        assertThat(took).as(ended.stderr().toString()).isLessThan(LONGEST_START);
        assertThat(ended.stdout()).isEmpty();
        List<String> errors =
                ended.stderr().stream().filter(line -> line.contains(" ERROR ")).toList();
        assertThat(errors).singleElement().asString().contains(said);
        assertThat(ended.stderr())
                .hasSizeLessThanOrEqualTo(1 + MOST_WARNINGS)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("[MSSQL-CDC] ")
                        .doesNotContain(azurite.accountKey(), KEY_OF_ANOTHER, "sig=", "\tat "));
    }
}
