package io.dstream.mssql.peer;

/// A way in which the two may differ, with who is right and by which documentation. Everything else must be the
/// same.
enum Difference {
    /// CDC has no value, which the program says and Debezium does not: it reports NULL.
    ///
    /// Microsoft Learn, "cdc.<capture_instance>_CT (Transact-SQL)": `text`, `ntext` and `image` are NULL in
    /// deletes and before images, `(max)` types in before images of updates that left them alone. NULL is no
    /// value of the row then: the program is right.
    NULL_FOR_WHAT_IS_NOT_CAPTURED,

    /// CDC has no value, and both say so.
    BOTH_SAY_NOT_CAPTURED,

    /// The after image of an update has NULL because the row has; Debezium reports its placeholder for
    /// "unchanged".
    ///
    /// The same page: after images are whole. The program is right.
    PLACEHOLDER_FOR_NULL,

    /// A before image has NULL because the row had; Debezium reports its placeholder. Only where more than eight
    /// columns are captured: it counts the bytes of the update mask from the first, so it looks at other columns.
    ///
    /// Microsoft Learn, "sys.fn_cdc_is_bit_set (Transact-SQL)": the first columns are in the last byte. The
    /// program is right.
    MASK_FROM_ITS_OTHER_END,

    /// A day that Java's old calendar skips, 5 to 14 October 1582, comes ten days later; `datetimeoffset`
    /// before that is read by the wrong calendar.
    ///
    /// Microsoft Learn, "date (Transact-SQL)": SQL Server has these days, its calendar is ISO's all the way
    /// back. The program is right; see [JavaTimes].
    CALENDAR,

    /// A `datetimeoffset` before 1970 whose second is not whole comes a second late.
    ///
    /// The program is right: Microsoft Learn, "datetimeoffset (Transact-SQL)", gives the value that was stored;
    /// see [JavaTimes].
    SECOND_BEFORE_1970,

    /// In `direct` mode Debezium reports when the transaction began, in `function` mode when it ended.
    ///
    /// Microsoft Learn, "cdc.lsn_time_mapping (Transact-SQL)" and "sys.fn_cdc_map_lsn_to_time (Transact-SQL)":
    /// the commit LSN stands for the end, which the program reports in both modes.
    BEGIN_TIME_IN_DIRECT_MODE
}
