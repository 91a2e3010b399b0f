package io.dstream.mssql.peer;

import io.dstream.mssql.peer.Differences.Image;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/// Holds what the program told of a table against what Debezium told of it. For one thread.
final class Verdict {

    private final QueryMode mode;
    private final Differences differences = new Differences();

    Verdict(QueryMode mode) {
        this.mode = mode;
    }

    /// The known differences that were met.
    Differences differences() {
        return differences;
    }

    /// Fails at the first change that is not the same, with both.
    void requireSame(JudgedTable table, List<PeerChange> ours, List<PeerChange> theirs) {
        for (int i = 0; i < Math.max(ours.size(), theirs.size()); i++) {
            Optional<PeerChange> our = i < ours.size() ? Optional.of(ours.get(i)) : Optional.empty();
            Optional<PeerChange> their = i < theirs.size() ? Optional.of(theirs.get(i)) : Optional.empty();
            String what = our.isEmpty() || their.isEmpty() ? "there or not" : different(table, our.get(), their.get());
            if (!what.isEmpty()) {
                throw new AssertionError("table %s, change %d of %d and %d: %s%nprogram:  %s%nDebezium: %s"
                        .formatted(
                                table.qualified(),
                                i,
                                ours.size(),
                                theirs.size(),
                                what,
                                our.map(PeerChange::toString).orElse("none"),
                                their.map(PeerChange::toString).orElse("none")));
            }
        }
    }

    /// What is not the same; empty where all is.
    private String different(JudgedTable table, PeerChange ours, PeerChange theirs) {
        if (!ours.operation().equals(theirs.operation())) {
            return "operation";
        }
        if (!ours.commitLsn().equals(theirs.commitLsn())) {
            return "commit LSN";
        }
        if (!ours.seqval().equals(theirs.seqval())) {
            return "seqval";
        }
        if (!differences.isSameTime(mode, ours.commitMillis(), theirs.commitMillis())) {
            return "commit time";
        }
        Image image = ours.operation().equals("delete") ? Image.DELETED : Image.AFTER;
        String inValues = different(table, image, ours.values(), theirs.values());
        return inValues.isEmpty() ? different(table, Image.BEFORE, ours.before(), theirs.before()) : inValues;
    }

    private String different(
            JudgedTable table, Image image, SortedMap<String, String> ours, SortedMap<String, String> theirs) {
        TreeSet<String> columns = new TreeSet<>(ours.keySet());
        columns.addAll(theirs.keySet());
        for (String column : columns) {
            String our = ours.getOrDefault(column, "no such column");
            String their = theirs.getOrDefault(column, "no such column");
            if (!differences.isSame(table, column, image, our, their)) {
                return image + " column " + column + ": " + our + " against " + their;
            }
        }
        return "";
    }
}
