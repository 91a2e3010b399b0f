package io.dstream.mssql.standin.wire;

import java.net.ProtocolException;

/// The bytes of a value that is not NULL, without the length that goes before them.
interface ValueBody {

    void write(WireBuffer out, Object value);

    Object read(WireReader in, int length) throws ProtocolException;
}
