package io.dstream.mssql.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EnvelopeCounterTest {

    private static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void countsEachEnvelopeWhereverTheChunksEnd(long seed) throws IOException {
        Random random = new Random(seed);
        List<String> told = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < 20; line++) {
            int changes = 1 + random.nextInt(500);
            // What the metadata looks like may stand in the data, too.
            text.append("{\"data\":\"").append("\"metadata\":{\"batch_size\":7,".repeat(random.nextInt(60)));
            text.append("x".repeat(random.nextInt(2000)))
                    .append("\"},\"metadata\":{\"batch_size\":")
                    .append(changes);
            text.append(",\"capture_instance\":\"dbo_t").append(line).append("\"}}\n");
            expected.add("dbo_t" + line + "=" + changes);
        }
        byte[] bytes = text.toString().getBytes(ISO_8859_1);
        EnvelopeCounter counter =
                new EnvelopeCounter(inChunks(bytes, random), (instance, count) -> told.add(instance + "=" + count));

        counter.readUntil(Long.MAX_VALUE);

        assertThat(told).isEqualTo(expected);
        assertThat(counter.lines()).isEqualTo(20);
        assertThat(counter.bytes()).isEqualTo(bytes.length);
    }

    private static InputStream inChunks(byte[] bytes, Random random) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, 1 + random.nextInt(1500)));
            }
        };
    }
}
