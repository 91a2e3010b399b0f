package io.dstream.mssql.cdc;

/// What a row of a change table says happened: `__$operation`.
///
/// Source: Microsoft Learn, "cdc.<capture_instance>_CT (Transact-SQL)".
public enum Operation {
    DELETE(1, "delete"),
    INSERT(2, "insert"),
    /// The row as it was; the [#UPDATE_AFTER] of the same update follows at once.
    UPDATE_BEFORE(3, "update"),
    UPDATE_AFTER(4, "update");

    private final int number;
    private final String changeType;

    Operation(int number, String changeType) {
        this.number = number;
        this.changeType = changeType;
    }

    /// Throws `IllegalArgumentException` for a number SQL Server does not document.
    public static Operation of(int number) {
        return switch (number) {
            case 1 -> DELETE;
            case 2 -> INSERT;
            case 3 -> UPDATE_BEFORE;
            case 4 -> UPDATE_AFTER;
            default -> throw new IllegalArgumentException("__$operation is 1 to 4, not " + number);
        };
    }

    /// The value of `__$operation`.
    public int number() {
        return number;
    }

    /// `insert`, `update` or `delete`, as it stands in envelopes.
    public String changeType() {
        return changeType;
    }
}
