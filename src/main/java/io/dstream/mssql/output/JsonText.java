package io.dstream.mssql.output;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// JSON that is no change: what a command answers.
public final class JsonText {

    private static final int USUAL_BYTES = 4096;

    private JsonText() {}

    /// One line. Values are maps with text as keys, lists, text, whole numbers, booleans, and `Optional`s of
    /// these, of which an empty one is null. Throws `IllegalArgumentException` for any other.
    public static String of(Map<String, ?> object) {
        JsonBuffer out = new JsonBuffer(USUAL_BYTES);
        write(object, out);
        return out.toString();
    }

    private static void write(Object value, JsonBuffer out) {
        switch (value) {
            case Map<?, ?> members -> writeObject(members, out);
            case List<?> items -> writeList(items, out);
            case Optional<?> maybe -> maybe.ifPresentOrElse(there -> write(there, out), out::writeNull);
            case String text -> out.writeString(text);
            case Boolean flag -> out.writeBoolean(flag);
            case Long number -> out.writeLong(number);
            case Integer number -> out.writeLong(number);
            default -> throw new IllegalArgumentException("no JSON for a " + value.getClass());
        }
    }

    private static void writeObject(Map<?, ?> members, JsonBuffer out) {
        char before = '{';
        for (Map.Entry<?, ?> member : members.entrySet()) {
            out.writeByte(before);
            out.writeString(String.valueOf(member.getKey()));
            out.writeByte(':');
            write(member.getValue(), out);
            before = ',';
        }
        if (members.isEmpty()) {
            out.writeByte(before);
        }
        out.writeByte('}');
    }

    private static void writeList(List<?> items, JsonBuffer out) {
        out.writeByte('[');
        boolean first = true;
        for (Object item : items) {
            if (!first) {
                out.writeByte(',');
            }
            write(item, out);
            first = false;
        }
        out.writeByte(']');
    }
}
