package io.dstream.mssql.config;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalInt;

/// Who else may write the same tables. `maxTables` is the most one instance takes; empty for no limit. `azureBlob` is
/// there when the type is [Type#AZURE_BLOB], and only then.
public record LockConfig(Type type, OptionalInt maxTables, Optional<AzureBlob> azureBlob) {

    public LockConfig {
        if ((type == Type.AZURE_BLOB) != azureBlob.isPresent()) {
            throw new IllegalArgumentException("azureBlob is present exactly for AZURE_BLOB, not " + type);
        }
    }

    /// Locks that need no storage account.
    public LockConfig(Type type, OptionalInt maxTables) {
        this(type, maxTables, Optional.empty());
    }

    /// Where leases are kept.
    public enum Type {
        AZURE_BLOB,
        SQL_SERVER,
        NONE
    }

    /// The blob container of the leases, created when missing. Either a connection string (key, SAS or development
    /// storage), spelled as the SDK reads it, or an `https` account URL, for Microsoft Entra identity; never both.
    public record AzureBlob(Optional<Secret> connectionString, Optional<URI> accountUrl, String containerName) {

        public AzureBlob {
            if (connectionString.isPresent() == accountUrl.isPresent()) {
                throw new IllegalArgumentException("either a connection string or an account URL");
            }
        }
    }
}
