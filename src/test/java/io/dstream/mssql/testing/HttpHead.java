package io.dstream.mssql.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What an HTTP/1.1 message begins with, every line as it came. `fields` are lines, `Name: value`.
record HttpHead(String startLine, List<String> fields) {

    HttpHead {
        fields = List.copyOf(fields);
    }

    /// Empty at the end of `in`.
    static Optional<HttpHead> read(InputStream in) throws IOException {
        String startLine = readLine(in);
        if (startLine.isEmpty()) {
            return Optional.empty();
        }
        List<String> fields = new ArrayList<>();
        for (String line = readLine(in); !line.isBlank(); line = readLine(in)) {
            fields.add(line.strip());
        }
        return Optional.of(new HttpHead(startLine.strip(), fields));
    }

    /// The body of a request with this head as it travels: chunks stay chunks.
    byte[] readRequestBody(InputStream in) throws IOException {
        Map<String, String> values = values();
        if (!values.containsKey("transfer-encoding")) {
            int length = Integer.parseInt(values.getOrDefault("content-length", "0"));
            byte[] body = in.readNBytes(length);
            if (body.length < length) {
                throw new EOFException("hung up within a body");
            }
            return body;
        }
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        int size;
        do {
            String line = readLine(in);
            size = Integer.parseInt(line.replaceFirst(";.*", "").strip(), 16);
            chunks.write(line.getBytes(ISO_8859_1));
            chunks.write(in.readNBytes(size));
            chunks.write(readLine(in).getBytes(ISO_8859_1));
        } while (size > 0);
        return chunks.toByteArray();
    }

    /// By lower-case name; of a name that comes twice, the values with a comma between.
    Map<String, String> values() {
        Map<String, String> values = new TreeMap<>();
        for (String field : fields) {
            int colon = field.indexOf(':');
            values.merge(name(field), field.substring(colon + 1).strip(), (first, second) -> first + ", " + second);
        }
        return values;
    }

    /// Without the fields of those lower-case names.
    HttpHead without(Set<String> names) {
        return new HttpHead(
                startLine,
                fields.stream().filter(field -> !names.contains(name(field))).toList());
    }

    /// With one more field.
    HttpHead with(String field) {
        List<String> more = new ArrayList<>(fields);
        more.add(field);
        return new HttpHead(startLine, more);
    }

    /// With the empty line that ends it.
    byte[] bytes() {
        return (startLine + "\r\n" + String.join("\r\n", fields) + (fields.isEmpty() ? "" : "\r\n") + "\r\n")
                .getBytes(ISO_8859_1);
    }

    private static String name(String field) {
        return field.substring(0, Math.max(0, field.indexOf(':'))).toLowerCase(Locale.ROOT);
    }

    /// With its end; empty at the end of `in`.
    private static String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int read = in.read(); read >= 0; read = in.read()) {
            line.write(read);
            if (read == '\n') {
                break;
            }
        }
        return line.toString(ISO_8859_1);
    }
}
