package io.dstream.mssql.standin.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import javax.net.ssl.SSLSocket;

/// The socket below TLS. While the handshake lasts, TLS records travel inside PRELOGIN packets; after it
/// they travel bare.
final class TlsHandshakeSocket extends Socket {

    private final Socket socket;
    private final HandshakeOutput output;
    private final HandshakeInput input;
    private volatile boolean handshaking = true;

    private TlsHandshakeSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.output = new HandshakeOutput(socket.getOutputStream());
        this.input = new HandshakeInput(socket.getInputStream());
    }

    /// Takes a client's handshake. The socket that comes back owns `socket`. TLS 1.3 is left out as in TDS 7.4: the
    /// last word of its handshake is the client's, which no packet would carry.
    static SSLSocket handshake(Socket socket) throws IOException {
        TlsHandshakeSocket below = new TlsHandshakeSocket(socket);
        SSLSocket tls = (SSLSocket) ServerCertificate.context()
                .getSocketFactory()
                .createSocket(below, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
        tls.setUseClientMode(false);
        tls.setEnabledProtocols(new String[] {"TLSv1.2"});
        tls.startHandshake();
        below.output.sendMessage();
        below.handshaking = false;
        return tls;
    }

    /// Takes TLS records out of packets.
    private final class HandshakeInput extends InputStream {
        private final InputStream in;
        private int left;

        HandshakeInput(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (!handshaking) {
                return in.read(target, offset, length);
            }
            if (left == 0) {
                output.sendMessage();
                left = nextPacket();
            }
            int read = in.read(target, offset, Math.min(length, left));
            left -= Math.max(read, 0);
            return read;
        }

        private int nextPacket() throws IOException {
            byte[] header = in.readNBytes(PacketInput.HEADER_LENGTH);
            if (header.length < PacketInput.HEADER_LENGTH) {
                throw new EOFException("client is gone");
            }
            return ((header[2] & 0xFF) << 8 | (header[3] & 0xFF)) - PacketInput.HEADER_LENGTH;
        }
    }

    /// Puts TLS records into one message, sent when it is the client's turn.
    private final class HandshakeOutput extends OutputStream {
        private final OutputStream out;
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();

        HandshakeOutput(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            if (handshaking) {
                message.write(source, offset, length);
            } else {
                out.write(source, offset, length);
            }
        }

        void sendMessage() throws IOException {
            if (message.size() > 0) {
                PacketOutput packets = new PacketOutput(out, TdsConnection.FIRST_PACKET_SIZE);
                packets.write(message.toByteArray(), message.size());
                packets.endMessage();
                message.reset();
            }
        }
    }

    @Override
    public InputStream getInputStream() {
        return input;
    }

    @Override
    public OutputStream getOutputStream() {
        return output;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public boolean isInputShutdown() {
        return socket.isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return socket.isOutputShutdown();
    }

    @Override
    public InetAddress getInetAddress() {
        return socket.getInetAddress();
    }

    @Override
    public int getPort() {
        return socket.getPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return socket.getRemoteSocketAddress();
    }

    @Override
    public int getSoTimeout() throws SocketException {
        return socket.getSoTimeout();
    }

    @Override
    public void setSoTimeout(int milliseconds) throws SocketException {
        socket.setSoTimeout(milliseconds);
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void shutdownInput() throws IOException {
        socket.shutdownInput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
