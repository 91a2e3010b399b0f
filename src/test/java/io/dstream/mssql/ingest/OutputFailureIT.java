package io.dstream.mssql.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.checkpoint.InMemoryCheckpointStore;
import io.dstream.mssql.config.ConfigException;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.output.StdoutWriter;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.Envelopes.ChangeLine;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// An output that breaks after every possible byte: what was not written is never behind the saved position.
final class OutputFailureIT {

    private static final TableName TABLE = new TableName("dbo", "t");

    private static TestDatabase database;

    @BeforeAll
    static void write() throws Exception {
        database = TestDatabase.create();
        database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY, v char(450) NULL)");
        database.capture("dbo", "t");
        database.run(
                "INSERT INTO dbo.t (id) VALUES (1), (2), (3)",
                "UPDATE dbo.t SET id = 4 WHERE id = 3",
                "UPDATE dbo.t SET v = 'x' WHERE id < 3");
        database.awaitCaptured("dbo_t", 3 + 2 + 4);
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    /// A pipe whose reader goes away after so many bytes.
    private static final class BreakingOutput extends OutputStream {

        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final int capacity;

        BreakingOutput(int capacity) {
            this.capacity = capacity;
        }

        synchronized String text() {
            return taken.toString(UTF_8);
        }

        @Override
        public synchronized void write(int b) throws IOException {
            if (taken.size() == capacity) {
                throw new IOException("Broken pipe");
            }
            taken.write(b);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
            int fit = Math.min(length, capacity - taken.size());
            taken.write(bytes, offset, fit);
            if (fit < length) {
                throw new IOException("Broken pipe");
            }
        }
    }

    /// One run from `store`; the whole lines it got out.
    private static List<ChangeLine> run(Follow follow, InMemoryCheckpointStore store, BreakingOutput out)
            throws Failure, InterruptedException {
        StdoutWriter stdout = StdoutWriter.start(out, () -> {});
        try {
            follow.run(store, stdout);
        } finally {
            stdout.close(Poll.LIMIT);
        }
        String text = out.text();
        return Envelopes.changes(
                text.substring(0, text.lastIndexOf('\n') + 1).lines().toList());
    }

    @Test
    void thePositionIsNeverAheadOfTheLastWholeLine()
            throws ConfigException, Failure, IOException, InterruptedException {
        try (Follow follow = new Follow(
                database, "dbo.t", json -> json.put("max_line_bytes", 1024).put("checkpoint_interval", "0s"))) {
            BreakingOutput whole = new BreakingOutput(Integer.MAX_VALUE);
            List<ChangeLine> all = run(follow, new InMemoryCheckpointStore(), whole);
            int size = whole.text().length();
            assertThat(all).hasSize(3 + 2 + 2);
            assertThat(whole.text().lines()).hasSizeGreaterThan(2);

            for (int capacity = 0; capacity < size; capacity += stepFrom(whole.text(), capacity)) {
                InMemoryCheckpointStore store = new InMemoryCheckpointStore();
                List<ChangeLine> written = run(follow, store, new BreakingOutput(capacity));
                Optional<Position> saved = store.saved(TABLE);
                saved.ifPresent(position -> assertNothingMissingBefore(position, all, written));
                if (capacity % 10 == 0) {
                    List<ChangeLine> rest = run(follow, store, new BreakingOutput(Integer.MAX_VALUE));
                    assertThat(identities(Stream.concat(written.stream(), rest.stream())))
                            .isEqualTo(identities(all.stream()));
                }
            }
        }
    }

    /// Every byte around the end of a line, every fifth inside one, where all are the same to us.
    private static int stepFrom(String text, int capacity) {
        String around = text.substring(Math.max(0, capacity - 5), Math.min(text.length(), capacity + 10));
        return around.contains("\n") ? 1 : 5;
    }

    private static void assertNothingMissingBefore(Position saved, List<ChangeLine> all, List<ChangeLine> written) {
        // LSNs are hex digits of one width, so that their texts sort as they do.
        String covered = saved.commitLsn() + "/" + saved.seqval();
        Set<String> done =
                identities(all.stream().filter(change -> (change.lsn() + "/" + change.seq()).compareTo(covered) <= 0));
        assertThat(identities(written.stream())).as("saved %s", saved).containsAll(done);
    }

    private static Set<String> identities(Stream<ChangeLine> changes) {
        return changes.map(ChangeLine::identity).collect(Collectors.toSet());
    }
}
