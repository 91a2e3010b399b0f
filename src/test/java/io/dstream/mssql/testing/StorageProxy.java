package io.dstream.mssql.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stands between a client and an HTTP/1.1 server on 127.0.0.1, for tests that count requests or break the storage.
/// Passes every message on byte for byte (but for the fields that are about the connection) until it is told
/// otherwise. Thread-safe.
public final class StorageProxy implements AutoCloseable {

    /// In seconds; far beyond what a test waits, so that a client which obeys is seen to wait.
    private static final int RETRY_AFTER_SECONDS = 30;

    private static final Logger log = LoggerFactory.getLogger(StorageProxy.class);

    /// About one connection, not for the next; `expect` is answered here.
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "keep-alive", "proxy-connection", "upgrade", "http2-settings", "expect");

    private final int serverPort;

    /// Has the port as long as we live, also while nobody listens there: nobody else is given it as a free one.
    private final Socket placeholder = new Socket();

    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Predicate<Request>> answersToLose = new CopyOnWriteArrayList<>();
    private volatile Mode mode = new Mode.Pass();
    private ServerSocket listener;

    /// One that arrived. `path` and `query` are as the client wrote them, without the question mark; `headers` by
    /// lower-case name; `status` is what the storage answered, or we in its place, and 0 where nobody did.
    /// `arrivedAtNanos` is of `System.nanoTime`.
    public record Request(
            String method, String path, String query, Map<String, String> headers, int status, long arrivedAtNanos) {

        /// True where the header of that lower-case name has that value.
        public boolean has(String header, String value) {
            return value.equals(headers.get(header));
        }

        private Request withStatus(int newStatus) {
            return new Request(method, path, query, headers, newStatus, arrivedAtNanos);
        }
    }

    private sealed interface Mode {
        record Pass() implements Mode {}

        record Hang() implements Mode {}

        record Answer(int status, String errorCode) implements Mode {}
    }

    private StorageProxy(int serverPort) throws IOException {
        this.serverPort = serverPort;
        placeholder.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        placeholder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        this.listener = listen();
    }

    /// In front of the server on `serverPort` of this machine.
    public static StorageProxy to(int serverPort) throws IOException {
        return new StorageProxy(serverPort);
    }

    /// Where it listens, now or after the next [#pass].
    public int port() {
        return placeholder.getLocalPort();
    }

    /// In the order they came. A request is here before its answer is under way, or once it is known that there
    /// will be none.
    public List<Request> requests() {
        return requests.stream()
                .sorted(Comparator.comparingLong(Request::arrivedAtNanos))
                .toList();
    }

    /// How many of [#requests] are such.
    public long count(Predicate<Request> condition) {
        return requests.stream().filter(condition).count();
    }

    /// Drops every connection, and lets nobody connect.
    public synchronized void refuse() throws IOException {
        listener.close();
        dropAll();
    }

    /// Reads what comes and never says a word, also not to requests that wait for their answer now. Those stay
    /// unanswered when another mode follows.
    public void hang() throws IOException {
        listenAs(new Mode.Hang());
    }

    /// Answers every request itself, as the storage tells of its errors: for example 503 `ServerBusy`. With 429 and
    /// 503 comes a `Retry-After` of 30 seconds.
    public void answer(int status, String errorCode) throws IOException {
        listenAs(new Mode.Answer(status, errorCode));
    }

    /// Back to normal, on the same port.
    public void pass() throws IOException {
        listenAs(new Mode.Pass());
    }

    /// The next request that is passed on and that `condition` holds for (its status is still 0) loses its answer:
    /// the storage has done it, the client sees its connection end. The JDK's client then asks again by itself if
    /// it was a GET or HEAD.
    public void loseNextAnswer(Predicate<Request> condition) {
        answersToLose.add(condition);
    }

    @Override
    public synchronized void close() throws IOException {
        listener.close();
        placeholder.close();
        dropAll();
    }

    private synchronized void listenAs(Mode next) throws IOException {
        mode = next;
        if (listener.isClosed()) {
            listener = listen();
        }
    }

    private ServerSocket listen() throws IOException {
        ServerSocket source = new ServerSocket();
        source.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        source.bind(placeholder.getLocalSocketAddress(), 100);
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    admit(source.accept(), source);
                }
            } catch (IOException e) {
                log.debug("No longer accepting", e);
            }
        });
        return source;
    }

    private synchronized void admit(Socket client, ServerSocket source) throws IOException {
        if (source.isClosed()) {
            client.close();
            return;
        }
        clients.add(client);
        Thread.ofVirtual().start(() -> serve(client));
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(client.getInputStream());
            boolean open = true;
            while (open) {
                Optional<HttpHead> head = HttpHead.read(in);
                open = head.isPresent() && serve(client, head.get(), in);
            }
        } catch (IOException e) {
            log.debug("A connection ended", e);
        } finally {
            clients.remove(client);
        }
    }

    /// One request; false if the connection ends with it.
    private boolean serve(Socket client, HttpHead head, InputStream in) throws IOException {
        Request request = requestOf(head);
        OutputStream out = client.getOutputStream();
        if (request.headers().containsKey("expect")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
        }
        byte[] body = head.readRequestBody(in);
        return switch (mode) {
            case Mode.Pass() -> passOn(request, head, body, in, out);
            case Mode.Answer(int status, String errorCode) -> {
                requests.add(request.withStatus(status));
                out.write(error(status, errorCode, request.method()));
                yield true;
            }
            case Mode.Hang() -> {
                requests.add(request);
                yield staySilent(in);
            }
        };
    }

    private boolean passOn(Request request, HttpHead head, byte[] body, InputStream in, OutputStream out)
            throws IOException {
        boolean loses = losesItsAnswer(request);
        Answer answer;
        try {
            answer = ask(head, body);
        } catch (IOException e) {
            requests.add(request);
            throw e;
        }
        requests.add(request.withStatus(answer.status()));
        if (loses) {
            return false;
        }
        if (mode instanceof Mode.Hang) {
            return staySilent(in);
        }
        boolean staysOpen = answer.tellsItsEnd(request.method())
                && !request.headers().getOrDefault("connection", "").equalsIgnoreCase("close");
        HttpHead answered = answer.head().without(HOP_BY_HOP);
        out.write((staysOpen ? answered : answered.with("Connection: close")).bytes());
        out.write(answer.body().toByteArray());
        out.flush();
        return staysOpen;
    }

    /// Each condition once.
    private synchronized boolean losesItsAnswer(Request request) {
        Optional<Predicate<Request>> found = answersToLose.stream()
                .filter(condition -> condition.test(request))
                .findFirst();
        found.ifPresent(answersToLose::remove);
        return found.isPresent();
    }

    /// On a connection of its own, which the server closes at the end of its answer.
    private Answer ask(HttpHead head, byte[] body) throws IOException {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            OutputStream out = server.getOutputStream();
            out.write(head.without(HOP_BY_HOP).with("Connection: close").bytes());
            out.write(body);
            out.flush();
            InputStream in = new BufferedInputStream(server.getInputStream());
            HttpHead answered = HttpHead.read(in).orElseThrow(() -> new EOFException("no answer"));
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            in.transferTo(rest);
            return new Answer(answered, rest);
        }
    }

    /// `body` as it travels: chunks stay chunks.
    private record Answer(HttpHead head, ByteArrayOutputStream body) {

        int status() {
            return Integer.parseInt(head.startLine().split(" ", 3)[1]);
        }

        /// True unless the end of the connection is the end of the body.
        boolean tellsItsEnd(String method) {
            Map<String, String> values = head.values();
            return method.equals("HEAD")
                    || Set.of(204, 304).contains(status())
                    || values.containsKey("content-length")
                    || values.containsKey("transfer-encoding");
        }
    }

    private static Request requestOf(HttpHead head) {
        String[] words = head.startLine().split(" ", 3);
        String[] target = words[1].split("\\?", 2);
        return new Request(
                words[0], target[0], target.length > 1 ? target[1] : "", head.values(), 0, System.nanoTime());
    }

    /// In the shape of Microsoft Learn: "Status and error codes" of the storage's REST API.
    private static byte[] error(int status, String errorCode, String method) {
        String requestId = UUID.randomUUID().toString();
        String xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>" + errorCode + "</Code><Message>"
                + errorCode + "\nRequestId:" + requestId + "</Message></Error>";
        String body = method.equals("HEAD") ? "" : xml;
        HttpHead head = new HttpHead(
                "HTTP/1.1 " + status + " " + errorCode,
                List.of(
                        "Content-Type: application/xml",
                        "Content-Length: " + body.length(),
                        "x-ms-error-code: " + errorCode,
                        "x-ms-request-id: " + requestId));
        boolean waits = status == 429 || status == 503;
        String top = new String((waits ? head.with("Retry-After: " + RETRY_AFTER_SECONDS) : head).bytes(), ISO_8859_1);
        return (top + body).getBytes(ISO_8859_1);
    }

    /// Until the client hangs up, or we do.
    private static boolean staySilent(InputStream in) throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
        return false;
    }

    private void dropAll() {
        for (Socket client : clients) {
            try {
                client.close();
            } catch (IOException e) {
                log.debug("Was closed already", e);
            }
        }
    }
}
