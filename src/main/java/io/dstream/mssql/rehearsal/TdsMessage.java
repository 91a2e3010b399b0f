package io.dstream.mssql.rehearsal;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.Optional;

/// A whole message of the protocol between driver and server.
///
/// Source: Microsoft Learn, "[MS-TDS]: Tabular Data Stream Protocol", 2.2.3 (Packets).
final class TdsMessage {

    static final int LOGIN = 0x10;
    static final int PRELOGIN = 0x12;
    static final int ATTENTION = 0x06;

    private static final int HEADER_LENGTH = 8;
    private static final int END_OF_MESSAGE = 0x01;

    /// More than any message of a rehearsal: anybody on this machine can connect.
    private static final int MOST_BYTES = 16 * 1024 * 1024;

    private final int type;
    private final byte[] payload;
    private final byte[] packets;

    private TdsMessage(int type, byte[] payload, byte[] packets) {
        this.type = type;
        this.payload = payload;
        this.packets = packets;
    }

    /// That of its packets.
    int type() {
        return type;
    }

    /// What its packets carry.
    byte[] payload() {
        return payload;
    }

    /// Its bytes as they travelled.
    byte[] packets() {
        return packets;
    }

    /// Reads the next one; empty where the other side has hung up. For one thread.
    static Optional<TdsMessage> next(InputStream in) throws IOException {
        ByteArrayOutputStream packets = new ByteArrayOutputStream();
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        while (true) {
            byte[] header = in.readNBytes(HEADER_LENGTH);
            if (header.length == 0 && packets.size() == 0) {
                return Optional.empty();
            }
            if (header.length < HEADER_LENGTH) {
                throw new EOFException("hung up within a message");
            }
            int length = (header[2] & 0xFF) << 8 | (header[3] & 0xFF);
            if (length < HEADER_LENGTH) {
                throw new ProtocolException("packet of " + length + " bytes");
            }
            if (packets.size() > MOST_BYTES) {
                throw new ProtocolException("message of more than " + MOST_BYTES + " bytes");
            }
            byte[] body = in.readNBytes(length - HEADER_LENGTH);
            if (body.length < length - HEADER_LENGTH) {
                throw new EOFException("hung up within a packet");
            }
            packets.writeBytes(header);
            packets.writeBytes(body);
            payload.writeBytes(body);
            if ((header[1] & END_OF_MESSAGE) != 0) {
                return Optional.of(new TdsMessage(header[0], payload.toByteArray(), packets.toByteArray()));
            }
        }
    }
}
