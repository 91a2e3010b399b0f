package io.dstream.mssql.db;

import static java.util.Map.entry;

import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What SQL Server's and the driver's errors mean for us, decided by number and never by text.
///
/// What is not listed is transient: an unlisted passing error must not stop a table for ever, while an unlisted lasting
/// one is logged again and again until somebody reads it.
///
/// Source: Microsoft Learn, "Database Engine events and errors".
public final class SqlErrors {

    /// Invalid object name.
    public static final int MISSING_OBJECT = 208;

    /// A permission on an object was denied.
    public static final int PERMISSION_DENIED = 229;

    /// Wrapped or chained deeper than this is not followed.
    private static final int MAX_DEPTH = 20;

    private static final String CERTIFICATE_HINT =
            "Name the certificate with hostNameInCertificate, install its issuer,"
                    + " or trust it unseen with trustServerCertificate=true";

    /// Missing object or database; a permission on an object, a column, the database, the server; a name of
    /// another database in Azure SQL Database.
    private static final Set<Integer> OUT_OF_REACH = Set.of(208, 229, 230, 262, 297, 300, 371, 911, 916, 40515);

    /// Every number we decided about. A database that cannot be opened (4060) is transient although it may be
    /// misspelt: the same number is answered during a failover, a restore or a start. So is 313, which says that a
    /// bound left the capture instance's range: the cleanup may have moved it under us, and the next poll's look at
    /// the low watermark tells a gap from a race.
    private static final Map<Integer, Meaning> MEANINGS = Map.ofEntries(
            passes(-2),
            passes(64),
            passes(121),
            passes(233),
            passes(313),
            passes(596),
            passes(601),
            passes(617),
            passes(669),
            passes(701),
            passes(802),
            passes(921),
            passes(922),
            passes(923),
            passes(924),
            passes(926),
            passes(927),
            passes(942),
            passes(945),
            passes(952),
            passes(976),
            passes(978),
            passes(983),
            passes(1204),
            passes(1205),
            passes(1221),
            passes(1222),
            passes(1807),
            passes(3906, "If this is a readable secondary, connect to the primary"),
            passes(3908),
            passes(3935),
            passes(3960),
            passes(3961),
            passes(3966),
            passes(4060, "Check the database name, and that the login has a user in it"),
            passes(4064, "Check the database name, and that the login has a user in it"),
            passes(4221),
            passes(5169),
            passes(6005),
            passes(8645),
            passes(8651),
            passes(8657),
            passes(9002),
            passes(9020),
            passes(10053),
            passes(10054),
            passes(10060),
            passes(10928),
            passes(10929),
            passes(10936),
            passes(11001),
            passes(14355),
            passes(17142),
            passes(17187),
            passes(17188),
            passes(17189),
            passes(17197),
            passes(17830),
            passes(18401),
            passes(18451),
            passes(18461),
            passes(40143),
            passes(40197),
            passes(40501),
            passes(40540),
            passes(40613),
            passes(40642),
            passes(42108),
            passes(42109),
            passes(49918),
            passes(49919),
            passes(49920),
            lasts(102),
            lasts(156),
            lasts(
                    207,
                    "A captured column is missing: the capture instance was made anew, or the offsets table is another"
                            + " program's"),
            lasts(
                    MISSING_OBJECT,
                    "The object is missing or hidden from this login: is CDC on for the database and the table?"),
            lasts(
                    PERMISSION_DENIED,
                    "GRANT the login the permission that is named here; on objects of schema cdc that is GRANT SELECT ON"
                            + " SCHEMA::cdc. The command `plan` names every statement that is missing"),
            lasts(230, "Grant the login SELECT on all captured columns"),
            lasts(
                    262,
                    "Create the table cdc_offsets beforehand, or grant the login CREATE TABLE and ALTER on its schema"),
            lasts(297, "Grant the login the permission"),
            lasts(300, "Grant the login the permission"),
            lasts(911, "Check the database name"),
            lasts(916, "Create a user for the login in the database"),
            lasts(1088, "The object is missing or hidden from this login"),
            lasts(2760, "Give the login a default schema that exists and that it may create tables in"),
            lasts(2812, "The procedure is missing or hidden from this login"),
            lasts(4104),
            lasts(4902, "The table is missing, or the login may not alter it"),
            lasts(15151),
            lasts(18452, "Use a SQL Server login, or integrated security from a trusted domain"),
            lasts(18456, "Check user and password"),
            lasts(18463, "Change the login's password"),
            lasts(18470, "Enable the login"),
            lasts(18486, "Unlock the login"),
            lasts(18487, "Change the login's password"),
            lasts(18488, "Change the login's password"),
            lasts(22901, "Enable CDC: sys.sp_cdc_enable_db"),
            lasts(22911, "Check the names of the capture instances: sys.sp_cdc_help_change_data_capture"),
            lasts(22981, "Check the names of the capture instances: sys.sp_cdc_help_change_data_capture"),
            lasts(22985, "Check the names of the capture instances: sys.sp_cdc_help_change_data_capture"),
            lasts(40532, "Check the server's name and the user's"),
            lasts(40615, "Let this address through the server's firewall"));

