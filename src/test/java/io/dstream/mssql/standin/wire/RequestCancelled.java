package io.dstream.mssql.standin.wire;

import java.io.IOException;

/// The client asked to stop what is running.
final class RequestCancelled extends IOException {

    private static final long serialVersionUID = 1L;

    RequestCancelled() {
        super("the client cancelled the request");
    }
}
