package io.dstream.mssql.standin.wire;

import java.io.IOException;
import java.io.OutputStream;

/// Cuts what the server says into packets. A packet leaves when it is full and more follows, so that the last one of
/// a message can say that it is the last. For one thread.
final class PacketOutput {

    private static final int REPLY = 0x04;
    private static final int END_OF_MESSAGE = 0x01;

    private final OutputStream out;
    private byte[] packet;
    private int position = PacketInput.HEADER_LENGTH;
    private int packetId;

    /// `packetSize` includes the packet's header.
    PacketOutput(OutputStream out, int packetSize) {
        this.out = out;
        this.packet = new byte[packetSize];
    }

    /// Holds from the next message on.
    void packetSize(int packetSize) {
        packet = new byte[packetSize];
    }

    void write(WireBuffer source) throws IOException {
        write(source.array(), source.position());
    }

    void write(byte[] source, int length) throws IOException {
        int written = 0;
        while (written < length) {
            if (position == packet.length) {
                send(0);
            }
            int part = Math.min(length - written, packet.length - position);
            System.arraycopy(source, written, packet, position, part);
            position += part;
            written += part;
        }
    }

    void endMessage() throws IOException {
        send(END_OF_MESSAGE);
        packetId = 0;
        out.flush();
    }

    private void send(int status) throws IOException {
        packetId++;
        packet[0] = REPLY;
        packet[1] = (byte) status;
        packet[2] = (byte) (position >> 8);
        packet[3] = (byte) position;
        packet[6] = (byte) packetId;
        out.write(packet, 0, position);
        position = PacketInput.HEADER_LENGTH;
    }
}
