package io.dstream.mssql.standin.wire;

import org.jspecify.annotations.Nullable;

/// The tokens of a response other than columns and rows.
final class Tokens {

    static final String SERVER_NAME = "STANDIN";
    static final int PRELOGIN_VERSION = 16;
    static final int BUILD = 1000;

    static final int DONE = 0xFD;
    static final int DONE_PROCEDURE = 0xFE;
    static final int DONE_IN_PROCEDURE = 0xFF;

    static final int FINAL = 0x00;
    static final int MORE = 0x01;
    static final int ERROR = 0x02;
    static final int COUNT = 0x10;
    static final int ATTENTION = 0x20;

    private static final int TDS_7_4 = 0x74000004;

    private Tokens() {}

    /// One of the DONE tokens; `count` is -1 for none.
    static void done(WireBuffer out, int token, int status, Answers.StatementKind kind, long count) {
        out.putByte(token).putShort(count < 0 ? status : status | COUNT);
        out.putShort(command(kind)).putLong(Math.max(count, 0));
    }

    private static int command(Answers.StatementKind kind) {
        return switch (kind) {
            case SELECT -> 0xC1;
            case INSERT -> 0xC3;
            case DELETE -> 0xC4;
            case UPDATE -> 0xC5;
            case MERGE -> 0x117;
            case DDL -> 0xC6;
            case OTHER -> 0;
        };
    }

    static void error(WireBuffer out, SqlServerError error) {
        message(out, 0xAA, error.number(), error.state(), error.severity(), error.getMessage());
    }

    static void info(WireBuffer out, int number, String text) {
        message(out, 0xAB, number, 1, 0, text);
    }

    private static void message(WireBuffer out, int token, int number, int state, int severity, String text) {
        int start = out.putByte(token).putShort(0).position();
        out.putInt(number).putByte(state).putByte(severity).putLongText(text);
        out.putShortText(SERVER_NAME).putShortText("").putInt(1);
        out.setShort(start - 2, out.position() - start);
    }

    static void returnStatus(WireBuffer out, int status) {
        out.putByte(0x79).putInt(status);
    }

    /// `ordinal` counts all parameters of the request from 0.
    static void returnValue(WireBuffer out, int ordinal, SqlParameter parameter, @Nullable Object value) {
        out.putByte(0xAC).putShort(ordinal).putShortText(parameter.name());
        out.putByte(1).putInt(0).putShort(0);
        TypeInfo.write(out, parameter.type());
        TypeCodec.of(parameter.type()).write(out, value);
    }

    static void loginAcknowledged(WireBuffer out) {
        int start = out.putByte(0xAD).putShort(0).position();
        out.putByte(1).putInt(Integer.reverseBytes(TDS_7_4)).putShortText("Microsoft SQL Server");
        out.putByte(PRELOGIN_VERSION).putByte(0).putByte(BUILD >> 8).putByte(BUILD);
        out.setShort(start - 2, out.position() - start);
    }

    /// No feature is acknowledged.
    static void noFeatures(WireBuffer out) {
        out.putByte(0xAE).putByte(0xFF);
    }

    static void databaseChanged(WireBuffer out, String database) {
        textChanged(out, 1, database);
    }

    static void languageChanged(WireBuffer out) {
        textChanged(out, 2, "us_english");
    }

    static void packetSizeChanged(WireBuffer out, int packetSize) {
        textChanged(out, 4, Integer.toString(packetSize));
    }

    static void collationChanged(WireBuffer out) {
        byte[] collation = TypeInfo.collation();
        out.putByte(0xE3).putShort(3 + collation.length).putByte(7);
        out.putByte(collation.length).putBytes(collation).putByte(0);
    }

    static void connectionReset(WireBuffer out) {
        out.putByte(0xE3).putShort(3).putByte(18).putByte(0).putByte(0);
    }

    private static void textChanged(WireBuffer out, int kind, String text) {
        int start = out.putByte(0xE3).putShort(0).position();
        out.putByte(kind).putShortText(text).putByte(0);
        out.setShort(start - 2, out.position() - start);
    }
}
