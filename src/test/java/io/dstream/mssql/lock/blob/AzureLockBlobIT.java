package io.dstream.mssql.lock.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import com.azure.storage.blob.specialized.BlobLeaseClientBuilder;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.config.LockConfig.AzureBlob;
import io.dstream.mssql.config.Secret;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import io.dstream.mssql.testing.Azurite;
import io.dstream.mssql.testing.StorageProxy;
import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The requests against Azurite. It answers a wrong key with `AuthorizationFailure` where Azure says
/// `AuthenticationFailed`; leases, etags and permissions of SAS tokens are Azure's.
final class AzureLockBlobIT extends LockBlobContract {

    private static final String KEY_OF_ANOTHER = "c29tZWJvZHkgZWxzZSdzIHNlY3JldCBhY2NvdW50IGtleQ==";

    private Azurite azurite;
    private String container;

    @BeforeEach
    void newContainer() {
        azurite = Azurite.shared();
        container = azurite.newContainerName();
    }

    private AzureLockBlobs blobs(String connectionString) throws PermanentFailure {
        return AzureLockBlobs.open(
                new AzureBlob(Optional.of(new Secret(connectionString)), Optional.empty(), container));
    }

    private BlobContainerClient client() {
        return new BlobContainerClientBuilder()
                .connectionString(azurite.connectionString())
                .containerName(container)
                .buildClient();
    }

    @Override
    LockBlob missing() {
        try {
            return blobs(azurite.connectionString()).named("server/shop/dbo.orders.lock");
        } catch (PermanentFailure e) {
            throw new AssertionError(e);
        }
    }

    @Override
    void leaseWithoutEnd(LockBlob blob) {
        new BlobLeaseClientBuilder()
                .blobClient(client().getBlobClient(blob.name()))
                .buildClient()
                .acquireLease(-1);
    }

    @Test
    void blobsAreNamedAsTheirLocks() throws Exception {
        AzureLockBlobs blobs = blobs(azurite.connectionString());
        List<String> names = List.of(
                LockName.of("SQL01\\EXPRESS", "Shop", new TableName("dbo", "Order [\"1\"] + 100% #?")),
                LockName.of("sql", "Größe", new TableName("s ['1']", "a/b")));

        for (String name : names) {
            blobs.named(name).create();
        }

        assertThat(client().listBlobs()).extracting(BlobItem::getName).containsExactlyInAnyOrderElementsOf(names);
        assertThat(blobs.named(names.getFirst()).look()).isPresent();
    }

    @Test
    void makesTheContainerWhereItIsMissing() throws Exception {
        blobs(azurite.connectionString()).requireWritable("server/shop/write-check");
        blobs(azurite.connectionString()).requireWritable("server/shop/write-check");

        assertThat(client().exists()).isTrue();
    }

    @Test
    void aWrongKeyIsRefusedWithoutShowingIt() throws Exception {
        String wrong = azurite.connectionString().replace(azurite.accountKey(), KEY_OF_ANOTHER);

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> blobs(wrong).requireWritable("server/shop/write-check"))
                .withMessageContaining("403")
                .withMessageNotContainingAny(KEY_OF_ANOTHER, azurite.accountKey(), "sig=");
    }

    @ParameterizedTest
    @CsvSource({"rcw, true", "r, false", "cw, false"})
    void aSasTokenNeedsToReadCreateAndWrite(String permissions, boolean mayWrite) throws Exception {
        client().create();
        AzureLockBlobs blobs = blobs(withSas(permissions));

        if (mayWrite) {
            blobs.requireWritable("server/shop/write-check");
            LockBlob blob = blobs.named("server/shop/dbo.orders.lock");
            blob.create();
            String etag = blob.look().orElseThrow().etag();
            assertThat(blob.acquire("0f0e0d0c-0b0a-4908-8706-050403020100", etag))
                    .isTrue();
        } else {
            assertThatExceptionOfType(PermanentFailure.class)
                    .isThrownBy(() -> blobs.requireWritable("server/shop/write-check"))
                    .withMessageContainingAll("AuthorizationPermissionMismatch", "SAS", "read, create and write")
                    .withMessageNotContaining("sig=");
        }
    }

    private String withSas(String permissions) {
        String sas = client().generateSas(new BlobServiceSasSignatureValues(
                OffsetDateTime.now(ZoneOffset.UTC).plusHours(1), BlobContainerSasPermission.parse(permissions)));
        return "BlobEndpoint=http://127.0.0.1:" + azurite.port() + "/devstoreaccount1;SharedAccessSignature=" + sas;
    }

    @Test
    void aStoreThatIsNotThereIsWaitedFor() throws Exception {
        try (StorageProxy proxy = StorageProxy.to(azurite.port())) {
            proxy.refuse();
            // What was still waiting to be accepted is hung up on.
            failsTransiently(proxy, "Connect", "received no bytes");
        }
    }

    @Test
    void aRequestWithoutAnAnswerIsGivenUpAndNotRepeated() throws Exception {
        try (StorageProxy proxy = StorageProxy.to(azurite.port())) {
            proxy.hang();

            long start = System.nanoTime();
            failsTransiently(proxy, "5 s", "Timeout");

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(9));
            assertThat(proxy.requests()).hasSizeLessThanOrEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"503, ServerBusy", "429, TooManyRequests", "500, InternalError"})
    void aBusyStoreIsNotAskedTwice(int status, String code) throws Exception {
        try (StorageProxy proxy = StorageProxy.to(azurite.port())) {
            proxy.answer(status, code);

            failsTransiently(proxy, status + " " + code);

            assertThat(proxy.requests()).hasSize(1);
        }
    }

    private void failsTransiently(StorageProxy proxy, String... anyOf) throws IOException, Failure {
        LockBlob blob = blobs(azurite.connectionString(proxy.port())).named("server/shop/dbo.orders.lock");
        assertThatExceptionOfType(TransientFailure.class)
                .isThrownBy(() -> blob.renew("0f0e0d0c-0b0a-4908-8706-050403020100"))
                .satisfies(e -> assertThat(e.getMessage()).containsAnyOf(anyOf))
                .withMessageNotContaining(azurite.accountKey());
    }
}
