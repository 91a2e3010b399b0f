package io.dstream.mssql.standin.engine;

import io.dstream.mssql.standin.tsql.ObjectName;
import io.dstream.mssql.standin.tsql.SyntaxErrors;
import io.dstream.mssql.standin.tsql.Token;
import io.dstream.mssql.standin.wire.SqlServerError;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// SET of options: those that mean something here, and those that are accepted because clients send them.
final class SetOptions {

    private static final Set<String> ACCEPTED = Set.of(
            "ANSI_NULLS ON",
            "ANSI_PADDING ON",
            "ANSI_WARNINGS ON",
            "ANSI_NULL_DFLT_ON ON",
            "ANSI_DEFAULTS ON",
            "ARITHABORT ON",
            "CONCAT_NULL_YIELDS_NULL ON",
            "CURSOR_CLOSE_ON_COMMIT OFF",
            "DATEFIRST 7",
            "FMTONLY OFF",
            "NOEXEC OFF",
            "NUMERIC_ROUNDABORT OFF",
            "QUOTED_IDENTIFIER ON",
            "LANGUAGE US_ENGLISH",
            "DEADLOCK_PRIORITY LOW",
            "DEADLOCK_PRIORITY NORMAL",
            "DEADLOCK_PRIORITY HIGH",
            "TRANSACTION ISOLATION LEVEL READ COMMITTED",
            "TRANSACTION ISOLATION LEVEL READ UNCOMMITTED",
            "TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            "TRANSACTION ISOLATION LEVEL SNAPSHOT",
            "TRANSACTION ISOLATION LEVEL SERIALIZABLE");
    private static final int ENDLESS_LOCK_WAIT_MILLIS = 30_000;

    private final EngineSession session;
    private final SessionScope scope;

    SetOptions(EngineSession session, SessionScope scope) {
        this.session = session;
        this.scope = scope;
    }

    void set(List<Token> words) throws SQLException, SqlServerError {
        String text = words.stream().map(Token::text).collect(Collectors.joining(" "));
        String upper = text.toUpperCase(Locale.ROOT);
        boolean on = upper.endsWith(" ON");
        switch (words.getFirst().text().toUpperCase(Locale.ROOT)) {
            case "NOCOUNT" -> session.settings().setNoCount(on);
            case "XACT_ABORT" -> session.settings().setAbortOnError(on);
            case "IMPLICIT_TRANSACTIONS" -> session.settings().setImplicitTransactions(on);
            case "ROWCOUNT" -> session.settings().setMaxRows(number(words));
            case "TEXTSIZE" -> number(words);
            case "LOCK_TIMEOUT" -> lockTimeout(number(words));
            case "IDENTITY_INSERT" -> identityInsert(words, on);
            default -> {
                if (!ACCEPTED.contains(upper)) {
                    throw SyntaxErrors.unsupported("SET " + text);
                }
            }
        }
    }

    private static long number(List<Token> words) throws SqlServerError {
        String digits = words.stream().skip(1).map(Token::text).collect(Collectors.joining());
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw SyntaxErrors.near(digits);
        }
    }

    private void lockTimeout(long millis) throws SQLException {
        session.settings().setLockTimeoutMillis(millis);
        try (Statement statement = session.h2().createStatement()) {
            statement.execute("SET LOCK_TIMEOUT " + (millis < 0 ? ENDLESS_LOCK_WAIT_MILLIS : millis));
        }
    }

    private void identityInsert(List<Token> words, boolean on) throws SqlServerError {
        String name = words.subList(1, words.size() - 1).stream()
                .map(word -> word.kind() == Token.Kind.QUOTED ? "[" + word.text() + "]" : word.text())
                .collect(Collectors.joining());
        int objectId = scope.require(ObjectName.parse(name)).objectId();
        session.settings().setIdentityInsert(on ? Optional.of(objectId) : Optional.empty());
    }
}
