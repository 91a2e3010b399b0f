package io.dstream.mssql.output;

import io.dstream.mssql.cdc.TableName;
import java.util.OptionalLong;

/// What lines say of their source: `serverName` is the host of the connection string, `epoch` the lease's,
/// where its store counts holders.
public record LineHeader(TableName tableName, String serverName, String databaseName, OptionalLong epoch) {}
