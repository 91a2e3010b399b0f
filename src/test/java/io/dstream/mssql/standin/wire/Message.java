package io.dstream.mssql.standin.wire;

/// One whole message of a client, its packets put together.
record Message(Type type, boolean ignored, boolean resetsConnection, WireReader body) {

    /// The message types of TDS that clients send.
    enum Type {
        BATCH(0x01),
        RPC(0x03),
        ATTENTION(0x06),
        BULK_LOAD(0x07),
        TRANSACTION_MANAGER(0x0E),
        LOGIN(0x10),
        SSPI(0x11),
        PRELOGIN(0x12),
        UNKNOWN(-1);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        static Type of(int code) {
            for (Type type : values()) {
                if (type.code == code) {
                    return type;
                }
            }
            return UNKNOWN;
        }
    }
}
