package io.dstream.mssql.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// In front of a server that answers with what it was asked.
@Timeout(30)
class StorageProxyTest {

    private final List<String> reached = new CopyOnWriteArrayList<>();
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server;
    private final StorageProxy proxy;

    StorageProxyTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy = StorageProxy.to(server.getAddress().getPort());
    }

    @BeforeEach
    void start() {
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        mayAnswer.countDown();
        client.shutdownNow();
        proxy.close();
        server.stop(0);
    }

    @Test
    void passesPathAndQueryByteForByte() throws Exception {
        String target = "/account/a%2Fb//c%20d%C3%A9/~?comp=lease&x=%2f&empty=";

        assertThat(send("GET", target, "").body()).isEqualTo("GET " + target + " []");
        assertThat(proxy.requests()).singleElement().satisfies(request -> {
            assertThat(request.path()).isEqualTo("/account/a%2Fb//c%20d%C3%A9/~");
            assertThat(request.query()).isEqualTo("comp=lease&x=%2f&empty=");
        });
    }

    @Test
    void passesBodiesAndHeadersBothWays() throws Exception {
        HttpResponse<String> response = send("PUT", "/a", "content é");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.body()).isEqualTo("PUT /a [content é]");
        assertThat(response.headers().allValues("x-ms-asked")).containsExactly("acquire");
        assertThat(response.headers().allValues("x-ms-twice")).containsExactly("one", "two");
    }

    @Test
    void passesChunkedBodiesBothWays() throws Exception {
        HttpRequest chunked = to("/chunked")
                .PUT(BodyPublishers.fromPublisher(BodyPublishers.ofString("of unknown length")))
                .build();

        assertThat(client.send(chunked, BodyHandlers.ofString()).body()).isEqualTo("PUT /chunked [of unknown length]");
    }

    @Test
    void letsAClientAskBeforeItSendsItsBody() throws Exception {
        HttpRequest careful = to("/a").expectContinue(true)
                .PUT(BodyPublishers.ofString("content"))
                .build();

        assertThat(client.send(careful, BodyHandlers.ofString()).body()).isEqualTo("PUT /a [content]");
    }

    @Test
    void keepsTheLengthOfWhatHeadDoesNotSend() throws Exception {
        HttpResponse<String> response = send("HEAD", "/a", "");

        assertThat(response.headers().firstValue("content-length")).contains("1234");
        assertThat(response.body()).isEmpty();
        assertThat(send("GET", "/next", "").body()).isEqualTo("GET /next []");
    }

    @Test
    void remembersWhatCameAndWhatWasAnswered() throws Exception {
        send("PUT", "/a", "");
        send("GET", "/b", "");

        assertThat(proxy.requests())
                .extracting(StorageProxy.Request::method, StorageProxy.Request::path, StorageProxy.Request::status)
                .containsExactly(tuple("PUT", "/a", 201), tuple("GET", "/b", 201));
        assertThat(proxy.count(request -> request.has("x-ms-lease-action", "acquire")))
                .isEqualTo(2);
    }

    @Test
    void passesManyRequestsAtOnce() {
        List<CompletableFuture<HttpResponse<String>>> slow =
                IntStream.range(0, 100).mapToObj(i -> sendAsync("/slow/" + i)).toList();
        awaitReached(100);
        mayAnswer.countDown();

        assertThat(slow.stream().map(CompletableFuture::join).map(HttpResponse::body))
                .containsExactlyElementsOf(IntStream.range(0, 100)
                        .mapToObj(i -> "GET /slow/" + i + " []")
                        .toList());
        assertThat(proxy.requests()).hasSize(100);
    }

    @Test
    void refusesAndComesBackOnTheSamePort() throws Exception {
        send("GET", "/a", "");
        CompletableFuture<HttpResponse<String>> waiting = sendAsync("/slow");
        awaitReached(2);

        proxy.refuse();
        proxy.refuse();

        assertThat(waiting).failsWithin(Poll.LIMIT);
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> send("GET", "/b", ""));
        assertThat(reached).containsOnly("GET /a", "GET /slow");

        proxy.pass();

        assertThat(send("GET", "/c", "").body()).isEqualTo("GET /c []");
    }

    @Test
    void hangsWithoutAWordAlsoOnOpenConnections() throws Exception {
        send("GET", "/a", "");
        CompletableFuture<HttpResponse<String>> waiting = sendAsync("/slow");
        awaitReached(2);

        proxy.hang();
        mayAnswer.countDown();
        CompletableFuture<HttpResponse<String>> hung = sendAsync("/b");
        Poll.until(() -> proxy.count(request -> request.path().equals("/b")) == 1, proxy::requests);
        Poll.until(() -> proxy.count(request -> request.path().equals("/slow")) == 1, proxy::requests);
        proxy.pass();

        assertThat(send("GET", "/c", "").statusCode()).isEqualTo(201);
        assertThat(hung).isNotDone();
        assertThat(waiting).isNotDone();
        assertThat(reached).doesNotContain("GET /b");
        assertThat(proxy.count(request -> request.status() == 0)).isEqualTo(1);
    }

    @Test
    void answersAsAzureDoes() throws Exception {
        proxy.answer(503, "ServerBusy");

        HttpResponse<String> response = send("PUT", "/a", "content");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("x-ms-error-code")).contains("ServerBusy");
        assertThat(response.headers().firstValue("retry-after")).contains("30");
        assertThat(response.body()).startsWith("<?xml").contains("<Error><Code>ServerBusy</Code><Message>");
        assertThat(send("HEAD", "/a", "").body()).isEmpty();
        assertThat(reached).isEmpty();
        assertThat(proxy.count(request -> request.status() == 503)).isEqualTo(2);

        proxy.answer(409, "LeaseAlreadyPresent");

        assertThat(send("PUT", "/a", "").headers().firstValue("retry-after")).isEmpty();

        proxy.pass();

        assertThat(send("PUT", "/a", "").statusCode()).isEqualTo(201);
    }

    @Test
    void losesOneAnswerOfARequestThatWasDone() throws Exception {
        proxy.loseNextAnswer(request -> request.path().equals("/lost"));

        assertThat(send("PUT", "/other", "").statusCode()).isEqualTo(201);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> send("PUT", "/lost", ""));
        assertThat(reached).containsExactly("PUT /other", "PUT /lost");
        assertThat(proxy.requests().getLast().status()).isEqualTo(201);
        assertThat(send("PUT", "/lost", "").statusCode()).isEqualTo(201);
    }

    @Test
    void hangsUpWhereTheStorageIsGone() {
        server.stop(0);

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> send("PUT", "/a", ""));
        assertThat(proxy.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.status()).isZero());
    }

    private void awaitReached(int count) {
        try {
            Poll.until(() -> reached.size() == count, () -> reached);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private HttpResponse<String> send(String method, String target, String body) throws Exception {
        HttpRequest request =
                to(target).method(method, BodyPublishers.ofString(body)).build();
        return client.send(request, BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> sendAsync(String target) {
        return client.sendAsync(to(target).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder to(String target) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.port() + target))
                .header("x-ms-lease-action", "acquire");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String asked = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        reached.add(asked);
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        if (asked.contains("/slow")) {
            try {
                mayAnswer.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        exchange.getResponseHeaders()
                .put("x-ms-asked", List.of(exchange.getRequestHeaders().getFirst("x-ms-lease-action")));
        exchange.getResponseHeaders().put("x-ms-twice", List.of("one", "two"));
        byte[] bytes = (asked + " [" + body + "]").getBytes(UTF_8);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", "1234");
            exchange.sendResponseHeaders(201, -1);
        } else {
            exchange.sendResponseHeaders(201, asked.contains("/chunked") ? 0 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }
}
