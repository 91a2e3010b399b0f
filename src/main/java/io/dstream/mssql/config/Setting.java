package io.dstream.mssql.config;

/// One `key=value` of a connection string. `place` is how messages name it, `part 4`: a piece of a badly quoted
/// password looks like a key, so keys are not shown.
record Setting(String place, String keyword, String value) {

    @Override
    public String toString() {
        return place;
    }
}
