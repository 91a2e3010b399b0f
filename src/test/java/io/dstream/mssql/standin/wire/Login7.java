package io.dstream.mssql.standin.wire;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;

/// The LOGIN7 message: who a client says it is, and what it wants. `packetSize` is what will be used.
record Login7(SqlSession.Login login, int packetSize, boolean integratedSecurity, boolean namesFeatures) {

    private static final int PACKET_SIZE = 8;
    private static final int OPTION_FLAGS_2 = 25;
    private static final int OPTION_FLAGS_3 = 27;
    private static final int HOST = 36;
    private static final int USER = 40;
    private static final int PASSWORD = 44;
    private static final int APPLICATION = 48;
    private static final int DATABASE = 68;

    static Login7 read(WireReader in) throws ProtocolException {
        int wanted = in.at(PACKET_SIZE).intValue();
        return new Login7(
                new SqlSession.Login(
                        text(in, USER), password(in), text(in, DATABASE), text(in, HOST), text(in, APPLICATION)),
                wanted == 0 ? TdsConnection.FIRST_PACKET_SIZE : Math.clamp(wanted, 512, 32_767),
                (in.at(OPTION_FLAGS_2).unsignedByte() & 0x80) != 0,
                (in.at(OPTION_FLAGS_3).unsignedByte() & 0x10) != 0);
    }

    /// Without the password.
    @Override
    public String toString() {
        return login.toString();
    }

    private static String text(WireReader in, int field) throws ProtocolException {
        int offset = in.at(field).unsignedShort();
        int characters = in.unsignedShort();
        return in.at(offset).utf16(characters);
    }

    /// Its bytes come with halves swapped and some bits turned, which hides it from nobody.
    private static String password(WireReader in) throws ProtocolException {
        int offset = in.at(PASSWORD).unsignedShort();
        int characters = in.unsignedShort();
        byte[] bytes = in.at(offset).bytes(2 * characters);
        for (int i = 0; i < bytes.length; i++) {
            int turned = (bytes[i] ^ 0xA5) & 0xFF;
            bytes[i] = (byte) (turned << 4 | turned >> 4);
        }
        return new String(bytes, StandardCharsets.UTF_16LE);
    }
}
