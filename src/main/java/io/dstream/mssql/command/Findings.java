package io.dstream.mssql.command;

import io.dstream.mssql.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Collects what is found, so that one problem does not hide the next. Used by one thread.
final class Findings {

    private final List<Finding> found = new ArrayList<>();

    /// Something that is asked and may fail.
    @FunctionalInterface
    interface Question<T> {
        T ask() throws Failure, InterruptedException;
    }

    void add(Finding finding) {
        found.add(finding);
    }

    /// The answer; where there is none, that is found, and the answer empty.
    <T> Optional<T> ask(String subject, Question<T> question) throws InterruptedException {
        try {
            return Optional.of(question.ask());
        } catch (Failure e) {
            found.add(Finding.error(subject, e));
            return Optional.empty();
        }
    }

    List<Finding> all() {
        return List.copyOf(found);
    }
}
