package io.dstream.mssql.output;

import io.dstream.mssql.cdc.TableName;
import java.util.OptionalLong;

/// What every envelope of a table says: `serverName` is the host of the connection string, `epoch` the lease's,
/// where its store counts holders.
public record EnvelopeHeader(TableName tableName, String serverName, OptionalLong epoch) {}
