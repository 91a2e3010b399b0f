package io.dstream.mssql.output;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dstream.mssql.cdc.Lsn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBufferTest {

    private static final ObjectMapper JACKSON = new ObjectMapper();

    private final JsonBuffer out = new JsonBuffer(1);

    @Test
    void escapesWhatJsonDemandsAndNothingElse() {
        out.writeString("a\"b\\c/<d>\u0000\b\t\n\f\r\u001f\u007fäé\u20ac\u2028");

        assertThat(out).hasToString("\"a\\\"b\\\\c/<d>\\u0000\\b\\t\\n\\f\\r\\u001F\u007fäé\u20ac\u2028\"");
    }

    @Test
    void writesASurrogateWithoutPartnerAsItsEscape() {
        out.writeString("\uD83D\uDE00|\uD83D|\uDE00|\uD83D");

        assertThat(out).hasToString("\"\uD83D\uDE00|\\uD83D|\\uDE00|\\uD83D\"");
    }

    @Test
    void keepsPairsWholeAtEveryOffset() {
        for (int padding = 505; padding < 520; padding++) {
            out.truncate(0);
            String text = "x".repeat(padding) + "\uD83D\uDE00" + "y".repeat(600);
            out.writeString(text);
            assertThat(out).hasToString('"' + text + '"');
        }
    }

    @Test
    void readsBackAsTheSameText() throws Exception {
        long seed = System.nanoTime();
        RandomGenerator random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            String text = randomText(random);
            out.truncate(0);
            out.writeString(text);

            byte[] bytes = out.toBytes();
            assertThat(new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8))
                    .as("UTF-8, seed %d", seed)
                    .isEqualTo(bytes);
            assertThat(JACKSON.readValue(bytes, String.class))
                    .as("seed %d", seed)
                    .isEqualTo(text);
        }
    }

    private static String randomText(RandomGenerator random) {
        int length = random.nextInt(random.nextBoolean() ? 20 : 2_000);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char)
                    switch (random.nextInt(5)) {
                        case 0 -> random.nextInt(0x80);
                        case 1 -> random.nextInt(0x10000);
                        case 2 -> 0xD800 + random.nextInt(0x800);
                        default -> 'a' + random.nextInt(26);
                    });
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 9, 10, -10, 99, 100, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE})
    void writesEveryLong(long value) {
        out.writeLong(value);

        assertThat(out).hasToString(Long.toString(value));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1.50, 1.50",
        "-0.0001, -0.0001",
        "0.0000, 0.0000",
        "922337203685477.5807, 922337203685477.5807",
        "-922337203685477.5808, -922337203685477.5808",
        "1E+3, 1000",
        "1E-38, 0.00000000000000000000000000000000000001",
        "99999999999999999999999999999999999999, 99999999999999999999999999999999999999",
        "-0.99999999999999999999999999999999999999, -0.99999999999999999999999999999999999999"
    })
    void writesEveryDigitOfADecimalAndNoExponent(String value, String expected) {
        out.writeDecimal(new BigDecimal(value));

        assertThat(out).hasToString(expected);
    }

    @Test
    void writesDecimalsAsTheirPlainString() {
        long seed = System.nanoTime();
        RandomGenerator random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            BigInteger unscaled = new BigInteger(random.nextInt(126), new Random(random.nextLong()));
            BigDecimal value = new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), random.nextInt(39));
            out.truncate(0);
            out.writeDecimal(value);
            assertThat(out).as("seed %d", seed).hasToString(value.toPlainString());
        }
    }

    @Test
    void writesBase64OfEveryLength() {
        for (int length = 0; length < 50; length++) {
            byte[] bytes = new byte[length];
            new Random(length).nextBytes(bytes);
            out.truncate(0);
            out.writeBase64(bytes);
            assertThat(out).hasToString('"' + Base64.getEncoder().encodeToString(bytes) + '"');
        }
    }

    @Test
    void writesAnLsnAsItsTextAndAsItsDigits() {
        Lsn lsn = new Lsn(0x80000020_F0000100L, 0xFFEE);

        LsnText.writeColons(lsn, out);
        LsnText.writeDigits(lsn, out);

        assertThat(out).hasToString('"' + lsn.toString() + "\"\"80000020f0000100ffee\"");
    }

    @Test
    void givesBackMemoryButNothingThatWasWritten() {
        out.writeAscii("kept");
        int mark = out.size();
        out.writeString("x".repeat(1_000_000));
        out.truncate(mark);

        out.shrink(100);
        assertThat(out.capacity()).isEqualTo(100);
        out.shrink(1);
        assertThat(out.capacity()).isEqualTo(mark);
        assertThat(out).hasToString("kept");
    }

    @Test
    void takesBackAndGoesOn() {
        out.writeAscii("[1");
        int mark = out.size();
        out.writeString("no");
        out.truncate(mark);
        out.writeByte(']');

        assertThat(out).hasToString("[1]");
        assertThatIllegalArgumentException().isThrownBy(() -> out.truncate(4));
    }

    @Test
    void tellsNullFromTheTextNull() {
        out.writeByte(':');
        out.writeNull();
        assertThat(out.isNull(1, out.size())).isTrue();
        assertThat(out.isNull(0, out.size())).isFalse();

        int mark = out.size();
        out.writeString("null");
        assertThat(out.isNull(mark, out.size())).isFalse();
    }

    @Test
    void writesUtf16AsItWritesText() {
        Random random = new Random(7);
        for (int length = 0; length < 1500; length++) {
            String text = anyText(random, length);
            byte[] utf16 = utf16(text);
            JsonBuffer expected = new JsonBuffer(1);
            expected.writeString(text);
            out.truncate(0);
            out.writeUtf16(utf16, 0, utf16.length);
            assertThat(out.toBytes()).as(text).isEqualTo(expected.toBytes());
        }
    }

    @Test
    void writesEveryCharacterAtEveryPlaceAmongOthers() {
        for (int c = 0; c < 0x10000; c = c < 0x800 ? c + 1 : c + 0x21) {
            for (int place = 0; place < 9; place++) {
                String text = "x".repeat(place) + (char) c + "x".repeat(9 - place);
                JsonBuffer expected = new JsonBuffer(1);
                expected.writeString(text);
                byte[] utf16 = utf16(text);
                out.truncate(0);
                out.writeUtf16(utf16, 0, utf16.length);
                assertThat(out.toString()).as("%x at %d", c, place).isEqualTo(expected.toString());
            }
        }
    }

    @Test
    void writesTextThatLiesBetweenOther() {
        // The neighbours would make a pair of each of the two surrogates.
        byte[] between = "\uD83D\uDE00.ab\uD83D\uDE00".getBytes(UTF_16LE);

        out.writeUtf16(between, 2, between.length - 2);

        assertThat(out).hasToString("\"\\uDE00.ab\\uD83D\"");
    }

    @Test
    void writesBytesThatLieBetweenOthers() {
        byte[] between = {9, 1, 2, 3, 9};

        out.writeBase64(between, 1, 4);
        out.writeHex(between, 1, new byte[] {2, 0, -1, 1});

        assertThat(out).hasToString("\"AQID\"\"0301-02\"");
    }

    @Test
    void writesFloatingPointNumbersAsJavaDoes() {
        long seed = System.nanoTime();
        RandomGenerator random = new Random(seed);
        for (int round = 0; round < 10_000; round++) {
            double real = Double.longBitsToDouble(random.nextLong());
            float small = Float.intBitsToFloat(random.nextInt());
            out.truncate(0);
            out.writeReal(real);
            out.writeByte(' ');
            out.writeReal(small);
            assertThat(out).as("seed %d", seed).hasToString(real + " " + small);
        }
    }

    /// Halves of pairs as well, which a charset would replace.
    private static byte[] utf16(String text) {
        byte[] utf16 = new byte[2 * text.length()];
        for (int i = 0; i < text.length(); i++) {
            utf16[2 * i] = (byte) text.charAt(i);
            utf16[2 * i + 1] = (byte) (text.charAt(i) >> 8);
        }
        return utf16;
    }

    /// Pairs, halves of pairs, control characters and the rest.
    private static String anyText(Random random, int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            switch (random.nextInt(5)) {
                case 0 -> text.append((char) random.nextInt(0x80));
                case 1 -> text.append((char) random.nextInt(0x10000));
                case 2 -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
                case 3 -> text.append((char) (0xD800 + random.nextInt(0x800)));
                default -> text.append("some words ");
            }
        }
        return text.toString();
    }
}
