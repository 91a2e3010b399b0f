package io.dstream.mssql.output;

import io.dstream.mssql.cdc.Lsn;

/// Writes LSNs as JSON strings, in lower case hex.
final class LsnText {

    private LsnText() {}

    /// As [Lsn#toString] has it: `"00000020:00000100:0001"`.
    static void writeColons(Lsn lsn, JsonBuffer out) {
        out.writeByte('"');
        out.writeHexDigits(lsn.high() >>> 32, 8);
        out.writeByte(':');
        out.writeHexDigits(lsn.high(), 8);
        out.writeByte(':');
        out.writeHexDigits(lsn.low(), 4);
        out.writeByte('"');
    }

    /// The 20 digits alone, as the original program has them: `"00000020000001000001"`.
    static void writeDigits(Lsn lsn, JsonBuffer out) {
        out.writeByte('"');
        out.writeHexDigits(lsn.high(), 16);
        out.writeHexDigits(lsn.low(), 4);
        out.writeByte('"');
    }
}
