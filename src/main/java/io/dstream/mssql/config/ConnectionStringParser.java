package io.dstream.mssql.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads a connection string in any of three spellings: `key=value;..` of ADO.NET and Go, a `sqlserver://` URL, or a
/// `jdbc:sqlserver://` URL. All of them share one table of names, [SettingName].
///
/// No problem shows a piece of the string: where it is malformed, any piece may belong to the password.
final class ConnectionStringParser {

    private static final String JDBC_PREFIX = "jdbc:sqlserver://";
    private static final String ODBC_PREFIX = "odbc:";
    private static final Pattern OTHER_SCHEME = Pattern.compile("(?s)[A-Za-z][A-Za-z0-9+.:-]*://.*");

    private final Consumer<String> problem;
    private final Map<String, String> properties = new HashMap<>();
    private boolean failed;

    private ConnectionStringParser(Consumer<String> problem) {
        this.problem = problem;
    }

    /// Empty after at least one problem.
    static Optional<ConnectionString> parse(Secret secret, Consumer<String> problem) {
        ConnectionStringParser parser = new ConnectionStringParser(problem);
        parser.read(secret.reveal().strip());
        return parser.failed
                ? Optional.empty()
                : Optional.of(new ConnectionString(
                        parser.value("serverName"), parser.value("databaseName"), parser.properties));
    }

    private void read(String text) {
        if (startsWith(text, JDBC_PREFIX)) {
            jdbc(text.substring(JDBC_PREFIX.length())).forEach(this::apply);
        } else if (startsWith(text, UrlText.PREFIX)) {
            UrlText.settings(text.substring(UrlText.PREFIX.length()), this::fail)
                    .forEach(this::apply);
            useLoginRatherThanTrust();
        } else if (OTHER_SCHEME.matcher(text).matches()) {
            fail("is of no known kind: use server=..;database=.., sqlserver://.. or jdbc:sqlserver://..");
        } else {
            String pairs = startsWith(text, ODBC_PREFIX) ? text.substring(ODBC_PREFIX.length()) : text;
            new KeyValueText(pairs, KeyValueText.ADO_QUOTES, this::fail)
                    .settings()
                    .forEach(this::apply);
            useLoginRatherThanTrust();
        }
        if (!failed) {
            complete();
        }
    }

    private static boolean startsWith(String text, String prefix) {
        return text.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    // host\instance:port first, then properties; a bracketed IPv6 address may hold colons.
    private List<Setting> jdbc(String text) {
        int semicolon = text.indexOf(';');
        String server = semicolon < 0 ? text : text.substring(0, semicolon);
        int colon = server.indexOf(':', Math.max(0, server.indexOf(']')));
        List<Setting> settings = new ArrayList<>();
        settings.add(new Setting("the server", "serverName", colon < 0 ? server : server.substring(0, colon)));
        settings.add(new Setting("the server", "portNumber", colon < 0 ? "" : server.substring(colon + 1)));
        String rest = semicolon < 0 ? "" : text.substring(semicolon);
        settings.addAll(new KeyValueText(rest, KeyValueText.JDBC_QUOTES, this::fail).settings());
        return settings;
    }

    private void apply(Setting setting) {
        Optional<SettingName> name = SettingName.find(setting.keyword());
        if (name.isEmpty()) {
            fail("unknown key in " + setting.place() + "; "
                    + NearestName.to(setting.keyword(), SettingName.known())
                            .map(near -> "did you mean `" + near + "`?")
                            .orElse("a value that holds a semicolon must be quoted"));
            return;
        }
        // Empty is the same as absent, in ADO.NET too.
        if (!setting.value().isEmpty()) {
            apply(name.get(), setting.value());
        }
    }

    private void apply(SettingName name, String value) {
        switch (name.kind()) {
            case IGNORED -> {}
            case SERVER -> ServerText.parse(value, this::fail).ifPresent(this::apply);
            default -> put(name, value);
        }
    }

    private void apply(ServerText server) {
        properties.put("serverName", server.host());
        server.instance().ifPresent(instance -> properties.put("instanceName", instance));
        server.port().ifPresent(port -> put(new SettingName("portNumber", SettingKind.PORT), port));
    }

    private void put(SettingName name, String value) {
        name.kind()
                .forDriver(value)
                .ifPresentOrElse(
                        accepted -> properties.put(name.property(), accepted),
                        () -> fail("`" + name.property() + "` must be "
                                + name.kind().expected()));
    }

    // As in go-mssqldb: a login in the string is used, and DOMAIN\login means Windows' own scheme.
    private void useLoginRatherThanTrust() {
        String user = value("user");
        if (user.isEmpty()) {
            return;
        }
        properties.remove("integratedSecurity");
        int backslash = user.indexOf('\\');
        if (backslash > 0 && value("authentication").isEmpty()) {
            properties.put("domain", user.substring(0, backslash));
            properties.put("user", user.substring(backslash + 1));
            properties.put("integratedSecurity", "true");
            properties.putIfAbsent("authenticationScheme", "NTLM");
        }
    }

    private void complete() {
        properties.putIfAbsent("encrypt", "true");
        if (value("integratedSecurity").equals("true")) {
            // The driver's own default needs a Windows library; Kerberos in Java works everywhere.
            properties.putIfAbsent("authenticationScheme", "JavaKerberos");
        } else if (Stream.of("user", "authentication", "accessToken", "accessTokenCallbackClass", "clientCertificate")
                .allMatch(way -> value(way).isEmpty())) {
            fail("names no login: add a user and password, or trusted_connection=true");
        }
        if (value("serverName").isEmpty()) {
            fail("names no server");
        }
        if (value("databaseName").isEmpty()) {
            fail("names no database: add database=..");
        }
    }

    private String value(String property) {
        return properties.getOrDefault(property, "");
    }

    private void fail(String text) {
        failed = true;
        problem.accept(text);
    }
}
