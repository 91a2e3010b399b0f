package io.dstream.mssql.config;

import static io.dstream.mssql.config.SettingKind.AUTHENTICATION;
import static io.dstream.mssql.config.SettingKind.ENCRYPT;
import static io.dstream.mssql.config.SettingKind.FLAG;
import static io.dstream.mssql.config.SettingKind.IGNORED;
import static io.dstream.mssql.config.SettingKind.INTEGRATED;
import static io.dstream.mssql.config.SettingKind.INTENT;
import static io.dstream.mssql.config.SettingKind.PORT;
import static io.dstream.mssql.config.SettingKind.SERVER;
import static io.dstream.mssql.config.SettingKind.TEXT;
import static io.dstream.mssql.config.SettingKind.WHOLE_NUMBER;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/// A connection setting by the JDBC driver's name for it, found by any name that ADO.NET, ODBC, Go or JDBC use. Case,
/// spaces and underscores count for nothing.
///
/// Sources: Microsoft Learn, "SqlConnection.ConnectionString" and "Setting the connection properties" (JDBC); the
/// README of go-mssqldb.
record SettingName(String property, SettingKind kind) {

    private static final Map<String, SettingName> BY_NAME = new HashMap<>();
    private static final SequencedSet<String> WRITTEN = new LinkedHashSet<>();

    static {
        know(SERVER, "serverName", "server", "data source", "address", "addr", "network address");
        know(PORT, "portNumber", "port");
        know(TEXT, "instanceName", "instance");
        know(TEXT, "databaseName", "database", "initial catalog");
        know(TEXT, "user", "user id", "uid", "username");
        know(TEXT, "password", "pwd");
        know(ENCRYPT, "encrypt");
        know(FLAG, "trustServerCertificate", "trust server certificate");
        know(TEXT, "hostNameInCertificate", "host name in certificate");
        know(TEXT, "serverCertificate", "server certificate", "certificate");
        know(WHOLE_NUMBER, "loginTimeout", "connection timeout", "connect timeout", "timeout", "dial timeout");
        know(TEXT, "applicationName", "application name", "app name", "app");
        know(TEXT, "workstationID", "workstation id", "wsid");
        know(INTEGRATED, "integratedSecurity", "integrated security", "trusted_connection");
        know(AUTHENTICATION, "authentication", "fedauth");
        know(INTENT, "applicationIntent", "application intent");
        know(FLAG, "multiSubnetFailover", "multi subnet failover");
        know(TEXT, "failoverPartner", "failover partner");
        know(WHOLE_NUMBER, "packetSize", "packet size");
        know(WHOLE_NUMBER, "connectRetryCount", "connect retry count");
        know(WHOLE_NUMBER, "connectRetryInterval", "connect retry interval");
        know(TEXT, "columnEncryptionSetting", "column encryption setting", "column encryption");
        know(TEXT, "iPAddressPreference", "ip address preference");
        know(TEXT, "serverSpn", "server spn");
        know(TEXT, "domain", "domain name");
        know(FLAG, "TransparentNetworkIPResolution", "transparent network ip resolution");
        driverOnly(
                TEXT,
                "authenticationScheme accessToken accessTokenCallbackClass AADSecurePrincipalId"
                        + " AADSecurePrincipalSecret clientCertificate clientKey clientKeyPassword msiClientId realm"
                        + " jaasConfigurationName trustStore trustStorePassword trustStoreType trustManagerClass"
                        + " trustManagerConstructorArg sslProtocol socketFactoryClass socketFactoryConstructorArg"
                        + " responseBuffering selectMethod prepareMethod maxResultBuffer keyStoreAuthentication"
                        + " keyStoreLocation keyStoreSecret keyStorePrincipalId keyVaultProviderClientId"
                        + " keyVaultProviderClientKey enclaveAttestationUrl enclaveAttestationProtocol"
                        + " datetimeParameterType quotedIdentifier concatNullYieldsNull retryExec retryConn"
                        + " vectorTypeSupport");
        driverOnly(
                WHOLE_NUMBER,
                "lockTimeout queryTimeout socketTimeout cancelQueryTimeout statementPoolingCacheSize"
                        + " serverPreparedStatementDiscardThreshold");
        driverOnly(
                FLAG,
                "serverNameAsACE sendStringParametersAsUnicode sendTimeAsDatetime lastUpdateCount xopenStates fips"
                        + " replication disableStatementPooling enablePrepareOnFirstPreparedStatementCall"
                        + " delayLoadingLobs useFmtOnly useDefaultJaasConfig useDefaultGSSCredential"
                        + " calcBigDecimalPrecision");
        // The program never copies in bulk, and chooses its isolation itself.
        driverOnly(
                IGNORED,
                "useBulkCopyForBatchInsert bulkCopyForBatchInsertBatchSize bulkCopyForBatchInsertCheckConstraints"
                        + " bulkCopyForBatchInsertFireTriggers bulkCopyForBatchInsertKeepIdentity"
                        + " bulkCopyForBatchInsertKeepNulls bulkCopyForBatchInsertTableLock"
                        + " bulkCopyForBatchInsertAllowEncryptedValueModifications cacheBulkCopyMetadata"
                        + " sendTemporalDataTypesAsStringForBulkCopy defaultTransactionIsolation");
        ignore("multiple active result sets", "mars connection", "pooling", "min pool size", "max pool size");
        ignore("connection lifetime", "load balance timeout", "connection reset", "enlist", "pool blocking period");
        ignore("persist security info", "asynchronous processing", "type system version", "user instance");
        ignore("context connection", "transaction binding", "network library", "current language");
        ignore("command timeout", "provider", "driver", "log", "keepalive", "protocol", "disableretry", "tlsmin");
        ignore("guid conversion", "timezone", "notraceid", "failoverport");
    }

    static Optional<SettingName> find(String written) {
        return Optional.ofNullable(BY_NAME.get(plain(written)));
    }

    /// Every name as people write it, for guesses.
    static Collection<String> known() {
        return WRITTEN;
    }

    private static void know(SettingKind kind, String property, String... synonyms) {
        SettingName name = new SettingName(property, kind);
        for (String synonym : synonyms) {
            remember(synonym, name);
        }
        remember(property, name);
    }

    private static void driverOnly(SettingKind kind, String properties) {
        for (String property : properties.split(" ", -1)) {
            know(kind, property);
        }
    }

    private static void ignore(String... names) {
        for (String name : names) {
            know(IGNORED, name);
        }
    }

    private static void remember(String written, SettingName name) {
        BY_NAME.put(plain(written), name);
        WRITTEN.add(written);
    }

    private static String plain(String written) {
        return written.toLowerCase(Locale.ROOT).replaceAll("[_\\s]", "");
    }
}
