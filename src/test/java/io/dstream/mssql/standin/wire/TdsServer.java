package io.dstream.mssql.standin.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens for clients that speak TDS 7.4 and opens a session for each. Thread-safe.
public final class TdsServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TdsServer.class);
    private static final Duration GOODBYE_LIMIT = Duration.ofSeconds(10);

    private final ServerSocket listener;
    private final SqlSession.Factory sessions;
    private final Map<TdsConnection, Thread> connections = new ConcurrentHashMap<>();

    private TdsServer(ServerSocket listener, SqlSession.Factory sessions) {
        this.listener = listener;
        this.sessions = sessions;
    }

    /// Starts on a free port of 127.0.0.1.
    public static TdsServer start(SqlSession.Factory sessions) throws IOException {
        return start(InetAddress.getLoopbackAddress(), 0, sessions);
    }

    /// Starts on `port` of `address`; port 0 means any that is free.
    public static TdsServer start(InetAddress address, int port, SqlSession.Factory sessions) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(address, port), 200);
        TdsServer server = new TdsServer(listener, sessions);
        Thread.ofPlatform().daemon().name("tds-accept-" + server.port()).start(server::accept);
        return server;
    }

    /// Where clients reach it.
    public int port() {
        return listener.getLocalPort();
    }

    /// Hangs up on every client at once, as a failing network does. Sessions are closed soon after.
    public void dropConnections() {
        connections.keySet().forEach(TdsConnection::drop);
    }

    /// Hangs up on every client, and returns when their sessions are closed or after ten seconds.
    @Override
    public void close() throws IOException {
        listener.close();
        dropConnections();
        for (Thread thread : connections.values()) {
            try {
                if (!thread.join(GOODBYE_LIMIT)) {
                    log.warn("{} is still running", thread.getName());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                serve(listener.accept());
            } catch (IOException e) {
                log.debug("no longer accepting: {}", e.toString());
            }
        }
    }

    private void serve(Socket socket) {
        TdsConnection connection = new TdsConnection(socket, sessions);
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name("tds-" + socket.getPort())
                .unstarted(() -> {
                    try {
                        connection.run();
                    } finally {
                        connections.remove(connection);
                    }
                });
        connections.put(connection, thread);
        thread.start();
        if (listener.isClosed()) {
            connection.drop();
        }
    }
}
