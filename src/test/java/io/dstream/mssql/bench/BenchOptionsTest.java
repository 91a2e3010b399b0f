package io.dstream.mssql.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dstream.mssql.config.ReadingConfig.ReadMode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BenchOptionsTest {

    private static BenchOptions parse(String arguments) {
        return BenchOptions.parse(arguments.isEmpty() ? List.of() : List.of(arguments.split(" ")));
    }

    @Test
    void readsAMillionNarrowRowsUnlessItIsTold() {
        BenchOptions options = parse("");

        assertThat(options.kind()).isEqualTo(BenchKind.THROUGHPUT);
        assertThat(options.load()).isEqualTo(new BenchLoad(RowShape.NARROW, 1_000_000, 1_000, ReadMode.FUNCTION));
        assertThat(options.rounds()).isEqualTo(3);
        assertThat(options.peerRows()).isZero();
        assertThat(options.jvmOptions()).isEmpty();
    }

    @Test
    void takesNumbersForCountsAndWordsForShapes() {
        assertThat(parse("--rows 20 --rows wide").load().rows()).isEqualTo(20);
        assertThat(parse("--rows wide --rows 20").load().shape()).isEqualTo(RowShape.WIDE);
        assertThat(parse("--shape lob").load()).isEqualTo(parse("--rows lob").load());
        assertThat(parse("--rows lob").load().rows()).isEqualTo(RowShape.LOB.defaultRows());
    }

    @Test
    void takesEveryOptionOfThroughput() {
        BenchOptions options =
                parse("--tx small --mode change_table --rounds 5 --heap 64m --peer debezium --peer-rows 300 --check");

        assertThat(options.load().rowsATransaction()).isEqualTo(1);
        assertThat(options.mode()).isEqualTo(ReadMode.CHANGE_TABLE);
        assertThat(options.rounds()).isEqualTo(5);
        assertThat(options.jvmOptions()).isEqualTo("-Xmx64m");
        assertThat(options.peerRows()).isEqualTo(300);
        assertThat(options.check()).isTrue();
        assertThat(parse("--peer debezium --rows 10").peerRows()).isEqualTo(10);
    }

    @Test
    void takesTheOtherScenarios() {
        BenchOptions idle = parse("--idle 1000 --poll 2s --max-poll 1m --seconds 3 --changes 4");

        assertThat(idle.kind()).isEqualTo(BenchKind.IDLE);
        assertThat(idle.tables()).isEqualTo(1000);
        assertThat(idle.poll()).isEqualTo(Duration.ofSeconds(2));
        assertThat(idle.maxPoll()).isEqualTo(Duration.ofMinutes(1));
        assertThat(parse("--tables 20 --rows 40").tables()).isEqualTo(20);
        assertThat(parse("--latency").poll()).isEqualTo(Duration.ofMillis(100));
        assertThat(parse("--start").rounds()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        "--row 1,unknown option --row",
        "--rows,--rows needs a value",
        "--rows 0,above zero",
        "--rows huge,'narrow, wide, lob'",
        "--shape 5,'narrow, wide, lob'",
        "--tx tiny,whole number",
        "--mode table,function and change_table",
        "--rounds x,whole number",
        "--peer kafka,debezium alone",
        "--peer-rows 5,needs --peer",
        "--heap lots,64m",
        "--poll 5,a duration",
        "--latency --poll 2s,must not be below",
        "--idle 5 --start,two scenarios",
        "--start --rows 5,--rows is not for --start",
        "--poll 5s,--poll is for other",
    })
    void refusesWithAMessage(String arguments, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> parse(arguments)).withMessageContaining(message);
    }

    @Test
    void theUsageNamesEveryOption() {
        String options = String.join(
                " ",
                Arrays.stream(BenchKind.values()).map(BenchKind::allOptions).toList());

        for (String option : List.of(options.strip().split(" +"))) {
            assertThat(BenchOptions.USAGE).containsPattern(Pattern.quote(option) + "\\b");
        }
        assertThat(BenchOptions.USAGE.lines()).allMatch(line -> line.length() <= 120);
    }
}