    private SqlErrors() {}

    /// What one error number means. `hint` says what somebody can do, without a full stop; empty for none.
    record Meaning(boolean isTransient, String hint) {}

    /// The failure to throw instead of `e`, which becomes its cause. `operation` says what was tried:
    /// `read changes of dbo.orders`. The message is one line: operation, what was said, number and state, hint.
    public static Failure translate(String operation, SQLException e) {
        List<SQLException> chain = chainOf(e);
        SQLException telling = telling(chain);
        Meaning meaning = meaningOf(telling, chain);
        String message = operation + ": " + said(telling, meaning.hint());
        return meaning.isTransient() ? new TransientFailure(message, e) : new PermanentFailure(message, e);
    }

    /// True where `e`, or what it wraps, carries SQL Server's error `number`.
    public static boolean is(SQLException e, int number) {
        return chainOf(e).stream().anyMatch(link -> link.getErrorCode() == number);
    }

    /// True where the server refused to tell, or has nothing of the kind: what was asked is beyond this login
    /// or this kind of server, and not wrong.
    public static boolean isOutOfReach(SQLException e) {
        return chainOf(e).stream().anyMatch(link -> OUT_OF_REACH.contains(link.getErrorCode()));
    }

    static Map<Integer, Meaning> meanings() {
        return MEANINGS;
    }

    private static Meaning meaningOf(SQLException telling, List<SQLException> chain) {
        Meaning known = MEANINGS.get(telling.getErrorCode());
        if (known != null) {
            return known;
        }
        boolean refusedCertificate = chain.stream().anyMatch(SqlErrors::hasRefusedCertificate);
        return refusedCertificate ? new Meaning(false, CERTIFICATE_HINT) : new Meaning(true, "");
    }

    /// The link to report: the first whose number we know (4060 comes before the 18456 it brings about), else the last
    /// a wrapper hides, which is the driver's own.
    private static SQLException telling(List<SQLException> chain) {
        return chain.stream()
                .filter(link -> isFromDriver(link) && MEANINGS.containsKey(link.getErrorCode()))
                .findFirst()
                .or(() -> chain.stream().filter(SqlErrors::isFromDriver).findFirst())
                .orElse(chain.getFirst());
    }

    /// False for the pool's own exception, which copies the number and hides the words of the one it wraps.
    private static boolean isFromDriver(SQLException link) {
        return !(link.getCause() instanceof SQLException);
    }

    /// `e`, what it wraps, and what came after it in the same answer.
    private static List<SQLException> chainOf(SQLException e) {
        List<SQLException> chain = new ArrayList<>();
        collect(e, chain);
        return chain;
    }

    private static void collect(SQLException e, List<SQLException> chain) {
        if (chain.size() >= MAX_DEPTH || chain.contains(e)) {
            return;
        }
        chain.add(e);
        causeOf(e).ifPresent(cause -> collect(cause, chain));
        Optional.ofNullable(e.getNextException()).ifPresent(next -> collect(next, chain));
    }

    private static Optional<SQLException> causeOf(SQLException e) {
        Throwable cause = e.getCause();
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            if (cause instanceof SQLException sql) {
                return Optional.of(sql);
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static boolean hasRefusedCertificate(SQLException e) {
        Throwable cause = e.getCause();
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            if (cause instanceof CertificateException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static String said(SQLException e, String hint) {
        String said = oneLine(String.valueOf(e.getMessage()));
        String state = e.getSQLState();
        StringBuilder line = new StringBuilder(said);
        if (e.getErrorCode() != 0) {
            line.append(" (error ").append(e.getErrorCode());
            line.append(state == null || state.isEmpty() ? ")" : ", state " + state + ")");
        }
        return hint.isEmpty() ? line.toString() : line.append(". ").append(hint).toString();
    }

    /// Without line breaks, the driver's connection id, and a full stop at the end.
    private static String oneLine(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        int connectionId = line.lastIndexOf(" ClientConnectionId:");
        String kept = connectionId < 0 ? line : line.substring(0, connectionId);
        return kept.endsWith(".") ? kept.substring(0, kept.length() - 1) : kept;
    }

    private static Map.Entry<Integer, Meaning> passes(int number) {
        return passes(number, "");
    }

    private static Map.Entry<Integer, Meaning> passes(int number, String hint) {
        return entry(number, new Meaning(true, hint));
    }

    private static Map.Entry<Integer, Meaning> lasts(int number) {
        return lasts(number, "");
    }

    private static Map.Entry<Integer, Meaning> lasts(int number, String hint) {
        return entry(number, new Meaning(false, hint));
    }
}
