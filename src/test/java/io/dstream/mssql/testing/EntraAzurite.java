package io.dstream.mssql.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// An Azurite of its own that speaks https and takes tokens of Microsoft Entra. It checks what a token says, and not
/// who signed it. One for all tests of a run; it ends with the process. Thread-safe.
public final class EntraAzurite {

    /// Apart, so that nothing starts before [#shared].
    private static final class Shared {
        private static final EntraAzurite AZURITE = open();
    }

    private final Azurite azurite;
    private final CertificateFiles certificate;

    private EntraAzurite(Azurite azurite, CertificateFiles certificate) {
        this.azurite = azurite;
        this.certificate = certificate;
    }

    /// Starts it, if this is the first call. As with [Azurite#shared], the calling test is skipped where that is
    /// impossible.
    public static EntraAzurite shared() {
        // The first that cannot be had says why, and installs it where it can.
        Azurite.shared();
        return Shared.AZURITE;
    }

    private static EntraAzurite open() {
        try {
            CertificateFiles certificate = CertificateFiles.make();
            List<String> options = List.of(
                    "--oauth",
                    "basic",
                    "--cert",
                    certificate.certificate().toString(),
                    "--key",
                    certificate.key().toString());
            List<Path> files = List.of(certificate.certificate(), certificate.key());
            return new EntraAzurite(Azurite.require(Azurite.open(options, files), true), certificate);
        } catch (IOException e) {
            throw new IllegalStateException("no certificate for Azurite", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a certificate was made", e);
        }
    }

    /// For `account_url`: the account is its path.
    public String accountUrl() {
        return "https://127.0.0.1:" + azurite.port() + "/" + Azurite.ACCOUNT;
    }

    /// For the JVM that talks to it: it trusts this one alone.
    public String javaOptions() {
        return certificate.javaOptions();
    }

    /// A valid name that no other test has; the container does not exist yet.
    public String newContainerName() {
        return azurite.newContainerName();
    }
}
