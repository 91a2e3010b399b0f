package io.dstream.mssql.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Splits `sqlserver://user:password@host:1433/instance?database=..&encrypt=..` into settings, percent-decoded.
///
/// `java.net.URI` is not used: it refuses host names that occur, and its messages quote the text. Source: the README
/// of go-mssqldb.
final class UrlText {

    static final String PREFIX = "sqlserver://";

    private static final Pattern SHAPE =
            Pattern.compile("(?:(?<login>[^/?#]*)@)?(?<host>\\[[^\\]/?#@]*\\]|[^:/?#@]*)(?::(?<port>[^/?#@]*))?"
                    + "(?:/(?<instance>[^/?#@]*)/?)?(?:\\?(?<query>[^#]*))?");

    private final Consumer<String> problem;
    private final List<Setting> settings = new ArrayList<>();

    private UrlText(Consumer<String> problem) {
        this.problem = problem;
    }

    /// `text` is what follows the prefix.
    static List<Setting> settings(String text, Consumer<String> problem) {
        UrlText url = new UrlText(problem);
        Matcher shape = SHAPE.matcher(text);
        if (shape.matches()) {
            url.login(group(shape, "login"));
            url.server(group(shape, "host"), group(shape, "port"), group(shape, "instance"));
            url.query(group(shape, "query"));
        } else {
            problem.accept("is not a URL such as sqlserver://user:password@host:1433?database=name; characters such as"
                    + " @ / ? # in user or password must be percent-encoded");
        }
        return url.settings;
    }

    private static String group(Matcher shape, String name) {
        return Optional.ofNullable(shape.group(name)).orElse("");
    }

    private void login(String login) {
        int colon = login.indexOf(':');
        add("the login", "user", decoded(colon < 0 ? login : login.substring(0, colon), false));
        add("the login", "password", decoded(colon < 0 ? "" : login.substring(colon + 1), false));
    }

    private void server(String host, String port, String instance) {
        String name = decoded(instance, false);
        add("the server", "server", name.isEmpty() ? host : host + "\\" + name);
        add("the server", "port", port);
    }

    private void query(String query) {
        int parts = 0;
        for (String pair : query.split("&", -1)) {
            parts++;
            int equals = pair.indexOf('=');
            String place = "part " + parts + " of the query";
            if (equals > 0) {
                add(place, decoded(pair.substring(0, equals), true), decoded(pair.substring(equals + 1), true));
            } else if (!pair.isEmpty()) {
                problem.accept(place + " is not key=value");
            }
        }
    }

    private void add(String place, String keyword, String value) {
        settings.add(new Setting(place, keyword, value));
    }

    private String decoded(String text, boolean plusIsSpace) {
        try {
            return URLDecoder.decode(plusIsSpace ? text : text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            problem.accept("has a % that is not followed by two hexadecimal digits; write %25 for a percent sign");
            return "";
        }
    }
}
