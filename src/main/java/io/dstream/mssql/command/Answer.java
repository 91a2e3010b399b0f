package io.dstream.mssql.command;

import java.util.Map;

/// What a command found or did.
interface Answer {

    /// False where something is broken or did not work.
    boolean isGood();

    /// For people; lines without an end of the last.
    String text();

    /// For programs: one object, of what `JsonText` knows.
    Map<String, Object> json();
}
