package io.dstream.mssql.output;

/// The one line that tells DStream's CLI how a start went: `{"status":"ready"}` or `{"status":"error","message":..}`.
public final class StatusLine {

    /// The newline not counted. The CLI's reader breaks at 65,536 bytes.
    static final int MOST_BYTES = 60_000;

    private static final String CUT_SHORT = " ..";

    private StatusLine() {}

    /// Everything was checked, data follows.
    public static String ready() {
        return "{\"status\":\"ready\"}";
    }

    /// There is no start; `message` is the whole reason. It becomes one line of text, whatever it holds, and is cut
    /// short where it would be too long.
    public static String error(String message) {
        String text = message.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
        JsonBuffer line = line(text);
        for (int kept = text.length() * 9 / 10; line.size() > MOST_BYTES; kept = kept * 9 / 10) {
            line = line(text.substring(0, beforePairAt(text, kept)) + CUT_SHORT);
        }
        return line.toString();
    }

    private static JsonBuffer line(String text) {
        JsonBuffer line = new JsonBuffer(text.length() + CUT_SHORT.length());
        line.writeAscii("{\"status\":\"error\",\"message\":");
        line.writeString(text);
        line.writeByte('}');
        return line;
    }

    private static int beforePairAt(String text, int end) {
        return end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
    }
}
