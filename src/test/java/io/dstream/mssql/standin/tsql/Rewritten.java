package io.dstream.mssql.standin.tsql;

import java.util.List;
import java.util.Map;

/// A statement in H2's dialect. `parameters` are `?1`, `?2`, ..; `assigned` are the variables that `SELECT @x = ..`
/// sets, one a column; `derived` holds the SELECT behind each alias whose column types its own tables know.
public record Rewritten(String sql, List<Scope.Bound> parameters, List<String> assigned, Map<String, String> derived) {}
