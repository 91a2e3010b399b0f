package io.dstream.mssql.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionStringParserTest {

    private final List<String> problems = new ArrayList<>();

    private Optional<ConnectionString> parse(String text) {
        return ConnectionStringParser.parse(new Secret(text), problems::add);
    }

    private ConnectionString parsed(String text) {
        Optional<ConnectionString> found = parse(text);
        assertThat(problems).isEmpty();
        return found.orElseThrow();
    }

    private Map<String, String> properties(String text) {
        return parsed(text).driverProperties();
    }

    private String property(String name, String setting) {
        return properties("server=h;user=u;database=d;" + setting).getOrDefault(name, "(absent)");
    }

    @Test
    void readsTheGoAndAdoNetSpelling() {
        ConnectionString read =
                parsed("Server=db1.example.com,1434;User ID=sa;Password=pw;Initial Catalog=shop;encrypt=disable;");

        assertThat(read.host()).isEqualTo("db1.example.com");
        assertThat(read.database()).isEqualTo("shop");
        assertThat(read.driverProperties())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "serverName", "db1.example.com",
                        "portNumber", "1434",
                        "databaseName", "shop",
                        "user", "sa",
                        "password", "pw",
                        "encrypt", "false"));
    }

    @Test
    void readsAUrl() {
        ConnectionString read = parsed(
                "sqlserver://my%40user:p%3B%2Fw+1@db1:1434/inst?database=shop&encrypt=strict" + "&app+name=my%20app");

        assertThat(read).hasToString("db1/shop");
        assertThat(read.driverProperties())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "serverName", "db1",
                        "instanceName", "inst",
                        "portNumber", "1434",
                        "databaseName", "shop",
                        "user", "my@user",
                        "password", "p;/w+1",
                        "encrypt", "strict",
                        "applicationName", "my app"));
    }

    @Test
    void readsAJdbcUrl() {
        ConnectionString read = parsed("jdbc:sqlserver://db1\\inst:1434;databaseName=shop;user=sa;"
                + "password={p;}}'w\" } ; trustServerCertificate = true ;sendTimeAsDatetime=false");

        assertThat(read).hasToString("db1/shop");
        assertThat(read.driverProperties())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "serverName", "db1",
                        "instanceName", "inst",
                        "portNumber", "1434",
                        "databaseName", "shop",
                        "user", "sa",
                        "password", "p;}'w\" ",
                        "encrypt", "true",
                        "trustServerCertificate", "true",
                        "sendTimeAsDatetime", "false"));
    }

    @Test
    void readsAJdbcUrlThatNamesItsServerAsAProperty() {
        assertThat(properties("jdbc:sqlserver://;serverName=db1\\inst;port=1434;database=shop;user=sa"))
                .containsEntry("serverName", "db1")
                .containsEntry("instanceName", "inst")
                .containsEntry("portNumber", "1434");
    }

    @Test
    void readsTheOriginalsExample() {
        assertThat(properties("server=localhost;database=testdb;trusted_connection=true"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "serverName", "localhost",
                        "databaseName", "testdb",
                        "encrypt", "true",
                        "integratedSecurity", "true",
                        "authenticationScheme", "JavaKerberos"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "h|h|-|-",
                "h,1434|h|-|1434",
                "h , 1434|h|-|1434",
                "tcp:h\\inst,1434|h|inst|1434",
                "TCP:h\\inst|h|inst|-",
                ".|localhost|-|-",
                ".\\SQLEXPRESS|localhost|SQLEXPRESS|-",
                "(local)|localhost|-|-",
                "127.0.0.1,1433|127.0.0.1|-|1433",
                "::1|::1|-|-",
                "[fe80::1%eth0],1433|fe80::1%eth0|-|1433",
                "my-server.database.windows.net|my-server.database.windows.net|-|-",
            })
    void takesPortAndInstanceOutOfTheHost(String server, String host, String instance, String port) {
        ConnectionString read = parsed("data source=" + server + ";uid=u;database=d");

        assertThat(read.host()).isEqualTo(host);
        assertThat(read.driverProperties()).containsEntry("serverName", host);
        assertThat(read.driverProperties().getOrDefault("instanceName", "-")).isEqualTo(instance);
        assertThat(read.driverProperties().getOrDefault("portNumber", "-")).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlserver://u:p@[::1]:1434?database=d", "jdbc:sqlserver://[::1]:1434;database=d;user=u"})
    void readsIpv6AddressesInUrls(String text) {
        assertThat(parsed(text).host()).isEqualTo("::1");
        assertThat(properties(text)).containsEntry("portNumber", "1434");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "pwd=plain|plain",
                "password= spaced out |spaced out",
                "password=a=b|a=b",
                "password=\"a;b\"|a;b",
                "password=\"a\"\"b\"|a\"b",
                "password=' a''b '| a'b ",
                "password={a;b}}c}|a;b}c",
                "password=a\"b'c{d|a\"b'c{d",
                "password=a;password=b|b",
            })
    void unquotesValues(String setting, String password) {
        assertThat(property("password", setting)).isEqualTo(password);
    }

    @ParameterizedTest
    @CsvSource({
        "'', encrypt, true",
        "encrypt=disable, encrypt, false",
        "Encrypt=False, encrypt, false",
        "encrypt=no, encrypt, false",
        "encrypt=optional, encrypt, false",
        "encrypt=Mandatory, encrypt, true",
        "encrypt=yes, encrypt, true",
        "encrypt=Strict, encrypt, strict",
        "TrustServerCertificate=yes, trustServerCertificate, true",
        "Trust Server Certificate=True, trustServerCertificate, true",
        "trust_server_certificate=0, trustServerCertificate, false",
        "Connect Timeout=7, loginTimeout, 7",
        "dial timeout=7, loginTimeout, 7",
        "app name=x, applicationName, x",
        "ApplicationIntent=readonly, applicationIntent, ReadOnly",
        "MultiSubnetFailover=True, multiSubnetFailover, true",
        "Host Name In Certificate=x, hostNameInCertificate, x",
        "Authentication=Sql Password, authentication, SqlPassword",
        "MultipleActiveResultSets=True, multipleactiveresultsets, (absent)",
        "Max Pool Size=7;log=63, log, (absent)",
        "trusted_connection=yes, integratedSecurity, (absent)",
    })
    void translatesToTheDriversOwnNames(String setting, String name, String value) {
        assertThat(property(name, setting)).isEqualTo(value);
    }

    @Test
    void aLoginWithADomainIsAWindowsLogin() {
        assertThat(properties("server=h;database=d;user id=CORP\\ann;password=pw"))
                .containsEntry("authenticationScheme", "NTLM")
                .containsEntry("integratedSecurity", "true")
                .containsEntry("domain", "CORP")
                .containsEntry("user", "ann");
    }

    @Test
    void keepsTheSchemeThatAJdbcUrlChose() {
        assertThat(properties("jdbc:sqlserver://h;database=d;integratedSecurity=true;authenticationScheme=NTLM;user=u"))
                .containsEntry("authenticationScheme", "NTLM");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "server=h;user=u|names no database: add database=..",
                "user=u;database=d|names no server",
                "server=h;database=d|names no login: add a user and password, or trusted_connection=true",
                "server=h;database=d;user=u;encript=true|unknown key in part 4; did you mean `encrypt`?",
                "server=h;database=d;user=u;zzz=true|unknown key in part 4; a value that holds a semicolon must be quoted",
                "sqlserver://u@h?database=d&encript=true|unknown key in part 2 of the query; did you mean `encrypt`?",
                "sqlserver://u@h?database=d&encrypt|part 2 of the query is not key=value",
                "server=h;database=d;user=u;encrypt=maybe|`encrypt` must be true, false, disable or strict",
                "server=h;database=d;user=u;port=70000|`portNumber` must be a port number from 1 to 65535",
                "server=h,0;database=d;user=u|`portNumber` must be a port number from 1 to 65535",
                "server=h:1433;database=d;user=u|the server's host is not a host name or address; a port is written `,1433`"
                        + " after it",
                "server=np:\\\\.\\pipe\\x;database=d;user=u|the server is not host, host\\instance or host,port; only TCP"
                        + " connections are possible",
                "mysql://u:p@h/d|is of no known kind: use server=..;database=.., sqlserver://.. or jdbc:sqlserver://..",
                "sqlserver://u:p%zz@h?database=d|has a % that is not followed by two hexadecimal digits; write %25 for a"
                        + " percent sign",
            })
    void saysWhatIsWrong(String text, String problem) {
        assertThat(parse(text)).isEmpty();
        assertThat(problems).containsExactly(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3cr3t!;",
                "server=h;database=d;user=u;password=s3cr3t!;;nonsense",
                "server=h;database=d;user=u;password=x;s3cr3t!;",
                "server=h;database=d;user=u;password=x;s3cr3t!=y",
                "server=h;database=d;user=u;password=\"s3cr3t!;",
                "server=h;database=d;user=u;password='s3cr3t!;'s3cr3t!;",
                "server=h;database=d;user=u;password={s3cr3t!;",
                "server=h;database=d;user=u;encrypt=s3cr3t!;",
                "server=h;database=d;user=u;port=s3cr3t!;",
                "server=u:s3cr3t!;@h;database=d",
                "server=u:s3cr3t!@h,1433;database=d;user=u",
                "=s3cr3t!;server=h;database=d",
                "password=s3cr3t!;",
                "s3cr3t!;://server=h",
                "sqlserver://u:s3cr3t!;",
                "sqlserver://u:s3cr3t!;@h",
                "sqlserver://u:s3cr3t!;@h:port?database=d",
                "sqlserver://u:a/s3cr3t!;@h?database=d",
                "sqlserver://u:a?s3cr3t!;@h?database=d",
                "sqlserver://u:a#s3cr3t!;@h?database=d",
                "sqlserver://u:%s3cr3t!;@h?database=d",
                "sqlserver://u@h?database=d&s3cr3t!;",
                "sqlserver://u@h?database=d&s3cr3t!;=1&password=%s3cr3t!;",
                "jdbc:sqlserver://u:s3cr3t!;@h;databaseName=d",
                "jdbc:sqlserver://h;user=u;password=s3cr3t!;",
                "jdbc:sqlserver://h;user=u;databaseName=d;password={s3cr3t!;",
                "jdbc:sqlserver://h;user=u;databaseName=d;password={x}s3cr3t!;",
                "jdbc:sqlserver://s3cr3t!;user=u;databaseName=d",
                "jdbc:mysql://u:s3cr3t!;@h",
            })
    void noProblemShowsAPieceOfTheString(String malformed) {
        assertThat(parse(malformed)).isEmpty();
        assertThat(problems).isNotEmpty().noneMatch(line -> line.contains("s3cr3t"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server=h;database=d;user=u;password=\"s3cr3t!;\"",
                "server=h;database=d;user=u;password={s3cr3t!;}",
                "sqlserver://u:s3cr3t!;@h?database=d",
                "sqlserver://u:s3cr3t!%3B@h?database=d",
                "jdbc:sqlserver://h;databaseName=d;user=u;password={s3cr3t!;}",
            })
    void everySpellingHoldsAPasswordWithASemicolonAndPrintsNone(String text) {
        assertThat(properties(text)).containsEntry("password", "s3cr3t!;");
        assertThat(parsed(text)).hasToString("h/d");
    }
}
