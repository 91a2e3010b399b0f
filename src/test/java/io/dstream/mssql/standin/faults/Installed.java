package io.dstream.mssql.standin.faults;

import io.dstream.mssql.standin.StandIn;
import io.dstream.mssql.standin.engine.StatementInterceptor;
import java.util.List;

/// Interceptors at work in a stand-in until this is closed, which also releases what stalls.
public final class Installed implements AutoCloseable {

    private final StandIn server;
    private final List<StatementInterceptor> interceptors;

    private Installed(StandIn server, List<StatementInterceptor> interceptors) {
        this.server = server;
        this.interceptors = interceptors;
    }

    /// From now on `interceptors` see what `server` is asked, in this order.
    public static Installed in(StandIn server, StatementInterceptor... interceptors) {
        List<StatementInterceptor> installed = List.of(interceptors);
        installed.forEach(server.engine()::addInterceptor);
        return new Installed(server, installed);
    }

    @Override
    public void close() {
        for (StatementInterceptor interceptor : interceptors) {
            server.engine().removeInterceptor(interceptor);
            if (interceptor instanceof Stall stall) {
                stall.release();
            }
        }
    }
}
