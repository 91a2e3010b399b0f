package io.dstream.mssql.standin.engine;

/// What the stand-in says about itself.
final class ServerFacts {

    /// Until it is renamed.
    static final String FIRST_NAME = "standin";
    static final String PRODUCT_VERSION = "16.0.4165.4";
    static final String VERSION = "Microsoft SQL Server 2022 - " + PRODUCT_VERSION + " (stand-in for tests)";

    private ServerFacts() {}
}
