package io.dstream.mssql.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConversationTest {

    @Test
    void answersTheSameRequestHoweverItIsCutIntoPackets() throws IOException {
        TdsMessage recorded = message("0301000b" + "00000000" + "aabbcc");
        TdsMessage asked = message("03000009" + "00000000" + "aa" + "0309000a" + "00000100" + "bbcc");
        Conversation conversation = new Conversation(Map.of(Conversation.key(recorded), new byte[] {1, 2}));

        assertThat(asked.packets()).hasSize(8 + 1 + 8 + 2);
        assertThat(conversation.answer(asked)).contains(new byte[] {1, 2});
        assertThat(conversation.answer(message("0101000b" + "00000000" + "aabbcc")))
                .as("of another kind")
                .isEmpty();
    }

    @Test
    void knowsALoginByItsKind() throws IOException {
        TdsMessage recorded = message("10010009" + "00000000" + "aa");
        Conversation conversation = new Conversation(Map.of(Conversation.key(recorded), new byte[] {1}));

        assertThat(conversation.answer(message("1001000a" + "00000000" + "bbcc")))
                .contains(new byte[] {1});
    }

    @Test
    void readsWhatItWrote() throws IOException {
        TdsMessage request = message("03010009" + "00000000" + "aa");
        ByteArrayOutputStream file = new ByteArrayOutputStream();

        new Conversation(Map.of(Conversation.key(request), new byte[] {4, 5})).write(file);

        assertThat(Conversation.read(new ByteArrayInputStream(file.toByteArray()))
                        .answer(request))
                .contains(new byte[] {4, 5});
    }

    @Test
    void tellsAnEndFromAMessageThatIsCutOff() throws IOException {
        assertThat(TdsMessage.next(new ByteArrayInputStream(new byte[0]))).isEmpty();
        assertThatThrownBy(() -> message("0301000b" + "00000000" + "aa")).isInstanceOf(EOFException.class);
    }

    private static TdsMessage message(String hex) throws IOException {
        return TdsMessage.next(new ByteArrayInputStream(HexFormat.of().parseHex(hex)))
                .orElseThrow();
    }
}
