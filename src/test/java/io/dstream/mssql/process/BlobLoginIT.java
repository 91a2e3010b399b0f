package io.dstream.mssql.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dstream.mssql.testing.Azurite;
import io.dstream.mssql.testing.Configs;
import io.dstream.mssql.testing.EntraAzurite;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.IdentityEndpoint;
import io.dstream.mssql.testing.IngesterProcess;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every way to log in to the storage of the locks, with the packaged program: the libraries in it are fewer than those
/// on the class path of a test.
final class BlobLoginIT {

    /// Nobody listens there, and nobody is asked before there is a token.
    private static final String NO_STORAGE = "https://127.0.0.1:9/devstoreaccount1";

    private static TestDatabase database;

    @TempDir
    Path home;

    private ObjectNode config;

    @BeforeAll
    static void createTables() {
        database = TestDatabase.create();
        database.run(
                "CREATE TABLE dbo.customers (id int NOT NULL PRIMARY KEY)",
                "CREATE TABLE dbo.orders (id int NOT NULL PRIMARY KEY)",
                "INSERT INTO dbo.customers VALUES (0)");
        database.capture("dbo", "customers");
        database.capture("dbo", "orders");
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @BeforeEach
    void startOver() {
        config = Configs.of(database, "dbo.customers", "dbo.orders");
        database.run("IF OBJECT_ID(N'cdc_offsets') IS NOT NULL DROP TABLE cdc_offsets");
    }

    private static String withSas(Azurite azurite, String container) {
        String sas = new BlobContainerClientBuilder()
                .connectionString(azurite.connectionString())
                .containerName(container)
                .buildClient()
                .generateSas(new BlobServiceSasSignatureValues(
                        OffsetDateTime.now(ZoneOffset.UTC).plusHours(1), BlobContainerSasPermission.parse("rcw")));
        return "BlobEndpoint=http://127.0.0.1:" + azurite.port() + "/devstoreaccount1;SharedAccessSignature=" + sas;
    }

    private void lockBy(String key, String account, String container) {
        config.putObject("lock_config")
                .put("type", "azure_blob")
                .put(key, account)
                .put("container_name", container);
    }

    /// Nothing of whoever runs this test: neither a login of theirs nor the machine's own identity.
    private Map<String, String> nobody() {
        return Map.of(
                "HOME", home.toString(),
                "AZURE_CONFIG_DIR", home.toString(),
                "AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:9");
    }

    private void followsUnderALease(Map<String, String> environment) throws Exception {
        database.run("DELETE FROM dbo.customers", "INSERT INTO dbo.customers VALUES (1)");
        database.run("DELETE FROM dbo.orders", "INSERT INTO dbo.orders VALUES (1)");
        try (IngesterProcess process = IngesterProcess.start(config.toString(), environment, true)) {
            process.until(() -> Envelopes.changes(process.stdout()).stream()
                            .map(Envelopes.ChangeLine::table)
                            .distinct()
                            .count()
                    == 2);
            Runs.stop(process, "TERM");

            assertThat(process.stdout())
                    .allSatisfy(line -> assertThat(Envelopes.parse(line)
                                    .path("metadata")
                                    .path("epoch")
                                    .isIntegralNumber())
                            .isTrue());
        }
    }

    @Test
    void anAccountKeyDoes() throws Exception {
        Azurite azurite = Azurite.shared();
        lockBy("connection_string", azurite.connectionString(), azurite.newContainerName());

        followsUnderALease(Map.of());
    }

    @Test
    void aSasTokenDoes() throws Exception {
        Azurite azurite = Azurite.shared();
        String container = azurite.newContainerName();
        new BlobContainerClientBuilder()
                .connectionString(azurite.connectionString())
                .containerName(container)
                .buildClient()
                .create();
        lockBy("connection_string", withSas(azurite, container), container);

        followsUnderALease(Map.of());
    }

    @Test
    void aManagedIdentityDoesAndIsAskedForOneToken() throws Exception {
        EntraAzurite azurite = EntraAzurite.shared();
        lockBy("account_url", azurite.accountUrl(), azurite.newContainerName());
        try (IdentityEndpoint identity = IdentityEndpoint.start()) {
            Map<String, String> environment = new HashMap<>(nobody());
            environment.putAll(identity.environment());
            environment.put("DSTREAM_JAVA_OPTS", azurite.javaOptions());

            followsUnderALease(environment);

            assertThat(identity.requests()).singleElement().asString().contains("resource=https://storage.azure.com");
        }
    }

    /// It is the fourth that is asked, and slower than we wait for a token.
    @Test
    void theAzureCommandLineDoesAlsoWhereItIsSlow() throws Exception {
        EntraAzurite azurite = EntraAzurite.shared();
        lockBy("account_url", azurite.accountUrl(), azurite.newContainerName());
        Path az = home.resolve("az");
        Files.writeString(az, """
                #!/bin/sh
                sleep 5
                echo '{"accessToken":"%s","expiresOn":"2099-01-01 00:00:00.000000","tokenType":"Bearer"}'
                """.formatted(IdentityEndpoint.newToken()));
        Files.setPosixFilePermissions(az, PosixFilePermissions.fromString("rwx------"));
        Map<String, String> environment = new HashMap<>(nobody());
        environment.put("PATH", home + ":" + System.getenv("PATH"));
        environment.put("DSTREAM_JAVA_OPTS", azurite.javaOptions());

        followsUnderALease(environment);
    }

    @Test
    void withoutAnyIdentityTheProgramEndsAndSaysWhatToDo() throws Exception {
        lockBy("account_url", NO_STORAGE, "locks");
        try (IngesterProcess process = IngesterProcess.start(config.toString(), nobody(), true)) {
            assertThat(process.awaitExit(Poll.LIMIT)).isEqualTo(1);

            Runs.requireCleanStreams(process);
            assertThat(process.stdout()).isEmpty();
            assertThat(process.stderr().getLast())
                    .contains("ERROR", "no Microsoft Entra token", "AZURE_CLIENT_ID", "az login", "giving up");
        }
    }

    @Test
    void anIdentityThatDoesNotAnswerHoldsNobodyUp() throws Exception {
        lockBy("account_url", NO_STORAGE, "locks");
        try (IdentityEndpoint identity = IdentityEndpoint.startMute()) {
            Map<String, String> environment = new HashMap<>(nobody());
            environment.putAll(identity.environment());
            try (IngesterProcess process = IngesterProcess.start(config.toString(), environment, true)) {
                process.until(() -> process.stderr().stream()
                        .anyMatch(line -> line.contains("no Microsoft Entra token") && line.contains("within 4 s")));

                Runs.stop(process, "TERM");
                assertThat(identity.requests()).as("waits for one answer").hasSize(1);
            }
        }
    }
}
