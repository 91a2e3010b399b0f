package io.dstream.mssql.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SettingNameTest {

    @Test
    void everyPropertyIsOneOfTheDriversOwn() throws SQLException {
        Set<String> passedOn = SettingName.known().stream()
                .map(SettingName::find)
                .flatMap(Optional::stream)
                .filter(name -> name.kind() != SettingKind.IGNORED)
                .map(SettingName::property)
                .collect(Collectors.toSet());

        // The driver takes this one as a property too, but does not list it.
        passedOn.remove("accessToken");
        assertThat(driversOwn()).containsAll(passedOn);
    }

    @Test
    void aPropertyOfTheDriverIsFoundByItsOwnName() throws SQLException {
        // An object, which no text can hold.
        Set<String> own = driversOwn();
        own.remove("accessTokenCallback");

        assertThat(own)
                .allSatisfy(property -> assertThat(SettingName.find(property)).isPresent());
    }

    private static Set<String> driversOwn() throws SQLException {
        DriverPropertyInfo[] all = new SQLServerDriver().getPropertyInfo("jdbc:sqlserver://", new Properties());
        return Arrays.stream(all).map(info -> info.name).collect(Collectors.toSet());
    }
}
