package io.dstream.mssql.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/// An `https` or `http` URL with a host.
record WebUrl(URI uri) {

    /// Empty where `text` is none.
    static Optional<WebUrl> parse(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            return web && uri.getHost() != null ? Optional.of(new WebUrl(uri)) : Optional.empty();
        } catch (URISyntaxException _) {
            // Its message quotes the text, which may be a secret.
            return Optional.empty();
        }
    }

    boolean isEncrypted() {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    boolean hasLogin() {
        return uri.getRawUserInfo() != null;
    }

    boolean hasQuery() {
        return uri.getRawQuery() != null || uri.getRawFragment() != null;
    }

    /// Nothing but scheme, host, port and path.
    boolean isBare() {
        return !hasLogin() && !hasQuery();
    }
}
