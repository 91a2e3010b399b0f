package io.dstream.mssql.rehearsal;

import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/// What a server answered to each request of a run: the same request gets the same answer, whoever asks and whenever.
/// Immutable.
///
/// Logins are known by their kind alone, since they carry the process and the host; everything else by its bytes.
final class Conversation {

    private static final String RECORDED = "conversation.bin";
    private static final int DIGEST_LENGTH = 12;

    /// What acknowledges a cancelled request, whatever it was: DONE with the bit DONE_ATTN.
    private static final byte[] CANCELLED =
            HexFormat.of().parseHex("04010015" + "00000100" + "fd2000" + "0000" + "0000000000000000");

    private final Map<String, byte[]> answers;

    /// `answers` are whole packets, by [#key] of their requests.
    Conversation(Map<String, byte[]> answers) {
        this.answers = new TreeMap<>(answers);
    }

    /// The one that was recorded when the program was made.
    static Conversation recorded() throws IOException {
        try (InputStream resource = Conversation.class.getResourceAsStream(RECORDED)) {
            if (resource == null) {
                throw new IOException("no recorded conversation " + RECORDED);
            }
            return read(resource);
        }
    }

    /// As [#write] wrote it.
    static Conversation read(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(new InflaterInputStream(in));
        Map<String, byte[]> answers = new TreeMap<>();
        for (int left = data.readInt(); left > 0; left--) {
            String key = data.readUTF();
            byte[] answer = new byte[data.readInt()];
            data.readFully(answer);
            answers.put(key, answer);
        }
        return new Conversation(answers);
    }

    void write(OutputStream out) throws IOException {
        Deflater best = new Deflater(Deflater.BEST_COMPRESSION);
        DataOutputStream data = new DataOutputStream(new DeflaterOutputStream(out, best));
        data.writeInt(answers.size());
        for (Map.Entry<String, byte[]> answer : answers.entrySet()) {
            data.writeUTF(answer.getKey());
            data.writeInt(answer.getValue().length);
            data.write(answer.getValue());
        }
        data.close();
        best.end();
    }

    /// The packets to send; empty where nobody asked that while it was recorded.
    Optional<byte[]> answer(TdsMessage request) {
        return request.type() == TdsMessage.ATTENTION
                ? Optional.of(CANCELLED)
                : Optional.ofNullable(answers.get(key(request)));
    }

    /// By what a request is known.
    static String key(TdsMessage request) {
        return switch (request.type()) {
            case TdsMessage.LOGIN -> "login";
            case TdsMessage.PRELOGIN -> "prelogin";
            default ->
                HexFormat.of().formatHex(Arrays.copyOf(sha256().digest(request.payload()), DIGEST_LENGTH))
                        + request.type();
        };
    }

    /// What can be read of a request, for people: its statement and the text among its values.
    static String text(TdsMessage request) {
        return new String(request.payload(), UTF_16LE)
                .replaceAll("[^\\x20-\\x7e]+", " ")
                .strip();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
