package io.dstream.mssql.standin.wire;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client. The thread in [#run] logs it in and executes what it asks; a second one reads, so that a request to
/// stop is heard while something runs.
final class TdsConnection implements Runnable {

    static final int FIRST_PACKET_SIZE = 4096;

    private static final Logger log = LoggerFactory.getLogger(TdsConnection.class);

    private final Socket socket;
    private final SqlSession.Factory sessions;
    private final BlockingQueue<Optional<Message>> inbox = new LinkedBlockingQueue<>();
    private final RpcRunner procedures = new RpcRunner();
    /// From when the reader saw a request to stop until it is acknowledged.
    private volatile boolean attention;

    private volatile Optional<SqlSession> session = Optional.empty();

    TdsConnection(Socket socket, SqlSession.Factory sessions) {
        this.socket = socket;
        this.sessions = sessions;
    }

    /// Hangs up, whatever is going on; the thread in [#run] then ends soon.
    void drop() {
        close(socket);
    }

    @Override
    public void run() {
        Socket last = socket;
        try {
            socket.setTcpNoDelay(true);
            last = encryptIfAsked();
            logInAndServe(
                    new PacketInput(last.getInputStream()),
                    new PacketOutput(last.getOutputStream(), FIRST_PACKET_SIZE));
        } catch (IOException e) {
            log.debug("connection ends: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(last);
            close(socket);
            session.ifPresent(SqlSession::close);
        }
    }

    private Socket encryptIfAsked() throws IOException {
        Prelogin prelogin =
                Prelogin.read(new PacketInput(socket.getInputStream()).next().body());
        WireBuffer answer = new WireBuffer();
        prelogin.writeAnswer(answer);
        send(new PacketOutput(socket.getOutputStream(), FIRST_PACKET_SIZE), answer);
        return prelogin.encrypts() ? TlsHandshakeSocket.handshake(socket) : socket;
    }

    private void logInAndServe(PacketInput in, PacketOutput out) throws IOException, InterruptedException {
        Message message = in.next();
        if (message.type() != Message.Type.LOGIN) {
            throw new IOException("expected LOGIN7 but got " + message.type());
        }
        Login7 login = Login7.read(message.body());
        WireBuffer answer = new WireBuffer();
        try {
            if (login.integratedSecurity()) {
                throw new SqlServerError(18452, 14, 1, "Login failed. The stand-in knows no integrated security.");
            }
            SqlSession opened = open(login);
            session = Optional.of(opened);
            writeAcknowledgement(answer, login, opened);
        } catch (SqlServerError e) {
            Tokens.error(answer, e);
            Tokens.done(answer, Tokens.DONE, Tokens.ERROR, Answers.StatementKind.OTHER, -1);
            send(out, answer);
            return;
        }
        send(out, answer);
        out.packetSize(login.packetSize());
        Thread.ofPlatform()
                .daemon()
                .name(Thread.currentThread().getName() + "-reader")
                .start(() -> read(in));
        serve(login, out);
    }

    private SqlSession open(Login7 login) throws SqlServerError {
        try {
            return sessions.open(login.login());
        } catch (RuntimeException e) {
            throw unexpected(e);
        }
    }

    private static void writeAcknowledgement(WireBuffer answer, Login7 login, SqlSession opened) {
        Tokens.databaseChanged(answer, opened.database());
        Tokens.collationChanged(answer);
        Tokens.languageChanged(answer);
        Tokens.packetSizeChanged(answer, login.packetSize());
        Tokens.loginAcknowledged(answer);
        if (login.namesFeatures()) {
            Tokens.noFeatures(answer);
        }
        Tokens.done(answer, Tokens.DONE, Tokens.FINAL, Answers.StatementKind.OTHER, -1);
    }

    /// Hands messages over until the client is gone. A request to stop overtakes what is running, but is
    /// acknowledged in its turn.
    private void read(PacketInput in) {
        try {
            while (true) {
                Message message = in.next();
                if (message.type() == Message.Type.ATTENTION) {
                    attention = true;
                    session.ifPresent(SqlSession::cancel);
                }
                inbox.add(Optional.of(message));
            }
        } catch (IOException e) {
            log.debug("client is gone: {}", e.toString());
        } finally {
            attention = true;
            inbox.add(Optional.empty());
            session.ifPresent(SqlSession::cancel);
        }
    }

    private void serve(Login7 login, PacketOutput out) throws IOException, InterruptedException {
        for (Optional<Message> next = inbox.take(); next.isPresent(); next = inbox.take()) {
            Message message = next.get();
            if (message.type() == Message.Type.ATTENTION) {
                acknowledgeAttention(out);
            } else if (!answer(message, login, out)) {
                return;
            }
        }
    }

    private void acknowledgeAttention(PacketOutput out) throws IOException {
        attention = false;
        WireBuffer answer = new WireBuffer();
        Tokens.done(answer, Tokens.DONE, Tokens.ATTENTION, Answers.StatementKind.OTHER, -1);
        send(out, answer);
    }

    /// Whether the connection goes on.
    private boolean answer(Message message, Login7 login, PacketOutput out) throws IOException {
        Response response = new Response(out, () -> attention);
        boolean goesOn = true;
        try {
            if (message.resetsConnection()) {
                reset(login, response);
            }
            if (attention) {
                throw new RequestCancelled();
            }
            if (!message.ignored()) {
                execute(message, response);
            }
        } catch (RequestCancelled e) {
            log.debug("{}", e.toString());
        } catch (SqlServerError e) {
            goesOn = e.severity() < 20;
            failUnlessCancelled(response, e);
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            failUnlessCancelled(response, unexpected(e));
        }
        response.end();
        return goesOn;
    }

    private void execute(Message message, Response response) throws SqlServerError, IOException {
        SqlSession current = session.orElseThrow();
        switch (message.type()) {
            case BATCH -> {
                WireReader in = message.body().skipHeaders();
                current.execute(in.utf16(in.remaining() / 2), List.of(), response);
            }
            case RPC -> {
                for (RpcRequest request : RpcRequest.readAll(message.body())) {
                    call(request, current, response);
                }
            }
            default -> throw new SqlServerError(50000, "the stand-in takes no messages of type " + message.type());
        }
    }

    /// One of possibly many calls in a message: the others run even if it fails.
    private void call(RpcRequest request, SqlSession current, Response response) throws SqlServerError, IOException {
        try {
            procedures.run(request, current, response);
        } catch (SqlServerError e) {
            if (attention || e.severity() >= 20) {
                throw e;
            }
            response.fail(e);
        }
    }

    /// What a pool asks for between two users of a connection: nothing of the first is left.
    private void reset(Login7 login, Response response) throws SqlServerError, IOException {
        session.ifPresent(SqlSession::close);
        session = Optional.of(open(login));
        procedures.reset();
        response.connectionReset();
    }

    /// After a cancellation an error is most likely its consequence, and the client does not expect one.
    private void failUnlessCancelled(Response response, SqlServerError error) throws IOException {
        if (!attention) {
            response.fail(error);
        }
    }

    private static SqlServerError unexpected(Throwable cause) {
        log.error("the stand-in failed", cause);
        StackTraceElement[] stack = cause.getStackTrace();
        return new SqlServerError(
                50000, "the stand-in failed: " + cause + (stack.length == 0 ? "" : " at " + stack[0]));
    }

    private static void send(PacketOutput out, WireBuffer message) throws IOException {
        out.write(message);
        out.endMessage();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            log.debug("closing: {}", e.toString());
        }
    }
}
