package io.dstream.mssql.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// What Azure App Service gives its programs: an address on this machine that hands out tokens of the machine's
/// identity to whoever knows the secret beside it. The tokens are signed by nobody. Thread-safe.
///
/// Source: Microsoft Learn, "How to use managed identities for App Service and Azure Functions", REST endpoint.
public final class IdentityEndpoint implements AutoCloseable {

    private static final String SECRET = "known-to-the-machine-alone";
    private static final String RESOURCE = "https://storage.azure.com";
    private static final Duration LIFETIME = Duration.ofHours(24);

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final boolean answering;

    private IdentityEndpoint(HttpServer server, boolean answering) {
        this.server = server;
        this.answering = answering;
    }

    /// One that hands out tokens.
    public static IdentityEndpoint start() throws IOException {
        return start(true);
    }

    /// One that takes requests and answers none.
    public static IdentityEndpoint startMute() throws IOException {
        return start(false);
    }

    private static IdentityEndpoint start(boolean answering) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        IdentityEndpoint endpoint = new IdentityEndpoint(server, answering);
        server.setExecutor(endpoint.threads);
        server.createContext("/msi/token", endpoint::answer);
        server.start();
        return endpoint;
    }

    /// What leads a program to it.
    public Map<String, String> environment() {
        String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/msi/token";
        return Map.of("IDENTITY_ENDPOINT", address, "IDENTITY_HEADER", SECRET);
    }

    /// The query of each request with the secret, in order.
    public List<String> requests() {
        return requests;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!SECRET.equals(exchange.getRequestHeaders().getFirst("X-IDENTITY-HEADER"))) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            requests.add(exchange.getRequestURI().getQuery());
            if (!answering) {
                closed.await();
                return;
            }
            byte[] body = answer().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String answer() {
        return """
                {"access_token":"%s","expires_on":"%d","resource":"%s","token_type":"Bearer"}""".formatted(newToken(), Instant.now().plus(LIFETIME).getEpochSecond(), RESOURCE);
    }

    /// As it hands them out, good for a day.
    public static String newToken() {
        Instant now = Instant.now();
        long begins = now.minusSeconds(60).getEpochSecond();
        return inBase64("{\"typ\":\"JWT\",\"alg\":\"none\"}") + "."
                + inBase64("""
                {"aud":"%s","iss":"https://sts.windows.net/tenant/","iat":%d,"nbf":%d,"exp":%d}""".formatted(
                                RESOURCE, begins, begins, now.plus(LIFETIME).getEpochSecond()))
                + ".";
    }

    private static String inBase64(String json) {
        return BASE64.encodeToString(json.getBytes(UTF_8));
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
