/// A run that needs no server: the program against a recorded conversation, so that the JVM learns what a run loads and
/// which of its methods are hot. The launcher and the image make the program's AOT cache with it; no run comes here.
@NullMarked
package io.dstream.mssql.rehearsal;

import org.jspecify.annotations.NullMarked;
