package io.dstream.mssql.standin.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;

/// Puts the packets of a client together to messages. For one thread.
final class PacketInput {

    static final int HEADER_LENGTH = 8;
    private static final int END_OF_MESSAGE = 0x01;
    private static final int IGNORE = 0x02;
    private static final int RESET_CONNECTION = 0x08;
    private static final int RESET_KEEPING_TRANSACTION = 0x10;

    private final InputStream in;

    PacketInput(InputStream in) {
        this.in = in;
    }

    /// The next message, once it is complete; [EOFException] where the client is gone.
    Message next() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int allStatus = 0;
        while (true) {
            byte[] header = exactly(HEADER_LENGTH);
            int length = (header[2] & 0xFF) << 8 | (header[3] & 0xFF);
            if (length < HEADER_LENGTH) {
                throw new ProtocolException("packet of " + length + " bytes");
            }
            body.writeBytes(exactly(length - HEADER_LENGTH));
            allStatus |= header[1];
            if ((header[1] & END_OF_MESSAGE) != 0) {
                return new Message(
                        Message.Type.of(header[0] & 0xFF),
                        (allStatus & IGNORE) != 0,
                        (allStatus & (RESET_CONNECTION | RESET_KEEPING_TRANSACTION)) != 0,
                        new WireReader(body.toByteArray()));
            }
        }
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("client is gone");
        }
        return bytes;
    }
}
