package io.dstream.mssql.standin.cdc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.h2.jdbc.JdbcResultSet;
import org.h2.tools.TriggerAdapter;
import org.h2.value.Value;
import org.h2.value.ValueBlob;
import org.h2.value.ValueClob;
import org.h2.value.ValueLob;
import org.jspecify.annotations.Nullable;

/// The row trigger of every captured table. Takes H2's own values, which go into the change table as they are: Java
/// objects of JDBC would lose digits and days.
public final class CaptureTrigger extends TriggerAdapter {

    @Override
    public void fire(Connection h2, @Nullable ResultSet before, @Nullable ResultSet after) throws SQLException {
        BufferedSession.of(h2).add(CaptureInstances.key(schemaName, tableName), values(before), values(after));
    }

    private static Value @Nullable [] values(@Nullable ResultSet row) throws SQLException {
        if (row == null) {
            return null;
        }
        JdbcResultSet h2Row = row.unwrap(JdbcResultSet.class);
        Value[] values = new Value[h2Row.getMetaData().getColumnCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = kept(h2Row.getInternal(i + 1));
        }
        return values;
    }

    /// A large object belongs to its row and goes with it: keep its content.
    private static Value kept(Value value) {
        return switch (value) {
            case ValueClob clob -> ValueClob.createSmall(clob.getString());
            case ValueBlob blob -> ValueBlob.createSmall(blob.getBytes());
            case ValueLob lob -> throw new IllegalStateException("unknown large object " + lob);
            default -> value;
        };
    }
}
