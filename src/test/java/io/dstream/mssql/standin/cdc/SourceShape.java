package io.dstream.mssql.standin.cdc;

import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.standin.engine.Catalog;
import java.util.List;
import org.h2.value.Value;

/// A source table as it is between two ALTERs: where each column stands in H2's rows. Compared by identity.
final class SourceShape {

    private final Catalog.Table declared;
    private final List<String> h2Columns;
    private final int[] keyIndexes;
    private final TableName key;

    SourceShape(Catalog.Table declared, List<String> h2Columns) {
        this.declared = declared;
        this.h2Columns = List.copyOf(h2Columns);
        this.key = CaptureInstances.key(declared.schema(), declared.name());
        this.keyIndexes = declared.primaryKey().stream().mapToInt(this::indexOf).toArray();
    }

    Catalog.Table declared() {
        return declared;
    }

    /// The source table, as [CaptureInstances] goes by it.
    TableName key() {
        return key;
    }

    int width() {
        return h2Columns.size();
    }

    /// Where `column` stands in a row of H2, -1 where there is none.
    int indexOf(String column) {
        for (int i = 0; i < h2Columns.size(); i++) {
            if (h2Columns.get(i).equalsIgnoreCase(column)) {
                return i;
            }
        }
        return -1;
    }

    boolean keyDiffers(Value[] before, Value[] after) {
        for (int index : keyIndexes) {
            if (!before[index].equals(after[index])) {
                return true;
            }
        }
        return false;
    }
}
