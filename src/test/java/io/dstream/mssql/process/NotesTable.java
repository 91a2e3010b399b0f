package io.dstream.mssql.process;

import io.dstream.mssql.testing.TestDatabase;
import java.util.concurrent.atomic.AtomicInteger;

/// A table under CDC whose rows are as long as a test wants: `id`, counted by the server, and `note`.
final class NotesTable {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private NotesTable() {}

    /// A new one in `database`; its name with the schema.
    static String create(TestDatabase database) {
        String name = "notes" + COUNT.incrementAndGet();
        database.run("CREATE TABLE dbo." + name
                + " (id int IDENTITY(1,1) NOT NULL PRIMARY KEY, note nvarchar(2000) NOT NULL)");
        database.capture("dbo", name);
        return "dbo." + name;
    }
}
