package io.dstream.mssql.standin.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dstream.mssql.standin.wire.SqlType.Base;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Calls that the driver sends seldom or never: by name, and several in a message.
class RpcRequestTest {

    private final WireBuffer message = new WireBuffer().putInt(4);

    @Test
    void readsACallByName() throws IOException {
        message.putLongText("dbo.thing").putShort(0);
        parameter("@a", 0, new SqlType(Base.NVARCHAR, 10, 0, 0), "x");
        parameter("@b", 1, SqlType.of(Base.INT), null);

        RpcRequest request = RpcRequest.readAll(reader()).getFirst();

        assertThat(request.procedure()).isEqualTo("dbo.thing");
        assertThat(request.parameters())
                .containsExactly(
                        new SqlParameter("@a", new SqlType(Base.NVARCHAR, 10, 0, 0), "x", false),
                        new SqlParameter("@b", SqlType.of(Base.INT), null, true));
    }

    @Test
    void knowsAProcedureByAnyOfItsNames() throws IOException {
        message.putLongText("[sys].[SP_ExecuteSql]").putShort(0).putByte(0xFF);
        message.putShort(0xFFFF).putShort(10).putShort(0);

        assertThat(RpcRequest.readAll(reader()))
                .hasSize(2)
                .allMatch(request -> request.bareName().equals("sp_executesql"));
    }

    @Test
    void handsOutputsOfAProcedureBackAtTheirPlace() throws IOException, SqlServerError {
        message.putLongText("thing").putShort(0);
        parameter("@a", 1, SqlType.of(Base.INT), 1);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        Response response = new Response(new PacketOutput(sent, 512), () -> false);
        SqlSession session = new ScriptedSession(
                new SqlSession.Login("sa", "", "", "", ""), (own, procedure, parameters, answers) -> {
                    answers.output(0, 77);
                    answers.returnStatus(-6);
                });

        new RpcRunner().run(RpcRequest.readAll(reader()).getFirst(), session, response);
        response.end();

        WireReader in = new WireReader(sent.toByteArray()).at(PacketInput.HEADER_LENGTH);
        assertThat(in.unsignedByte()).isEqualTo(0x79);
        assertThat(in.intValue()).isEqualTo(-6);
        assertThat(in.unsignedByte()).isEqualTo(0xAC);
        assertThat(in.unsignedShort()).isZero();
        assertThat(in.utf16(in.unsignedByte())).isEqualTo("@a");
        in.bytes(1 + 4 + 2);
        assertThat(TypeCodec.of(TypeInfo.read(in)).read(in)).isEqualTo(77);
        assertThat(in.unsignedByte()).isEqualTo(Tokens.DONE_PROCEDURE);
        assertThat(in.unsignedShort()).isEqualTo(Tokens.FINAL);
    }

    @Test
    void refusesTypesItDoesNotKnow() {
        message.putLongText("thing").putShort(0);
        message.putByte(0).putByte(0).putByte(0xF3);

        assertThatThrownBy(() -> RpcRequest.readAll(reader()))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("0xF3");
    }

    @Test
    void takesNamesFromDefinitionsWithCommasInTheirTypes() {
        var prepared = PreparedStatements.Prepared.of("", "@P0 decimal(10,2),@P1 nvarchar(max) output , @P2 int");

        assertThat(prepared.names()).isEqualTo(List.of("@P0", "@P1", "@P2"));
    }

    private void parameter(String name, int status, SqlType type, @Nullable Object value) {
        message.putShortText(name).putByte(status);
        TypeInfo.write(message, type);
        TypeCodec.of(type).write(message, value);
    }

    private WireReader reader() {
        return new WireReader(message.toByteArray());
    }
}
