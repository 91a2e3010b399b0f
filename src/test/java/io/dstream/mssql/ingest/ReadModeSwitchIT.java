package io.dstream.mssql.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.cdc.Lsn;
import io.dstream.mssql.cdc.Position;
import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.checkpoint.CheckpointStore;
import io.dstream.mssql.checkpoint.InMemoryCheckpointStore;
import io.dstream.mssql.checkpoint.TableCheckpoint;
import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.output.StdoutWriter;
import io.dstream.mssql.testing.Envelopes;
import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `read_mode` changed while the checkpoint split a transaction: what it means in the one order says nothing in the
/// other.
final class ReadModeSwitchIT {

    private static final TableName TABLE = new TableName("dbo", "t");
    private static final int ROWS = 5_000;

    private TestDatabase database;
    private Lsn first = Lsn.ZERO;
    private Lsn second = Lsn.ZERO;

    /// Keeps every position that was saved.
    private static final class Recorded implements CheckpointStore {

        private final InMemoryCheckpointStore store = new InMemoryCheckpointStore();
        private final List<Position> saved = new ArrayList<>();

        @Override
        public void prepare() {
            // Nothing to prepare.
        }

        @Override
        public TableCheckpoint open(TableName table) {
            TableCheckpoint checkpoint = store.open(table);
            return new TableCheckpoint() {
                @Override
                public Optional<Position> position() {
                    return checkpoint.position();
                }

                @Override
                public void save(Position position) throws Failure, InterruptedException {
                    checkpoint.save(position);
                    saved.add(position);
                }
            };
        }
    }

    /// One small transaction, then one of [#ROWS] rows, each a command of its own.
    @BeforeEach
    void write() throws Exception {
        database = TestDatabase.create();
        database.run("CREATE TABLE dbo.t (id int NOT NULL PRIMARY KEY)");
        database.capture("dbo", "t");
        database.run(
                "INSERT INTO dbo.t VALUES (0)",
                "BEGIN TRAN; DECLARE @i int = 0; WHILE @i < " + ROWS
                        + " BEGIN SET @i = @i + 1; INSERT INTO dbo.t VALUES (@i); END; COMMIT");
        database.awaitCaptured("dbo_t", 1 + ROWS);
        first = lsn("MIN");
        second = lsn("MAX");
        assertThat(first).isLessThan(second);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void fromFunctionToChangeTableTheTransactionIsReadAgain() throws Exception {
        Position halfway = new Position(second, seqval(700));

        requireWholeSecondTransaction(halfway, "change_table");
    }

    @Test
    void fromChangeTableToFunctionTheTransactionIsReadAgain() throws Exception {
        Position halfway = new Position(second, OptionalInt.of(700), seqval(700));

        requireWholeSecondTransaction(halfway, "function");
    }

    /// The same positions in their own mode go on exactly there.
    @Test
    void withoutASwitchItGoesOnBehindTheCheckpoint() throws Exception {
        List<Integer> rest = IntStream.rangeClosed(701, ROWS).boxed().toList();
        Recorded bySeqval = new Recorded();
        Recorded byCommand = new Recorded();

        assertThat(run(bySeqval, new Position(second, seqval(700)), "function")).isEqualTo(rest);
        assertThat(run(byCommand, new Position(second, OptionalInt.of(700), seqval(700)), "change_table"))
                .isEqualTo(rest);

        assertThat(bySeqval.saved).hasSizeGreaterThan(1).isSorted().last().satisfies(this::isBehindAll);
        assertThat(byCommand.saved).hasSizeGreaterThan(1).isSorted().last().satisfies(this::isBehindAll);
        assertThat(byCommand.saved.getFirst().commandId()).isPresent();
    }

    private void requireWholeSecondTransaction(Position halfway, String readMode) throws Exception {
        Recorded checkpoints = new Recorded();

        assertThat(run(checkpoints, halfway, readMode))
                .isEqualTo(IntStream.rangeClosed(1, ROWS).boxed().toList());

        assertThat(checkpoints.saved).singleElement().satisfies(this::isBehindAll);
    }

    private void isBehindAll(Position position) {
        assertThat(position.covers(second)).isTrue();
    }

    /// The ids that come after `from`, with a checkpoint whenever one is allowed.
    private List<Integer> run(Recorded checkpoints, Position from, String readMode) throws Exception {
        checkpoints.store.overwrite(TABLE, from);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StdoutWriter stdout = StdoutWriter.start(out, () -> {});
        try (Follow follow = new Follow(
                database,
                "dbo.t",
                json -> json.put("read_mode", readMode)
                        .put("checkpoint_interval", "0s")
                        .put("max_line_bytes", 1024))) {
            assertThat(follow.run(checkpoints, stdout)).isEqualTo(TableEnding.CAUGHT_UP);
        }
        stdout.close(Poll.LIMIT);
        return Envelopes.changes(out.toString(UTF_8).lines().toList()).stream()
                .map(change -> change.data().path("id").asInt())
                .toList();
    }

    private Lsn lsn(String which) throws Exception {
        return parsed("SELECT CONVERT(varchar(20), " + which + "([__$start_lsn]), 2) FROM cdc.dbo_t_CT");
    }

    private Lsn seqval(int id) throws Exception {
        return parsed("SELECT CONVERT(varchar(20), [__$seqval], 2) FROM cdc.dbo_t_CT WHERE id = " + id);
    }

    private Lsn parsed(String query) throws Exception {
        return Lsn.of(HexFormat.of().parseHex(database.ask(query)));
    }
}
