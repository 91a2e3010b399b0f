package io.dstream.mssql.lock;

import io.dstream.mssql.cdc.TableName;
import io.dstream.mssql.failure.Failure;
import java.util.List;
import java.util.Optional;

/// The place where locks are kept, for whoever looks at it, makes it or empties it without taking a lock. Used
/// by one thread.
public interface LockStore {

    /// What is not there yet though runs need it, `container locks`; empty where nothing is. Writes nothing.
    /// Throws `PermanentFailure` where the store refuses us, `TransientFailure` where it did not answer.
    Optional<String> missing() throws Failure, InterruptedException;

    /// Who has the lock of `table` now. Takes none.
    LockState look(TableName table) throws Failure, InterruptedException;

    /// Makes what is [#missing], and makes sure that we may write. What it made; empty where all was there.
    Optional<String> create() throws Failure, InterruptedException;

    /// Removes what runs left there for `tables`, and what they left for none of them. What it removed. Throws
    /// `PermanentFailure` where somebody has the lock of one of them.
    List<String> remove(List<TableName> tables) throws Failure, InterruptedException;
}
