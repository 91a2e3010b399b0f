package io.dstream.mssql.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.failure.Failure;
import io.dstream.mssql.failure.PermanentFailure;
import io.dstream.mssql.failure.TransientFailure;
import java.net.SocketException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SqlErrorsTest {

    /// Number, what it means for us, what it says.
    private static final String TABLE = """
            -2, TransientFailure, 'time-out'
            64, TransientFailure, 'network name gone'
            121, TransientFailure, 'semaphore time-out'
            233, TransientFailure, 'pipe closed'
            313, TransientFailure, 'bound outside the range'
            596, TransientFailure, 'session in kill state'
            601, TransientFailure, 'data movement'
            617, TransientFailure, 'descriptor'
            669, TransientFailure, 'row versions'
            701, TransientFailure, 'out of memory'
            802, TransientFailure, 'no buffers'
            921, TransientFailure, 'not recovered yet'
            922, TransientFailure, 'being recovered'
            923, TransientFailure, 'restoring'
            924, TransientFailure, 'single user'
            926, TransientFailure, 'suspect'
            927, TransientFailure, 'being restored'
            942, TransientFailure, 'offline'
            945, TransientFailure, 'files inaccessible'
            952, TransientFailure, 'in transition'
            976, TransientFailure, 'secondary not readable'
            978, TransientFailure, 'secondary, read intent'
            983, TransientFailure, 'replica changes role'
            1204, TransientFailure, 'no lock resources'
            1205, TransientFailure, 'deadlock victim'
            1221, TransientFailure, 'lock manager'
            1222, TransientFailure, 'lock time-out'
            1807, TransientFailure, 'model is locked'
            3906, TransientFailure, 'read only database'
            3908, TransientFailure, 'snapshot transition'
            3935, TransientFailure, 'transaction cannot start'
            3960, TransientFailure, 'update conflict'
            3961, TransientFailure, 'schema changed meanwhile'
            3966, TransientFailure, 'transaction rolled back'
            4060, TransientFailure, 'database cannot be opened'
            4064, TransientFailure, 'default database cannot be opened'
            4221, TransientFailure, 'secondary, long transactions'
            5169, TransientFailure, 'file growth'
            6005, TransientFailure, 'shutting down'
            8645, TransientFailure, 'memory grant time-out'
            8651, TransientFailure, 'memory grant'
            8657, TransientFailure, 'memory grant'
            9002, TransientFailure, 'log is full'
            9020, TransientFailure, 'log is full'
            10053, TransientFailure, 'connection aborted'
            10054, TransientFailure, 'connection reset'
            10060, TransientFailure, 'connect time-out'
            10928, TransientFailure, 'resource limit'
            10929, TransientFailure, 'resource limit'
            10936, TransientFailure, 'resource limit'
            11001, TransientFailure, 'unknown host'
            14355, TransientFailure, 'agent is busy'
            17142, TransientFailure, 'server is paused'
            17187, TransientFailure, 'starting'
            17188, TransientFailure, 'shutting down'
            17189, TransientFailure, 'no thread'
            17197, TransientFailure, 'login time-out'
            17830, TransientFailure, 'login handshake'
            18401, TransientFailure, 'server in script upgrade'
            18451, TransientFailure, 'shutting down, administrators only'
            18461, TransientFailure, 'single user mode'
            40143, TransientFailure, 'processing error'
            40197, TransientFailure, 'processing error'
            40501, TransientFailure, 'busy'
            40540, TransientFailure, 'aborted by a reconfiguration'
            40613, TransientFailure, 'database not available'
            40642, TransientFailure, 'too busy'
            42108, TransientFailure, 'pool paused'
            42109, TransientFailure, 'warming up'
            49918, TransientFailure, 'no resources'
            49919, TransientFailure, 'too many creates'
            49920, TransientFailure, 'too many operations'
            102, PermanentFailure, 'syntax'
            156, PermanentFailure, 'syntax'
            207, PermanentFailure, 'invalid column'
            208, PermanentFailure, 'invalid object'
            229, PermanentFailure, 'permission on an object'
            230, PermanentFailure, 'permission on a column'
            262, PermanentFailure, 'permission to create'
            297, PermanentFailure, 'permission for the action'
            300, PermanentFailure, 'permission on the server'
            911, PermanentFailure, 'no such database'
            916, PermanentFailure, 'no user in the database'
            1088, PermanentFailure, 'object missing or hidden'
            2760, PermanentFailure, 'default schema missing'
            2812, PermanentFailure, 'no such procedure'
            4104, PermanentFailure, 'unbound identifier'
            4902, PermanentFailure, 'table missing or not to be altered'
            15151, PermanentFailure, 'object missing or hidden'
            18452, PermanentFailure, 'untrusted domain'
            18456, PermanentFailure, 'login refused'
            18463, PermanentFailure, 'password change'
            18470, PermanentFailure, 'login disabled'
            18486, PermanentFailure, 'login locked'
            18487, PermanentFailure, 'password expired'
            18488, PermanentFailure, 'password must change'
            22901, PermanentFailure, 'database without CDC'
            22911, PermanentFailure, 'no such capture instance'
            22981, PermanentFailure, 'no such capture instance'
            22985, PermanentFailure, 'no such capture instance'
            40532, PermanentFailure, 'server not found for login'
            40615, PermanentFailure, 'firewall'
            """;

    @ParameterizedTest
    @CsvSource(textBlock = TABLE)
    void classifiesByNumber(int number, String failure, String says) {
        Failure translated = SqlErrors.translate("read", new SQLException(says, "S0001", number));

        assertThat(translated.getClass().getSimpleName()).isEqualTo(failure);
        assertThat(translated.getMessage()).startsWith("read: " + says + " (error " + number + ", state S0001)");
    }

    @Test
    void everyNumberIsTested() {
        Set<Integer> tested = TABLE.lines()
                .map(line -> Integer.valueOf(line.strip().replaceFirst(",.*", "")))
                .collect(Collectors.toSet());

        assertThat(tested)
                .containsExactlyInAnyOrderElementsOf(SqlErrors.meanings().keySet());
    }

    @ParameterizedTest
    @CsvSource({"08S01", "08001", "08006", "HY008", "40001", "''"})
    void anErrorOfTheDriverPasses(String state) {
        assertThat(SqlErrors.translate("read", new SQLException("Connection reset", state)))
                .isInstanceOf(TransientFailure.class)
                .hasMessage("read: Connection reset");
    }

    @Test
    void anUnlistedNumberPassesRatherThanStopsATableForEver() {
        assertThat(SqlErrors.translate("read", new SQLException("What?", "S0001", 99_999)))
                .isInstanceOf(TransientFailure.class);
    }

    @Test
    void saysWhatThePoolHid() {
        SQLException login = new SQLException("Login failed for user 'etl'.", "S0001", 18456);
        SQLException pool =
                new SQLTransientConnectionException("reading - Connection is not available", "S0001", 18456, login);
        pool.setNextException(login);

        assertThat(SqlErrors.translate("read changes of dbo.orders", pool))
                .isInstanceOf(PermanentFailure.class)
                .hasMessage("read changes of dbo.orders: Login failed for user 'etl' (error 18456, state S0001)."
                        + " Check user and password")
                .hasCause(pool);
    }

    @Test
    void decidesByTheFirstErrorOfAnAnswerThatItKnows() {
        SQLException first = new SQLException("Cannot open database \"x\" requested by the login.", "S0001", 4060);
        first.setNextException(new SQLException("Login failed for user 'etl'.", "S0001", 18456));

        assertThat(SqlErrors.translate("connect", first)).isInstanceOf(TransientFailure.class);
    }

    @Test
    void aRefusedCertificateSaysHowToTrustOrNameIt() {
        SSLHandshakeException handshake = new SSLHandshakeException("PKIX path building failed");
        handshake.initCause(new CertificateException("unable to find valid certification path"));
        SQLException refused = new SQLException("could not establish a secure connection", "08S01", handshake);
        SQLException pool = new SQLTransientConnectionException("not available", "08S01", 0, refused);

        assertThat(SqlErrors.translate("connect", pool))
                .isInstanceOf(PermanentFailure.class)
                .hasMessageStartingWith("connect: could not establish a secure connection. ")
                .hasMessageContaining("trustServerCertificate=true")
                .hasMessageContaining("hostNameInCertificate");
    }

    @Test
    void aConnectionResetInTheHandshakePasses() {
        SQLException reset = new SQLException("secure connection", "08S01", new SSLHandshakeException("terminated"));

        assertThat(SqlErrors.translate("connect", reset)).isInstanceOf(TransientFailure.class);
    }

    @Test
    void theMessageIsOneLineWithoutTheConnectionId() {
        SQLException e = new SQLException("Deadlocked.\r\n  Rerun it. ClientConnectionId:0f-1", "40001", 1205);

        assertThat(SqlErrors.translate("save", e)).hasMessage("save: Deadlocked. Rerun it (error 1205, state 40001)");
    }

    @Test
    void followsChainsThatLoop() {
        SQLException one = new SQLException("one", "S0001", 1);
        SQLException two = new SQLException("two", "S0001", 229, one);
        one.setNextException(two);

        assertThat(SqlErrors.translate("read", one).getMessage()).contains("one");
        assertThat(SqlErrors.is(one, 229)).isTrue();
    }

    @Test
    void findsANumberBehindAWrapper() {
        SQLException wrapper = new SQLException("pool", new SocketException("x"));
        wrapper.setNextException(new SQLException("There is already an object", "S0001", 2714));

        assertThat(SqlErrors.is(wrapper, 2714)).isTrue();
        assertThat(SqlErrors.is(wrapper, 2705)).isFalse();
    }
}
