package io.dstream.mssql.command;

import io.dstream.mssql.failure.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Something worth knowing before a run.
///
/// @param subject the table, or what else it is about: `database`, `capture`, `checkpoints`, `locks`
/// @param mend a statement to run, or what else to do
record Finding(Severity severity, String subject, String problem, Optional<String> mend) {

    /// How bad it is.
    enum Severity {
        /// A run, or this table, would not work.
        ERROR,
        /// It would, for now.
        WARNING,
        /// Nothing to do.
        INFO
    }

    static Finding error(String subject, String problem, String mend) {
        return new Finding(Severity.ERROR, subject, problem, Optional.of(mend));
    }

    /// `failure` says what to do itself.
    static Finding error(String subject, Failure failure) {
        return new Finding(Severity.ERROR, subject, failure.getMessage(), Optional.empty());
    }

    static Finding warning(String subject, String problem, String mend) {
        return new Finding(Severity.WARNING, subject, problem, Optional.of(mend));
    }

    static Finding info(String subject, String problem) {
        return new Finding(Severity.INFO, subject, problem, Optional.empty());
    }

    boolean isError() {
        return severity == Severity.ERROR;
    }

    static boolean anyError(List<Finding> findings) {
        return findings.stream().anyMatch(Finding::isError);
    }

    /// Two lines, or one without anything to mend.
    String text() {
        return severity + "  " + subject + ": " + problem
                + mend.map(what -> "\n       mend: " + what).orElse("");
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("severity", severity.name().toLowerCase(Locale.ROOT));
        json.put("subject", subject);
        json.put("problem", problem);
        json.put("mend", mend);
        return json;
    }
}
