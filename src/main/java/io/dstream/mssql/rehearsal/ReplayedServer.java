package io.dstream.mssql.rehearsal;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers on a port of 127.0.0.1 what a server answered when the conversation was recorded. It understands nothing,
/// and hangs up where a request is not in the conversation. Thread-safe.
final class ReplayedServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ReplayedServer.class);

    private static final int ANY_PORT = 0;
    private static final int BACKLOG = 20;

    private final ServerSocket listener;
    private final Conversation conversation;
    private final Consumer<TdsMessage> unknown;

    /// `unknown` is told of each request that has no answer, on the thread that has read it.
    ReplayedServer(Conversation conversation, Consumer<TdsMessage> unknown) throws IOException {
        this.listener = new ServerSocket(ANY_PORT, BACKLOG, InetAddress.ofLiteral("127.0.0.1"));
        this.conversation = conversation;
        this.unknown = unknown;
        Thread.ofVirtual().name("replayed-server").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Thread.ofVirtual().name("replayed-session").start(() -> answer(client));
            }
        } catch (IOException e) {
            log.debug("No longer accepting", e);
        }
    }

    private void answer(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            OutputStream out = client.getOutputStream();
            Optional<TdsMessage> request = TdsMessage.next(client.getInputStream());
            while (request.isPresent()) {
                Optional<byte[]> answer = conversation.answer(request.get());
                if (answer.isEmpty()) {
                    unknown.accept(request.get());
                    return;
                }
                out.write(answer.get());
                request = TdsMessage.next(client.getInputStream());
            }
        } catch (IOException e) {
            log.debug("The client hung up", e);
        }
    }

    /// Takes no more connections; those there are end with their clients.
    @Override
    public void close() throws IOException {
        listener.close();
    }
}
