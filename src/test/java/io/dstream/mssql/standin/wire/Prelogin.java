package io.dstream.mssql.standin.wire;

import java.net.ProtocolException;

/// The first message of a client and what answers it: versions, and whether to encrypt.
record Prelogin(int encryption) {

    private static final int VERSION = 0;
    private static final int ENCRYPTION = 1;
    private static final int TERMINATOR = 0xFF;

    private static final int ENCRYPT_ON = 1;
    private static final int ENCRYPT_NOT_SUPPORTED = 2;
    private static final int ENCRYPT_REQUIRED = 3;

    static Prelogin read(WireReader in) throws ProtocolException {
        int option = 0;
        while (in.at(5 * option).unsignedByte() != TERMINATOR) {
            if (in.at(5 * option).unsignedByte() == ENCRYPTION) {
                return new Prelogin(in.at(bigEndianShort(in.at(5 * option + 1))).unsignedByte() & 0x0F);
            }
            option++;
        }
        return new Prelogin(ENCRYPT_NOT_SUPPORTED);
    }

    /// Whether TLS begins after the answer. To a client that only would encrypt its password the answer is that the
    /// server cannot.
    boolean encrypts() {
        return encryption == ENCRYPT_ON || encryption == ENCRYPT_REQUIRED;
    }

    void writeAnswer(WireBuffer out) {
        int options = 2 * 5 + 1;
        out.putByte(VERSION).putShort(Short.reverseBytes((short) options)).putShort(Short.reverseBytes((short) 6));
        out.putByte(ENCRYPTION).putShort(Short.reverseBytes((short) (options + 6)));
        out.putShort(Short.reverseBytes((short) 1)).putByte(TERMINATOR);
        out.putByte(Tokens.PRELOGIN_VERSION)
                .putByte(0)
                .putByte(Tokens.BUILD >> 8)
                .putByte(Tokens.BUILD);
        out.putShort(0);
        out.putByte(encrypts() ? ENCRYPT_ON : ENCRYPT_NOT_SUPPORTED);
    }

    private static int bigEndianShort(WireReader in) throws ProtocolException {
        return in.unsignedByte() << 8 | in.unsignedByte();
    }
}
