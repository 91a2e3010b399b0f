package io.dstream.mssql.config;

import static io.dstream.mssql.config.Configs.configWith;
import static io.dstream.mssql.config.Configs.problemsWith;
import static org.assertj.core.api.Assertions.assertThat;

import io.dstream.mssql.config.LockConfig.AzureBlob;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LockSectionTest {

    private static String azure(String members) {
        return "\"lock_config\": {\"type\": \"azure_blob\", " + members + "}";
    }

    @Test
    void readsAContainerByConnectionString() throws Exception {
        String json = azure("\"container_name\": \"locks\", \"connection_string\": \"UseDevelopmentStorage=true\","
                + " \"max_tables\": \"10\"");

        assertThat(configWith(json).lock())
                .isEqualTo(new LockConfig(
                        LockConfig.Type.AZURE_BLOB,
                        OptionalInt.of(10),
                        Optional.of(new AzureBlob(
                                Optional.of(new Secret("UseDevelopmentStorage=true")), Optional.empty(), "locks"))));
    }

    @Test
    void readsAContainerByAccountUrl() throws Exception {
        String json = azure("\"container_name\": \"locks\", \"account_url\": \"https://a.blob.core.windows.net/\"");

        assertThat(configWith(json).lock())
                .isEqualTo(new LockConfig(
                        LockConfig.Type.AZURE_BLOB,
                        OptionalInt.empty(),
                        Optional.of(new AzureBlob(
                                Optional.empty(),
                                Optional.of(URI.create("https://a.blob.core.windows.net/")),
                                "locks"))));
    }

    @Test
    void readsHowManyTablesOneInstanceTakes() throws Exception {
        assertThat(configWith("\"lock_config\": {\"type\": \"sql_server\", \"max_tables\": 2}")
                        .lock())
                .isEqualTo(new LockConfig(LockConfig.Type.SQL_SERVER, OptionalInt.of(2)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"type\": \"sql_server\", \"max_tables\": 0|max_tables: must be at least 1, not 0",
                "\"type\": \"none\", \"max_tables\": 2|max_tables: needs a lock: with type none no other instance knows which"
                        + " tables are left",
            })
    void refusesLimitsThatMakeNoSense(String members, String problem) {
        assertThat(problemsWith("\"lock_config\": {" + members + "}")).containsExactly("lock_config." + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"container_name\":\"locks\"|connection_string: is required for azure_blob, or account_url instead",
                "\"connection_string\":\"UseDevelopmentStorage=true\"|container_name: is required for azure_blob",
                "\"container_name\":\"locks\",\"connection_string\":\"UseDevelopmentStorage=true\","
                        + "\"account_url\":\"https://a.blob.core.windows.net\"|account_url: must not stand beside"
                        + " connection_string: use one of them",
                "\"container_name\":\"Lo--cks\",\"connection_string\":\"UseDevelopmentStorage=true\"|container_name: `Lo--cks`"
                        + " is not a container name: 3 to 63 lower-case letters, digits and single hyphens",
                "\"container_name\":\"locks\",\"account_url\":\"http://a.blob.core.windows.net\"|account_url: must begin with"
                        + " https: a Microsoft Entra token is never sent over http",
                "\"container_name\":\"locks\",\"account_url\":\"a.blob.core.windows.net\"|account_url: is not a URL such as"
                        + " https://account.blob.core.windows.net",
            })
    void refusesContainersThatCannotBe(String members, String problem) {
        assertThat(problemsWith(azure(members))).containsExactly("lock_config." + problem);
    }

    @Test
    void reportsEveryProblemAtOnce() {
        assertThat(problemsWith(azure("\"max_tables\": 0, \"colour\": 1, \"connection_string\": \"AccountName=a\"")))
                .containsExactly(
                        "lock_config.max_tables: must be at least 1, not 0",
                        "lock_config.connection_string: names no login: add AccountKey or SharedAccessSignature",
                        "lock_config.container_name: is required for azure_blob",
                        "lock_config.colour: unknown key `colour`; known keys are type, max_tables, connection_string,"
                                + " account_url, container_name");
    }

    @Test
    void neverShowsASecretOfAnAccountUrl() {
        assertThat(problemsWith(azure("\"container_name\": \"locks\","
                        + " \"account_url\": \"http://hunter1@a.blob.core.windows.net?sig=hunter2\"")))
                .hasSize(3)
                .allMatch(line -> line.startsWith("lock_config.account_url: must "))
                .noneMatch(line -> line.contains("hunter"));
    }

    @Test
    void checksWhatOtherTypesIgnore() {
        assertThat(problemsWith("\"lock_config\": {\"type\": \"none\", \"connection_string\": \"AccountName=a\"}"))
                .containsExactly(
                        "lock_config.connection_string: names no login: add AccountKey or SharedAccessSignature");
    }
}
