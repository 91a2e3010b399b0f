package io.dstream.mssql.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.dstream.mssql.standin.wire.SelfSignedCertificate;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/// A certificate for 127.0.0.1 as files: `certificate` and `key` in PEM for a server, `trusted` for a JVM that is to
/// believe that server and no other. They go when this process ends.
record CertificateFiles(Path certificate, Path key, Path trusted) {

    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    static CertificateFiles make() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("certificate");
        CertificateFiles files = new CertificateFiles(
                directory.resolve("certificate.pem"), directory.resolve("key.pem"), directory.resolve("trusted.p12"));
        // In reverse: the directory goes last.
        directory.toFile().deleteOnExit();
        try {
            KeyStore made = SelfSignedCertificate.make();
            char[] password = SelfSignedCertificate.PASSWORD.toCharArray();
            String alias = SelfSignedCertificate.ALIAS;
            pem(files.certificate, "CERTIFICATE", made.getCertificate(alias).getEncoded());
            pem(files.key, "PRIVATE KEY", made.getKey(alias, password).getEncoded());
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry(alias, made.getCertificate(alias));
            try (OutputStream out = Files.newOutputStream(files.trusted)) {
                trusted.store(out, password);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("no certificate: " + e, e);
        }
        for (Path file : new Path[] {files.certificate, files.key, files.trusted}) {
            file.toFile().deleteOnExit();
        }
        return files;
    }

    private static void pem(Path file, String what, byte[] content) throws IOException {
        String text =
                "-----BEGIN " + what + "-----\n" + LINES.encodeToString(content) + "\n-----END " + what + "-----\n";
        Files.writeString(file, text, US_ASCII);
    }

    /// For the JVM that is to believe the server.
    String javaOptions() {
        return "-Djavax.net.ssl.trustStore=" + trusted + " -Djavax.net.ssl.trustStorePassword="
                + SelfSignedCertificate.PASSWORD;
    }
}
