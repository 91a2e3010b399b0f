package io.dstream.mssql.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AzuriteIT {

    private static final String ACCOUNT = "devstoreaccount1";

    private final HttpClient client = HttpClient.newHttpClient();
    private Azurite azurite;
    private String container;

    @BeforeEach
    void start() throws Exception {
        azurite = Azurite.shared();
        container = newContainer();
    }

    @AfterEach
    void closeClient() {
        client.shutdownNow();
    }

    @Test
    void isOneForAllTests() {
        assertThat(Azurite.shared()).isSameAs(azurite);
    }

    @Test
    void isOfTheVersionThatWeAskedFor() throws Exception {
        assertThat(get(container + "/none").headers().firstValue("server")).contains("Azurite-Blob/" + Azurite.VERSION);
    }

    @Test
    void knowsNobodyWithoutTheKey() throws Exception {
        HttpRequest unsigned = HttpRequest.newBuilder(endpoint(azurite.port(), container + "?restype=container"))
                .build();

        HttpResponse<String> response = client.send(unsigned, BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.headers().firstValue("x-ms-error-code")).isPresent();
    }

    @Test
    void keepsContainersApart() throws Exception {
        String other = newContainer();
        put(container + "/blob", Map.of("x-ms-blob-type", "BlockBlob"), Map.of());

        assertThat(get(container + "/blob").statusCode()).isEqualTo(200);
        assertThat(get(other + "/blob").statusCode()).isEqualTo(404);
    }

    @Test
    void leasesABlobToOneAtATimeAlsoThroughTheProxy() throws Exception {
        String blob = container + "/server%2Fdb%20%C3%A9/dbo.%5BT%5D";
        put(blob, Map.of("x-ms-blob-type", "BlockBlob"), Map.of());
        Map<String, String> acquire = Map.of("x-ms-lease-action", "acquire", "x-ms-lease-duration", "15");
        try (StorageProxy proxy = StorageProxy.to(azurite.port())) {
            HttpResponse<String> first = send("PUT", proxy.port(), blob, acquire, Map.of("comp", "lease"));
            HttpResponse<String> second = put(blob, acquire, Map.of("comp", "lease"));

            assertThat(first.statusCode()).isEqualTo(201);
            assertThat(first.headers().firstValue("x-ms-lease-id")).isPresent();
            assertThat(second.statusCode()).isEqualTo(409);
            assertThat(second.headers().firstValue("x-ms-error-code")).contains("LeaseAlreadyPresent");
            assertThat(proxy.requests())
                    .singleElement()
                    .satisfies(request -> assertThat(request.path()).endsWith(blob));
        }
    }

    @Test
    void theConnectionStringNamesTheAccountItsKeyAndTheEndpoint() {
        assertThat(azurite.connectionString(1234).split(";"))
                .containsExactly(
                        "DefaultEndpointsProtocol=http",
                        "AccountName=" + ACCOUNT,
                        "AccountKey=" + azurite.accountKey(),
                        "BlobEndpoint=http://127.0.0.1:1234/" + ACCOUNT);
        assertThat(azurite.connectionString()).isEqualTo(azurite.connectionString(azurite.port()));
    }

    private String newContainer() throws Exception {
        String name = azurite.newContainerName();
        assertThat(put(name, Map.of(), Map.of("restype", "container")).statusCode())
                .isEqualTo(201);
        return name;
    }

    private HttpResponse<String> put(String path, Map<String, String> headers, Map<String, String> parameters)
            throws Exception {
        return send("PUT", azurite.port(), path, headers, parameters);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send("GET", azurite.port(), path, Map.of(), Map.of());
    }

    /// Signed, without a body. Microsoft Learn: "Authorize with Shared Key".
    private HttpResponse<String> send(
            String method, int port, String path, Map<String, String> headers, Map<String, String> parameters)
            throws IOException, InterruptedException, GeneralSecurityException {
        TreeMap<String, String> signed = new TreeMap<>(headers);
        signed.put("x-ms-date", DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
        signed.put("x-ms-version", "2025-01-05");
        String toSign = method + "\n".repeat(12) + lines(signed) + "/" + ACCOUNT + "/" + ACCOUNT + "/" + path
                + (parameters.isEmpty() ? "" : "\n" + lines(parameters).strip());
        String query =
                parameters.isEmpty() ? "" : "?" + lines(parameters).strip().replace(':', '=');

        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint(port, path + query))
                .method(method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(""))
                .header("Authorization", "SharedKey " + ACCOUNT + ":" + signature(toSign));
        signed.forEach(request::header);
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static URI endpoint(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + "/" + ACCOUNT + "/" + path);
    }

    private static String lines(Map<String, String> values) {
        return values.entrySet().stream()
                .map(value -> value.getKey() + ":" + value.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private String signature(String toSign) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(azurite.accountKey()), "HmacSHA256"));
        return Base64.getEncoder().encodeToString(mac.doFinal(toSign.getBytes(UTF_8)));
    }
}
