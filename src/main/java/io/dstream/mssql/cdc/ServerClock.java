package io.dstream.mssql.cdc;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Tells instants from the local times that the server keeps in `cdc.lsn_time_mapping`, also in the hour that repeats
/// when its clock goes back. Used by one thread, for one window.
///
/// The order of the log tells the two passes of such an hour apart: from where time jumps back in it, it is the second.
/// That is the same for every window. Without such a jump (CDC has forgotten the first pass, or nothing happened in one
/// of the two) the first is taken. A time that the zone skipped, from a clock that was set late, is moved on by what
/// was skipped.
final class ServerClock {

    /// Looks into the mapping.
    @FunctionalInterface
    interface SecondPasses {
        /// The first commit LSN of the second pass through [`from`, `until`); empty where there is no sign of one.
        Optional<Lsn> begin(LocalDateTime from, LocalDateTime until) throws SQLException;
    }

    private final ZoneId zone;
    private final SecondPasses secondPasses;
    private final Map<ZoneOffsetTransition, Optional<Lsn>> looked = new HashMap<>();

    /// `secondPasses` is asked once for each repeated hour that comes up, and otherwise not.
    ServerClock(ZoneId zone, SecondPasses secondPasses) {
        this.zone = zone;
        this.secondPasses = secondPasses;
    }

    /// When transaction `commitLsn` was committed, which the server says was at `local`.
    Instant instant(Lsn commitLsn, LocalDateTime local) throws SQLException {
        Optional<ZoneOffsetTransition> change =
                Optional.ofNullable(zone.getRules().getTransition(local)).filter(ZoneOffsetTransition::isOverlap);
        if (change.isPresent() && isInSecondPass(commitLsn, change.get())) {
            return local.toInstant(change.get().getOffsetAfter());
        }
        return local.atZone(zone).toInstant();
    }

    private boolean isInSecondPass(Lsn commitLsn, ZoneOffsetTransition change) throws SQLException {
        Optional<Lsn> begin = looked.get(change);
        if (begin == null) {
            begin = secondPasses.begin(change.getDateTimeAfter(), change.getDateTimeBefore());
            looked.put(change, begin);
        }
        return begin.map(first -> first.compareTo(commitLsn) <= 0).orElse(false);
    }
}
