package io.dstream.mssql.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class JsonTextTest {

    @Test
    void writesEveryKindOfValue() {
        assertThat(JsonText.of(Map.of("a", List.of(1, 2L, true, "x\n", Optional.of("y"), Optional.empty(), Map.of()))))
                .isEqualTo("{\"a\":[1,2,true,\"x\\n\",\"y\",null,{}]}");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatIllegalArgumentException().isThrownBy(() -> JsonText.of(Map.of("a", 1.5)));
    }
}
