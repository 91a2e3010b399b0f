package io.dstream.mssql.config;

/// What the configuration may already say but this version refuses to do. Whoever builds one of these deletes
/// its constant, and the compiler shows where it was refused.
enum NotYetAvailable {
    COMMANDS("commands other than `run` are", "");

    private final String text;

    NotYetAvailable(String subject, String instead) {
        this.text = subject + " not available yet in this version" + (instead.isEmpty() ? "" : "; " + instead);
    }

    void refuse(Problems problems, String path) {
        problems.add(path, text);
    }
}
