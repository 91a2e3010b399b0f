package io.dstream.mssql.standin.tsql;

import java.util.List;
import java.util.Optional;

/// A statement that changes what there is.
public sealed interface DdlStatement extends Statement {

    /// One column as it was declared. `nullable` is empty where nothing was said.
    record ColumnDefinition(
            String name,
            Optional<TypeName> type,
            Optional<Boolean> nullable,
            Optional<Identity> identity,
            List<Token> defaultValue,
            List<Token> computedAs,
            boolean primaryKey,
            boolean unique) {}

    /// `IDENTITY(seed, increment)`.
    record Identity(int seed, int increment) {}

    /// `CREATE DATABASE`.
    record CreateDatabase(String name) implements DdlStatement {}

    /// `DROP DATABASE`.
    record DropDatabase(String name, boolean ifExists) implements DdlStatement {}

    /// `ALTER DATABASE .. SET` of an option that changes nothing here.
    record AlterDatabase(String name, String option) implements DdlStatement {}

    /// `CREATE SCHEMA`.
    record CreateSchema(String name) implements DdlStatement {}

    /// `DROP SCHEMA`.
    record DropSchema(String name, boolean ifExists) implements DdlStatement {}

    /// `CREATE TABLE`; `primaryKey` and `uniques` are those of the table level.
    record CreateTable(
            ObjectName name, List<ColumnDefinition> columns, List<String> primaryKey, List<List<String>> uniques)
            implements DdlStatement {}

    /// `DROP TABLE`.
    record DropTable(ObjectName name, boolean ifExists) implements DdlStatement {}

    /// `TRUNCATE TABLE`.
    record TruncateTable(ObjectName name) implements DdlStatement {}

    /// `ALTER TABLE .. ADD`.
    record AddColumns(ObjectName table, List<ColumnDefinition> columns) implements DdlStatement {}

    /// `ALTER TABLE .. DROP COLUMN`.
    record DropColumns(ObjectName table, List<String> columns) implements DdlStatement {}

    /// `ALTER TABLE .. ALTER COLUMN`.
    record AlterColumn(ObjectName table, ColumnDefinition column) implements DdlStatement {}

    /// `CREATE INDEX`.
    record CreateIndex(String name, ObjectName table, List<String> columns, boolean unique) implements DdlStatement {}

    /// `CREATE TYPE .. FROM`.
    record CreateType(ObjectName name, TypeName type, boolean nullable) implements DdlStatement {}
}
