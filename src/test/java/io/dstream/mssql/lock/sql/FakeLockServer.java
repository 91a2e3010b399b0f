package io.dstream.mssql.lock.sql;

import io.dstream.mssql.failure.TransientFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Sessions that lock in a map, and a server that can stop answering.
final class FakeLockServer implements LockSession.Opener {

    private final Map<String, Session> owners = new ConcurrentHashMap<>();
    final List<Session> sessions = new ArrayList<>();
    volatile boolean answers = true;

    /// Locks, but does not say so.
    volatile boolean losesAnswers;

    @Override
    public synchronized Session open() throws TransientFailure {
        Session session = new Session();
        sessions.add(session);
        session.ask();
        return session;
    }

    final class Session implements LockSession {

        private volatile boolean closed;

        private void ask() throws TransientFailure {
            if (closed || !answers) {
                throw new TransientFailure("connection reset");
            }
        }

        boolean isClosed() {
            return closed;
        }

        @Override
        public boolean tryLock(String resource) throws TransientFailure {
            ask();
            Session owner = owners.putIfAbsent(resource, this);
            if (losesAnswers) {
                throw new TransientFailure("the query has timed out");
            }
            return owner == null || owner == this;
        }

        @Override
        public void unlock(String resource) throws TransientFailure {
            ask();
            owners.remove(resource, this);
        }

        @Override
        public void ping() throws TransientFailure {
            ask();
        }

        @Override
        public void close() {
            closed = true;
            owners.values().removeIf(owner -> owner == this);
        }
    }
}
