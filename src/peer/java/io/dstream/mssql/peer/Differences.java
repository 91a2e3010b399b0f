package io.dstream.mssql.peer;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Tells what is the same from what is a known [Difference], and counts these. For one thread.
final class Differences {

    /// Which row of a change.
    enum Image {
        AFTER,
        BEFORE,
        DELETED
    }

    private static final int COLUMNS_A_BYTE = 8;
    private static final String FIRST_DAYS_OF_BOTH_CALENDARS = "1582-10-16";

    private final Map<Difference, Long> counts = new EnumMap<>(Difference.class);

    /// Debezium's documentation ("Debezium connector for SQL Server", "Data type mappings") does not have these
    /// types; it skips their columns.
    static boolean isExpressibleByBoth(String type) {
        return !Set.of("sql_variant", "hierarchyid", "geometry", "geography").contains(type.toLowerCase(Locale.ROOT));
    }

    /// Whether both report the same value of a column, or differ as is known.
    boolean isSame(JudgedTable table, String column, Image image, String ours, String theirs) {
        if (ours.equals(theirs) && !ours.equals(PeerChange.UNAVAILABLE)) {
            return true;
        }
        Optional<Difference> known = table.isLarge(column)
                ? ofLargeValues(table.columns().size() + 1 > COLUMNS_A_BYTE, image, ours, theirs)
                : ofTimes(table.form(column), ours, theirs);
        return known.map(this::count).isPresent();
    }

    private static Optional<Difference> ofLargeValues(boolean hasLongMask, Image image, String ours, String theirs) {
        boolean missing = ours.equals(PeerChange.UNAVAILABLE) && image != Image.AFTER;
        if (missing && theirs.equals(PeerChange.NULL)) {
            return Optional.of(Difference.NULL_FOR_WHAT_IS_NOT_CAPTURED);
        }
        if (missing && theirs.equals(PeerChange.UNAVAILABLE)) {
            return Optional.of(Difference.BOTH_SAY_NOT_CAPTURED);
        }
        boolean placeholder = ours.equals(PeerChange.NULL) && theirs.equals(PeerChange.UNAVAILABLE);
        if (placeholder && image == Image.BEFORE && hasLongMask) {
            return Optional.of(Difference.MASK_FROM_ITS_OTHER_END);
        }
        return placeholder && image == Image.AFTER ? Optional.of(Difference.PLACEHOLDER_FOR_NULL) : Optional.empty();
    }

    /// Exactly what [JavaTimes] makes of our value, and only where it makes another one of it.
    private static Optional<Difference> ofTimes(ValueForm form, String ours, String theirs) {
        if (ours.equals(PeerChange.NULL) || ours.equals(PeerChange.UNAVAILABLE)) {
            return Optional.empty();
        }
        String made = switch (form) {
            case DATE -> JavaTimes.date(ours);
            case TIMESTAMP -> JavaTimes.local(ours);
            case TIMESTAMP_WITH_OFFSET -> JavaTimes.withOffset(ours);
            default -> ours;
        };
        if (!made.equals(theirs)) {
            return Optional.empty();
        }
        return Optional.of(
                ours.compareTo(FIRST_DAYS_OF_BOTH_CALENDARS) < 0 ? Difference.CALENDAR : Difference.SECOND_BEFORE_1970);
    }

    /// Whether both report the same commit time, or Debezium one before it where it is known to.
    boolean isSameTime(QueryMode mode, long ours, long theirs) {
        boolean known = mode == QueryMode.DIRECT && theirs < ours;
        if (known) {
            count(Difference.BEGIN_TIME_IN_DIRECT_MODE);
        }
        return known || ours == theirs;
    }

    private Difference count(Difference difference) {
        counts.merge(difference, 1L, Long::sum);
        return difference;
    }

    /// How often each was met.
    @Override
    public String toString() {
        return counts.toString();
    }
}
