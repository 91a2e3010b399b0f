package io.dstream.mssql.lock.blob;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.identity.DefaultAzureCredentialBuilder;

/// Microsoft Entra identity. A class of its own, so that nobody loads that library who logs in by key or SAS.
final class AzureIdentity {

    private AzureIdentity() {}

    /// Whatever identity the surroundings give: environment variables, workload identity, managed identity, the Azure
    /// CLI, .. Source: Microsoft Learn, "Credential chains in the Azure Identity client library for Java".
    static TokenCredential credential(HttpClient http) {
        return new DefaultAzureCredentialBuilder().httpClient(http).build();
    }
}
