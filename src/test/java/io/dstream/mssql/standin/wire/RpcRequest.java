package io.dstream.mssql.standin.wire;

import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One call of a procedure as a client sent it; a message may hold many.
record RpcRequest(String procedure, List<SqlParameter> parameters) {

    private static final int BY_NUMBER = 0xFFFF;
    private static final int END_OF_CALL = 0xFF;
    private static final int END_OF_CALL_BEFORE_2005 = 0x80;
    private static final List<String> NUMBERED = List.of(
            "",
            "sp_cursor",
            "sp_cursoropen",
            "sp_cursorprepare",
            "sp_cursorexecute",
            "sp_cursorprepexec",
            "sp_cursorunprepare",
            "sp_cursorfetch",
            "sp_cursoroption",
            "sp_cursorclose",
            "sp_executesql",
            "sp_prepare",
            "sp_execute",
            "sp_prepexec",
            "sp_prepexecrpc",
            "sp_unprepare");

    /// All calls of a message.
    static List<RpcRequest> readAll(WireReader in) throws ProtocolException {
        List<RpcRequest> requests = new ArrayList<>();
        in.skipHeaders();
        while (in.remaining() > 0) {
            requests.add(read(in));
        }
        return requests;
    }

    private static RpcRequest read(WireReader in) throws ProtocolException {
        int nameLength = in.unsignedShort();
        String procedure = nameLength == BY_NUMBER ? numbered(in.unsignedShort()) : in.utf16(nameLength);
        in.unsignedShort();
        List<SqlParameter> parameters = new ArrayList<>();
        while (in.remaining() > 0) {
            if (in.peek() == END_OF_CALL || in.peek() == END_OF_CALL_BEFORE_2005) {
                in.unsignedByte();
                break;
            }
            parameters.add(parameter(in));
        }
        return new RpcRequest(procedure, parameters);
    }

    private static SqlParameter parameter(WireReader in) throws ProtocolException {
        String name = in.utf16(in.unsignedByte());
        boolean output = (in.unsignedByte() & 1) != 0;
        TypeCodec codec = TypeCodec.of(TypeInfo.read(in));
        return new SqlParameter(name, codec.type(), codec.read(in), output);
    }

    private static String numbered(int number) throws ProtocolException {
        if (number < 1 || number >= NUMBERED.size()) {
            throw new ProtocolException("procedure number " + number);
        }
        return NUMBERED.get(number);
    }

    /// The procedure's name in lower case without owner and brackets: `sp_prepare` for `sys.[sp_prepare]`.
    String bareName() {
        String name = procedure.substring(procedure.lastIndexOf('.') + 1);
        return name.replace("[", "").replace("]", "").toLowerCase(Locale.ROOT);
    }
}
