package io.dstream.mssql.peer;

import java.util.SortedMap;

/// One change as somebody reported it, in the spelling of [ValueForm]. `values` are those after it, of a delete
/// those before it; `before` are those that an update replaced, else empty. `commitMillis` is the commit time
/// since 1970.
record PeerChange(
        String table,
        String operation,
        String commitLsn,
        String seqval,
        long commitMillis,
        SortedMap<String, String> values,
        SortedMap<String, String> before) {

    /// For NULL.
    static final String NULL = "null";

    /// For a value that CDC did not capture, by who says so.
    static final String UNAVAILABLE = "(unavailable)";
}
