package io.dstream.mssql.rehearsal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stands between the program and its server, passes whole messages on, and keeps the first answer to each request.
/// Without encryption only. Thread-safe.
final class RecordingRelay implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RecordingRelay.class);

    private final ServerSocket listener;
    private final int serverPort;
    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();

    /// In front of the server on `serverPort` of this machine.
    RecordingRelay(int serverPort) throws IOException {
        this.listener = new ServerSocket(0, 20, InetAddress.ofLiteral("127.0.0.1"));
        this.serverPort = serverPort;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /// What was said until now.
    Conversation conversation() {
        return new Conversation(answers);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> pass(client));
            }
        } catch (IOException e) {
            log.debug("No longer accepting", e);
        }
    }

    private void pass(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.ofLiteral("127.0.0.1"), serverPort)) {
            Optional<TdsMessage> request = TdsMessage.next(client.getInputStream());
            while (request.isPresent()) {
                server.getOutputStream().write(request.get().packets());
                Optional<TdsMessage> answer = TdsMessage.next(server.getInputStream());
                if (answer.isEmpty()) {
                    return;
                }
                answers.putIfAbsent(
                        Conversation.key(request.get()), answer.get().packets());
                client.getOutputStream().write(answer.get().packets());
                request = TdsMessage.next(client.getInputStream());
            }
        } catch (IOException e) {
            log.debug("One of the two hung up", e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
