package io.dstream.mssql.standin.wire;

import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// The stand-in's certificate, made when it is first needed. Thread-safe.
final class ServerCertificate {

    private ServerCertificate() {}

    /// Made once a process.
    private static final class Holder {
        private static final SSLContext CONTEXT = make();
    }

    static SSLContext context() {
        return Holder.CONTEXT;
    }

    private static SSLContext make() {
        try {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(SelfSignedCertificate.make(), SelfSignedCertificate.PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("no certificate for the stand-in", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while keytool made a certificate", e);
        }
    }
}
