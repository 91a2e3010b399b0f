package io.dstream.mssql.peer;

import io.dstream.mssql.testing.Poll;
import io.dstream.mssql.testing.TestDatabase;
import java.util.function.IntSupplier;

/// A table whose rows say "up to here": when one has come, all that was committed before it has.
final class Marks {

    static final String TABLE = "marks";

    private final TestDatabase database;
    private int last;

    Marks(TestDatabase database) {
        this.database = database;
        database.run("CREATE TABLE dbo.marks (id int NOT NULL PRIMARY KEY)");
        database.capture("dbo", TABLE);
    }

    /// Makes a mark and waits until it is captured.
    int set() throws Exception {
        last++;
        database.run("INSERT INTO dbo.marks VALUES (" + last + ")");
        database.awaitCaptured("dbo_marks", last);
        return last;
    }

    /// Makes marks until a reader that begins at the end of the log has seen one: it reads.
    void awaitReader(DebeziumReader reader, IntSupplier seen) throws Exception {
        Poll.until(
                () -> {
                    reader.requireRunning();
                    set();
                    return seen.getAsInt() > 0;
                },
                () -> "no mark of " + last);
    }

    /// Makes a mark and waits until a reader has seen it.
    void pass(DebeziumReader reader, IntSupplier seen) throws Exception {
        int mark = set();
        Poll.until(
                Poll.LIMIT.multipliedBy(5),
                () -> {
                    reader.requireRunning();
                    return seen.getAsInt() >= mark;
                },
                () -> "mark " + mark + ", last " + seen.getAsInt());
    }
}
