package io.dstream.mssql.standin.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;

/// A key and its certificate for `localhost` and `127.0.0.1`, signed by itself.
public final class SelfSignedCertificate {

    /// Of the store, and of the key in it.
    public static final String PASSWORD = "stand-in";

    /// Of the only entry in the store.
    public static final String ALIAS = "standin";

    private static final Duration KEYTOOL_LIMIT = Duration.ofSeconds(60);

    private SelfSignedCertificate() {}

    /// A new one; keytool needs about a second.
    public static KeyStore make() throws IOException, GeneralSecurityException, InterruptedException {
        Path directory = Files.createTempDirectory("certificate");
        Path store = directory.resolve("server.p12");
        try {
            runKeytool(store);
            return load(store);
        } finally {
            Files.deleteIfExists(store);
            Files.delete(directory);
        }
    }

    private static void runKeytool(Path store) throws IOException, InterruptedException {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "30",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(KEYTOOL_LIMIT) || process.exitValue() != 0) {
            throw new IOException("keytool did not make " + store);
        }
    }

    private static KeyStore load(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }
}
