package io.dstream.mssql.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StorageConnectionStringTest {

    private static List<String> problems(String text) {
        List<String> problems = new ArrayList<>();
        boolean refused =
                StorageConnectionString.parse(new Secret(text), problems::add).isEmpty();
        assertThat(refused).as(text).isEqualTo(!problems.isEmpty());
        return problems;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UseDevelopmentStorage=true",
                "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://azurite",
                "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=a2V5PQ==;EndpointSuffix=core.windows.net",
                "AccountName=shop;SharedAccessSignature=sv=2024-11-04&sig=x%3D",
                "BlobEndpoint=https://shop.blob.core.windows.net/;SharedAccessSignature=sv=2024-11-04&sig=x%3D",
                "BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;AccountName=devstoreaccount1;AccountKey=a2V5PQ==",
            })
    void keepsWhatIsSpelledAsTheSdkWantsIt(String text) {
        assertThat(StorageConnectionString.parse(new Secret(text), problem -> {}))
                .hasValue(new Secret(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "accountname=shop;ACCOUNTKEY=a2V5|AccountName=shop;AccountKey=a2V5",
                "usedevelopmentstorage=True|UseDevelopmentStorage=True",
                ";; AccountName = shop ; AccountKey = a2V5 ;|AccountName=shop;AccountKey=a2V5",
                "AccountName=shop;AccountKey=a2V5;EndpointSuffix=|AccountName=shop;AccountKey=a2V5",
                "AccountName=shop;AccountKey=a2V5;QueueEndpoint=https://q;BlobSecondaryEndpoint=https://s"
                        + "|AccountName=shop;AccountKey=a2V5",
                "UseDevelopmentStorage=true;DefaultEndpointsProtocol=http|UseDevelopmentStorage=true",
            })
    void spellsTheRestAsTheSdkWantsIt(String text, String spelled) {
        assertThat(StorageConnectionString.parse(new Secret(text), problem -> {}))
                .map(Secret::reveal)
                .hasValue(spelled);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hunter2|part 1 has no `=`",
                "AccountName=a;hunter2;AccountKey=a2V5|part 2 has no `=`",
                "AccountName=a;AcountKey=hunter2|unknown key in part 2; did you mean `AccountKey`?",
                "AccountName=a;hunter2hunter2==|unknown key in part 2",
                "AccountName=a;AccountKey=hunter2!|`AccountKey` is not base64",
                "AccountName=a;AccountKey=a2V5;AccountKey=hunter20|`AccountKey` is given twice",
                "AccountName=a;AccountKey=a2V5;DefaultEndpointsProtocol=hunter|`DefaultEndpointsProtocol` must be https or http",
                "UseDevelopmentStorage=hunter|`UseDevelopmentStorage` must be true, or left out",
                "UseDevelopmentStorage=true;AccountName=hunter"
                        + "|names an account beside `UseDevelopmentStorage`: use one of them",
                "BlobEndpoint=hunter;AccountName=a;AccountKey=a2V5"
                        + "|`BlobEndpoint` is not a URL such as https://account.blob.core.windows.net",
                "BlobEndpoint=https://a?sig=hunter;AccountName=a;AccountKey=a2V5"
                        + "|`BlobEndpoint` is not a URL such as https://account.blob.core.windows.net",
                "AccountKey=a2V5|names no account: add AccountName or BlobEndpoint, or use UseDevelopmentStorage=true",
                "BlobEndpoint=https://hunter;AccountKey=a2V5|names no AccountName, which belongs to AccountKey",
                "BlobEndpoint=https://hunter|names no login: add AccountKey or SharedAccessSignature",
                "AccountName=hunter|names no login: add AccountKey or SharedAccessSignature",
                "AccountName=hunter;AccountKey=|names no login: add AccountKey or SharedAccessSignature",
                "AccountName=hunter;AccountKey=a2V5;SharedAccessSignature=sig=hunter2"
                        + "|names two logins, AccountKey and SharedAccessSignature: use one of them",
            })
    void saysWhatIsWrongWithoutShowingAPieceOfIt(String text, String problem) {
        assertThat(problems(text)).containsExactly(problem).noneMatch(line -> line.contains("hunter"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hunter1;hunter2=x;AccountKey=!|3",
                "EndpointSuffix=x|2",
                ";|2",
                "AccountKey=!;UseDevelopmentStorage=no|3"
            })
    void reportsEveryProblemAtOnce(String text, int count) {
        assertThat(problems(text)).hasSize(count);
    }
}
