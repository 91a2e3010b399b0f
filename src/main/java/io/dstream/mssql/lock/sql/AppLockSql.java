package io.dstream.mssql.lock.sql;

/// The statements on application locks. Source: Microsoft Learn, "sp_getapplock (Transact-SQL)".
final class AppLockSql {

    /// The longest resource name; the procedure cuts a longer one off without a word.
    static final int MAX_RESOURCE_LENGTH = 255;

    /// What `sp_getapplock` answers when another session has the lock.
    static final int HELD_ELSEWHERE = -1;

    /// 1: resource. Answers 0 or 1 when granted, [#HELD_ELSEWHERE], or another negative number for a failure.
    static final String GET = """
            DECLARE @result int;
            EXEC @result = sp_getapplock
                @Resource = ?, @LockMode = N'Exclusive', @LockOwner = N'Session', @LockTimeout = 0;
            SELECT @result AS result;
            """;

    /// 1: resource.
    static final String RELEASE = """
            EXEC sp_releaseapplock @Resource = ?, @LockOwner = N'Session'
            """;

    /// 1: resource. 1 where it could be had now, 0 where another session has it. Takes nothing. Source:
    /// Microsoft Learn,
    /// "APPLOCK_TEST (Transact-SQL)".
    static final String TEST = """
            SELECT APPLOCK_TEST(N'public', ?, N'Exclusive', N'Session') AS is_free""";

    static final String PING = "SELECT 1 AS alive";

    private AppLockSql() {}
}
