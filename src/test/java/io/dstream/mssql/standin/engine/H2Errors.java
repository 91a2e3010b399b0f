package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.wire.SqlServerError;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;

/// H2's errors as SQL Server would have said them. What has no counterpart stays H2's own, under number 50000.
final class H2Errors {

    private static final Pattern QUOTED = Pattern.compile("\"(.*?)\"");

    private H2Errors() {}

    static SqlServerError translate(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SqlServerError error) {
                return error;
            }
        }
        String what = quoted(failure);
        return switch (failure.getErrorCode()) {
            case ErrorCode.DUPLICATE_KEY_1 ->
                new SqlServerError(
                        2627,
                        14,
                        1,
                        "Violation of PRIMARY KEY constraint. Cannot insert duplicate key. (" + what + ")");
            case ErrorCode.NULL_NOT_ALLOWED ->
                new SqlServerError(
                        515,
                        16,
                        2,
                        "Cannot insert the value NULL into column '" + what + "'; column does not allow nulls.");
            case ErrorCode.VALUE_TOO_LONG_2 -> tooLong(what);
            case ErrorCode.CHECK_CONSTRAINT_VIOLATED_1 ->
                new SqlServerError(220, 16, 2, "Arithmetic overflow error for data type tinyint.");
            case ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE_1, ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE_2 ->
                new SqlServerError(8115, 16, 2, "Arithmetic overflow error converting expression. (" + what + ")");
            case ErrorCode.DATA_CONVERSION_ERROR_1 ->
                new SqlServerError(245, "Conversion failed when converting the value " + what + ".");
            case ErrorCode.INVALID_DATETIME_CONSTANT_2 ->
                new SqlServerError(241, "Conversion failed when converting date and/or time from character string.");
            case ErrorCode.DIVISION_BY_ZERO_1 -> new SqlServerError(8134, "Divide by zero error encountered.");
            case ErrorCode.DEADLOCK_1, ErrorCode.CONCURRENT_UPDATE_1 -> deadlock();
            case ErrorCode.LOCK_TIMEOUT_1 -> new SqlServerError(1222, 16, 51, "Lock request time out period exceeded.");
            case ErrorCode.STATEMENT_WAS_CANCELED -> new SqlServerError(3617, 11, 1, "The query was cancelled.");
            default -> name(failure, what);
        };
    }

    private static SqlServerError name(SQLException failure, String what) {
        return switch (failure.getErrorCode()) {
            case ErrorCode.COLUMN_NOT_FOUND_1 -> new SqlServerError(207, "Invalid column name '" + what + "'.");
            case ErrorCode.AMBIGUOUS_COLUMN_NAME_1 -> new SqlServerError(209, "Ambiguous column name '" + what + "'.");
            case ErrorCode.TABLE_OR_VIEW_NOT_FOUND_1,
                    ErrorCode.TABLE_OR_VIEW_NOT_FOUND_WITH_CANDIDATES_2,
                    ErrorCode.TABLE_OR_VIEW_NOT_FOUND_DATABASE_EMPTY_1 ->
                new SqlServerError(208, "Invalid object name '" + what + "'.");
            case ErrorCode.COLUMN_COUNT_DOES_NOT_MATCH ->
                new SqlServerError(213, "Column name or number of supplied values does not match table definition.");
            case ErrorCode.MUST_GROUP_BY_COLUMN_1 ->
                new SqlServerError(
                        8120,
                        "Column '" + what + "' is invalid in the select list because it is not contained in either an"
                                + " aggregate function or the GROUP BY clause.");
            case ErrorCode.SCALAR_SUBQUERY_CONTAINS_MORE_THAN_ONE_ROW ->
                new SqlServerError(512, "Subquery returned more than 1 value.");
            case ErrorCode.SYNTAX_ERROR_1, ErrorCode.SYNTAX_ERROR_2 -> syntax(failure);
            default -> new SqlServerError(50000, "H2 " + failure.getErrorCode() + ": " + failure.getMessage());
        };
    }

    static SqlServerError deadlock() {
        return new SqlServerError(
                1205,
                13,
                51,
                "Transaction was deadlocked on lock resources with another process and has been chosen as the deadlock"
                        + " victim. Rerun the transaction.");
    }

    /// H2 says the same of a number with too many digits.
    private static SqlServerError tooLong(String column) {
        return column.contains("NUMERIC(")
                ? new SqlServerError(
                        8115, 16, 8, "Arithmetic overflow error converting to data type of " + column + ".")
                : new SqlServerError(2628, "String or binary data would be truncated in column '" + column + "'.");
    }

    private static SqlServerError syntax(SQLException failure) {
        return new SqlServerError(102, 15, 1, "Incorrect syntax near here: " + failure.getMessage());
    }

    private static String quoted(SQLException failure) {
        Matcher matcher = QUOTED.matcher(String.valueOf(failure.getMessage()));
        return matcher.find() ? String.valueOf(matcher.group(1)) : "";
    }
}
