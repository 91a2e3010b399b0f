package io.dstream.mssql.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stands between the program and its server on 127.0.0.1, and passes bytes on until it is told to hang: from then on
/// it accepts connections and never says a word. Thread-safe.
public final class Relay implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Relay.class);

    private final ServerSocket listener;
    private final int serverPort;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile boolean hangs;

    private Relay(int serverPort, boolean hangs) throws IOException {
        this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        this.serverPort = serverPort;
        this.hangs = hangs;
        Thread.ofVirtual().start(this::accept);
    }

    /// In front of the server on `serverPort` of this machine.
    public static Relay to(int serverPort) throws IOException {
        return new Relay(serverPort, false);
    }

    /// In front of nothing: hangs from the start.
    public static Relay mute() throws IOException {
        return new Relay(0, true);
    }

    /// Where it listens.
    public int port() {
        return listener.getLocalPort();
    }

    /// Drops every connection, and answers none of the next.
    public void hang() {
        hangs = true;
        dropAll();
    }

    /// How many connections were accepted and never answered.
    public int unanswered() {
        return unanswered.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        dropAll();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                open.add(client);
                if (hangs) {
                    unanswered.incrementAndGet();
                } else {
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                    open.add(server);
                    Thread.ofVirtual().start(() -> pass(client, server));
                    Thread.ofVirtual().start(() -> pass(server, client));
                }
            }
        } catch (IOException e) {
            log.debug("No longer accepting", e);
        }
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            log.debug("One of the two hung up", e);
        }
    }

    private void dropAll() {
        for (Socket socket : open) {
            try {
                socket.close();
            } catch (IOException e) {
                log.debug("Was closed already", e);
            }
        }
        open.clear();
    }
}
