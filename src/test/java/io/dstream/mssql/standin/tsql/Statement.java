package io.dstream.mssql.standin.tsql;

/// One statement of a batch. Expressions stay tokens: H2 evaluates them.
public sealed interface Statement permits ControlStatement, DataStatement, DdlStatement, SecurityStatement {}
